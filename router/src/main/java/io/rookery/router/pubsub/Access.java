package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.router.extension.AccountView;
import io.rookery.storage.roster.RosterItem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Who may see what is at a node (XEP-0060, sections 4.5 and 9.1). Asked for every answer and every
 * notification, so that who loses a subscription or a place in a group sees nothing from then on.
 */
final class Access {
  private Access() {}

  static boolean isOwner(AccountView account, Jid who) {
    return who.bare().equals(account.jid());
  }

  static Affiliation affiliation(AccountView account, Node node, Jid who) {
    return isOwner(account, who)
        ? Affiliation.OWNER
        : node.affiliations().getOrDefault(who.bare(), Affiliation.NONE);
  }

  static boolean mayPublish(AccountView account, Node node, Jid who) {
    Affiliation affiliation = affiliation(account, node, who);
    return affiliation == Affiliation.OWNER || affiliation == Affiliation.PUBLISHER;
  }

  static boolean allows(AccountView account, Node node, Jid who) {
    return refusal(account, node, who) == null;
  }

  /** Null when the asker may see the node. */
  static StanzaError refusal(AccountView account, Node node, Jid who) {
    return switch (affiliation(account, node, who)) {
      case OWNER, PUBLISHER, MEMBER -> null;
      case OUTCAST -> StanzaError.of(Condition.FORBIDDEN);
      case NONE -> byModel(account, node, who);
    };
  }

  private static StanzaError byModel(AccountView account, Node node, Jid who) {
    return switch (node.config().value(ConfigField.ACCESS_MODEL)) {
      case "open" -> null;
      case "presence" ->
          account.allowsPresenceTo(who) ? null : PubsubError.PRESENCE_SUBSCRIPTION_REQUIRED;
      case "roster" -> isInGroup(account, node, who) ? null : PubsubError.NOT_IN_ROSTER_GROUP;
      default -> PubsubError.CLOSED_NODE;
    };
  }

  private static boolean isInGroup(AccountView account, Node node, Jid who) {
    RosterItem item = account.contact(who.bare());
    return item != null
        && item.subscription().fromContact()
        && !Collections.disjoint(
            item.groups(), node.config().values(ConfigField.ROSTER_GROUPS_ALLOWED));
  }

  /** The owner, and the contacts with a subscription to his presence that may see the node. */
  static List<Jid> subscribers(AccountView account, Node node) {
    List<Jid> subscribers = new ArrayList<>();
    subscribers.add(account.jid());
    for (RosterItem item : account.contacts()) {
      if (item.subscription().fromContact() && allows(account, node, item.contact())) {
        subscribers.add(item.contact());
      }
    }
    return subscribers;
  }
}

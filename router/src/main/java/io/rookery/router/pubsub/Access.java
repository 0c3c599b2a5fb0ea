package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Relations;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.roster.RosterItem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may see what is at a node (XEP-0060, sections 4.5 and 9.1). Asked for every answer and every
 * notification, so that who loses a subscription or a place in a group sees nothing from then on.
 */
final class Access {
  private Access() {}

  static boolean isOwner(Relations account, Jid who) {
    return who.bare().equals(account.jid());
  }

  static Affiliation affiliation(Relations account, Node node, Jid who) {
    return isOwner(account, who)
        ? Affiliation.OWNER
        : node.affiliations().getOrDefault(who.bare(), Affiliation.NONE);
  }

  static boolean mayPublish(Relations account, Node node, Jid who) {
    Affiliation affiliation = affiliation(account, node, who);
    return affiliation == Affiliation.OWNER || affiliation == Affiliation.PUBLISHER;
  }

  static boolean allows(Relations account, Node node, Jid who) {
    return refusal(account, node, who) == null;
  }

  /** Null when the asker may see the node. */
  static StanzaError refusal(Relations account, Node node, Jid who) {
    return switch (affiliation(account, node, who)) {
      case OWNER, PUBLISHER, MEMBER -> null;
      case OUTCAST -> StanzaError.of(Condition.FORBIDDEN);
      case NONE -> byModel(account, node, who);
    };
  }

  private static StanzaError byModel(Relations account, Node node, Jid who) {
    return switch (node.config().value(ConfigField.ACCESS_MODEL)) {
      case "open" -> null;
      case "presence" ->
          account.allowsPresenceTo(who) ? null : PubsubError.PRESENCE_SUBSCRIPTION_REQUIRED;
      case "authorize" -> node.isSubscribed(who) ? null : PubsubError.NOT_SUBSCRIBED;
      case "roster" -> isInGroup(account, node, who) ? null : PubsubError.NOT_IN_ROSTER_GROUP;
      default -> PubsubError.CLOSED_NODE;
    };
  }

  private static boolean isInGroup(Relations account, Node node, Jid who) {
    RosterItem item = account.contact(who.bare());
    return item != null
        && item.subscription().fromContact()
        && !Collections.disjoint(
            item.groups(), node.config().values(ConfigField.ROSTER_GROUPS_ALLOWED));
  }

  /**
   * Who gets a notification.
   *
   * @param accounts bare addresses: the owner, contacts with a subscription to his presence, and
   *     subscribers to the node
   * @param clients full addresses of subscribers to the node
   */
  record Subscribers(Set<Jid> accounts, List<Jid> clients) {}

  /**
   * Those who may see the node. Not those whom the owner blocks (XEP-0163, section 4.3.3), nor
   * accounts of which he blocks a resource: it would not be told apart from the others where the
   * notification is handed out.
   */
  static Subscribers subscribers(AccountView account, Node node) {
    Set<Jid> accounts = new LinkedHashSet<>();
    List<Jid> clients = new ArrayList<>();
    accounts.add(account.jid());
    Set<Jid> partlyBlocked = partlyBlocked(account);
    for (RosterItem item : account.contacts()) {
      Jid contact = item.contact();
      if (item.subscription().fromContact()
          && mayGet(account, node, contact)
          && !partlyBlocked.contains(contact)) {
        accounts.add(contact);
      }
    }
    node.subscriptions()
        .forEach(
            (jid, state) -> {
              if (state == SubscriptionState.SUBSCRIBED && mayGet(account, node, jid)) {
                if (jid.isFull()) {
                  clients.add(jid);
                } else if (!partlyBlocked.contains(jid)) {
                  accounts.add(jid);
                }
              }
            });
    return new Subscribers(accounts, clients);
  }

  private static boolean mayGet(AccountView account, Node node, Jid who) {
    return !account.isBlocked(who) && allows(account, node, who);
  }

  private static Set<Jid> partlyBlocked(AccountView account) {
    BlockList list = account.blockList();
    return list == null
        ? Set.of()
        : list.addresses().stream().map(Jid::bare).collect(Collectors.toSet());
  }
}

package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.storage.pubsub.StoredItem;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Event notifications (XEP-0060, section 7.1.2; XEP-0163, section 4.3). The publisher's owner sends
 * one to every account that may see the node; the account's owner, who knows its clients, hands it
 * to those that are interested.
 */
public final class Notifications {
  private static final String NS = "http://jabber.org/protocol/pubsub#event";

  private static final String DELAY = "urn:xmpp:delay";
  private static final String SUBSCRIPTION = "subscription";

  private final Supplier<String> ids;

  /**
   * @param ids of messages
   */
  Notifications(Supplier<String> ids) {
    this.ids = ids;
  }

  /**
   * The node that a notification from one account's server to another is about; null when the
   * message is something else. Only servers speak in the name of a bare address.
   */
  public static String node(Stanza message) {
    boolean fromAccount = message.from() != null && message.from().isBare();
    if (message.type() != StanzaType.MESSAGE_HEADLINE
        || !fromAccount
        || message.from().isDomain()
        || message.to() != null && message.to().isFull()
        || !message.payload().has(NS, "event")) {
      return null;
    }
    List<Element> events = message.payload().element(NS, "event").children();
    return events.isEmpty() || events.get(0).name().equals(SUBSCRIPTION)
        ? null
        : events.get(0).attribute("node");
  }

  /** To all that may see the node. */
  List<Effect> toSubscribers(AccountView account, Node node, Element event) {
    if (!node.is(ConfigField.DELIVER_NOTIFICATIONS)) {
      return List.of();
    }
    Stanza message = message(account.jid(), null, event);
    Access.Subscribers subscribers = Access.subscribers(account, node);
    List<Effect> effects = new ArrayList<>();
    effects.add(new Effect.ToAccounts(message, subscribers.accounts()));
    subscribers.clients().forEach(jid -> effects.add(new Effect.Send(message.withTo(jid))));
    return effects;
  }

  /** What was published last, to some accounts. */
  Effect lastItem(Items.Latest last, Collection<Jid> whom) {
    return new Effect.ToAccounts(lastItem(last, (Jid) null), whom);
  }

  /** What was published last, to one address; it says when that was (section 6.1.7). */
  Stanza lastItem(Items.Latest last, Jid to) {
    Element event = Element.of(NS, "event").with(published(last.node(), last.item()));
    Element delay = Element.of(DELAY, "delay").attribute("stamp", stamp(last.item()));
    return Stanza.of(StanzaType.MESSAGE_HEADLINE, last.owner(), to, ids.get(), event, delay);
  }

  private static String stamp(StoredItem item) {
    return Items.time(item).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Tells a subscriber what has become of his subscription (section 13.14). */
  Effect changed(AccountView account, Node node, Jid subscriber, SubscriptionState state) {
    Element event = Element.of(NS, "event").with(Subscribing.entry(NS, node, subscriber, state));
    return new Effect.Send(
        Stanza.of(StanzaType.MESSAGE_NORMAL, account.jid(), subscriber, ids.get(), event));
  }

  private Stanza message(Jid from, Jid to, Element event) {
    return Stanza.of(
        StanzaType.MESSAGE_HEADLINE, from, to, ids.get(), Element.of(NS, "event").with(event));
  }

  static Element published(Node node, StoredItem item) {
    boolean payloads = node.is(ConfigField.DELIVER_PAYLOADS);
    return about(node, "items").with(Items.element(NS, item, payloads));
  }

  static Element retracted(Node node, String item) {
    return about(node, "items").with(Element.of(NS, "retract").attribute("id", item));
  }

  static Element purged(Node node) {
    return about(node, "purge");
  }

  static Element deleted(Node node) {
    return about(node, "delete");
  }

  static Element configured(Node node, Element form) {
    Element event = about(node, "configuration");
    return node.is(ConfigField.DELIVER_PAYLOADS) ? event.with(form) : event;
  }

  private static Element about(Node node, String what) {
    return Element.of(NS, what).attribute("node", node.name());
  }
}

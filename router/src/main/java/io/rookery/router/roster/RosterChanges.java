package io.rookery.router.roster;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Session;
import io.rookery.router.session.Stores;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.RosterItem.Subscription;
import io.vertx.core.Future;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Changes rosters: in memory, then in storage, then at the clients (RFC 6121, section 2). */
public final class RosterChanges {
  private final Stores stores;
  private final Retries retries;
  private final Routes routes;
  private final Supplier<String> ids;
  private BiConsumer<LiveAccount, RosterItem> regrouped = (account, before) -> {};

  /**
   * @param ids for roster pushes
   */
  public RosterChanges(Stores stores, Retries retries, Routes routes, Supplier<String> ids) {
    this.stores = stores;
    this.retries = retries;
    this.routes = routes;
    this.ids = ids;
  }

  /** Learns of contacts that have been put into other groups, and what they were before. */
  public void onRegrouped(BiConsumer<LiveAccount, RosterItem> listener) {
    regrouped = listener;
  }

  /** Writes an item; clients see it when it is durable. */
  public Future<Void> put(LiveAccount account, RosterItem item, boolean push) {
    RosterItem before = account.contact(item.contact());
    long version = account.putContact(item);
    return account
        .writeRoster(
            () ->
                retries.untilDone(
                    "put roster item", () -> stores.rosters().put(account.jid(), item, version)))
        .onSuccess(
            done -> {
              if (push) {
                push(account, element(item), version);
              }
              if (before != null && !before.groups().equals(item.groups())) {
                regrouped.accept(account, before);
              }
            });
  }

  /** Removes an item; clients see it when it is durable. */
  public Future<Void> remove(LiveAccount account, Jid contact, boolean push) {
    long version = account.removeContact(contact);
    return account
        .writeRoster(
            () ->
                retries.untilDone(
                    "remove roster item",
                    () -> stores.rosters().remove(account.jid(), contact, version)))
        .onSuccess(
            done -> {
              if (push) {
                push(account, removed(contact), version);
              }
            });
  }

  /** Does what a transition of the subscription says to the item. */
  Future<Void> apply(LiveAccount account, Transition transition) {
    if (!transition.changed()) {
      return Future.succeededFuture();
    }
    return transition.forgotten()
        ? remove(account, transition.next().contact(), false)
        : put(account, transition.next(), transition.push());
  }

  private void push(LiveAccount account, Element item, long version) {
    Element query =
        Element.of(Namespaces.ROSTER, "query").attribute("ver", Long.toString(version)).with(item);
    for (Session session : account.sessions()) {
      if (session.isInterested()) {
        routes.toSession(
            session, Stanza.of(StanzaType.IQ_SET, null, session.jid(), ids.get(), query));
      }
    }
  }

  private static Element removed(Jid contact) {
    return Element.of(Namespaces.ROSTER, "item")
        .attribute("jid", contact.toString())
        .attribute("subscription", "remove");
  }

  /** An item as the client sees it (RFC 6121, section 2.1.2). */
  static Element element(RosterItem item) {
    Element element =
        Element.of(Namespaces.ROSTER, "item").attribute("jid", item.contact().toString());
    if (item.name() != null) {
      element = element.attribute("name", item.name());
    }
    element = element.attribute("subscription", xmlName(item.subscription()));
    if (item.ask()) {
      element = element.attribute("ask", "subscribe");
    }
    if (item.approved()) {
      element = element.attribute("approved", "true");
    }
    for (String group : item.groups()) {
      element = element.with(Element.of(Namespaces.ROSTER, "group", group));
    }
    return element;
  }

  private static String xmlName(Subscription subscription) {
    return switch (subscription) {
      case NONE -> "none";
      case TO -> "to";
      case FROM -> "from";
      case BOTH -> "both";
    };
  }
}

package io.rookery.router.roster;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.jid.XmppUri;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.roster.Transition.OwnPresence;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Carries out what {@link SubscriptionStates} decides (RFC 6121, section 3). */
public final class Subscriptions {
  private final RosterChanges changes;
  private final Routes routes;
  private final int maxItems;
  private BiConsumer<LiveAccount, Jid> subscribed = (account, contact) -> {};
  private Consumer<LiveAccount> requested = account -> {};
  private Approval approval = (user, request) -> Future.succeededFuture(false);
  private Moves moves = Moves.NONE;
  private BiConsumer<LiveAccount, Future<?>> hold = (account, until) -> {};

  public Subscriptions(RosterChanges changes, Routes routes, int maxItems) {
    this.changes = changes;
    this.routes = routes;
    this.maxItems = maxItems;
  }

  /** Learns of accounts that have got a subscription, and to whose presence. */
  public void onSubscribed(BiConsumer<LiveAccount, Jid> listener) {
    subscribed = listener;
  }

  /** Learns of accounts somebody wants to subscribe to, when the user has to decide. */
  public void onRequested(Consumer<LiveAccount> listener) {
    requested = listener;
  }

  /** Is asked before the user is. */
  public void approveBy(Approval other) {
    approval = other;
  }

  /** Is asked before the user is, and before who approves in his place. */
  public void follow(Moves other) {
    moves = other;
  }

  /** Lets other stanzas for an account wait, so that they are dealt with in the order they came. */
  public void holdBy(BiConsumer<LiveAccount, Future<?>> other) {
    hold = other;
  }

  /**
   * A subscription stanza of one of the user's clients. The future completes when its effects on
   * the user's side are durable.
   */
  public Future<Void> fromClient(LiveAccount account, Stanza stanza) {
    Jid contact = stanza.to().bare();
    if (contact.equals(account.jid())) {
      return Future.succeededFuture(); // everybody is implicitly subscribed to himself
    }
    Stanza stamped = stanza.withFrom(account.jid()).withTo(contact);
    if (full(account, contact)) {
      routes.bounce(stanza, StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT));
      return Future.succeededFuture();
    }
    Transition transition = SubscriptionStates.outbound(item(account, contact), type(stanza));
    boolean before = transition.ownPresence() == OwnPresence.UNAVAILABLE;
    return changes
        .apply(account, transition)
        .onSuccess(
            done -> {
              if (before) {
                sendOwnPresence(account, contact, OwnPresence.UNAVAILABLE);
              }
              if (transition.forward()) {
                routes.route(stamped);
              }
              if (!before) {
                sendOwnPresence(account, contact, transition.ownPresence());
              }
            });
  }

  /** A subscription stanza from a contact. Completes when its effects are durable. */
  public Future<Void> fromContact(LiveAccount account, Stanza stanza) {
    Jid contact = stanza.from().bare();
    if (!account.exists() || full(account, contact)) {
      return Future.succeededFuture(); // section 8.5.1: silence about who exists
    }
    if (stanza.type() != StanzaType.PRESENCE_SUBSCRIBE) {
      return fromContact(account, contact, stanza);
    }
    Future<Future<Void>> begun = request(account, stanza);
    if (!begun.isComplete()) {
      hold.accept(account, begun);
    }
    return begun.compose(Function.identity());
  }

  /**
   * A request. The first future completes when it is decided what to do and the roster in memory is
   * as it will be, the one inside when that is durable.
   */
  private Future<Future<Void>> request(LiveAccount account, Stanza stanza) {
    return moves
        .newAddress(account, stanza.from().bare())
        .compose(
            now ->
                now == null ? arrived(account, stanza) : Future.succeededFuture(gone(stanza, now)));
  }

  private Future<Void> gone(Stanza request, Jid now) {
    routes.bounce(request, StanzaError.gone(XmppUri.of(now)));
    return Future.succeededFuture();
  }

  private Future<Future<Void>> arrived(LiveAccount account, Stanza stanza) {
    return moves
        .oldAddress(account, stanza)
        .compose(
            old ->
                old != null && item(account, old).subscription().fromContact()
                    ? Future.succeededFuture(replace(account, old, stanza))
                    : asked(account, stanza));
  }

  private Future<Future<Void>> asked(LiveAccount account, Stanza stanza) {
    return approval
        .approves(account.jid(), stanza)
        .map(
            approved ->
                approved
                    ? approve(account, stanza)
                    : fromContact(account, stanza.from().bare(), stanza));
  }

  /**
   * The contact's new address for the old one (XEP-0283, section 4.4), which cannot be used for
   * that again.
   */
  private Future<Void> replace(LiveAccount account, Jid oldAddress, Stanza stanza) {
    Jid contact = stanza.from().bare();
    RosterItem old = item(account, oldAddress);
    RosterItem before = item(account, contact);
    return carryOut(account, before, SubscriptionStates.inboundMoved(before, old), stanza)
        .compose(
            v -> fromClient(account, of(StanzaType.PRESENCE_UNSUBSCRIBED, account, oldAddress)))
        .compose(
            v ->
                !old.subscription().toContact() || before.subscription().toContact()
                    ? Future.succeededFuture()
                    : fromClient(account, of(StanzaType.PRESENCE_SUBSCRIBE, account, contact)));
  }

  /** As if the user had approved the request, and made one himself (XEP-0379, section 3.5). */
  private Future<Void> approve(LiveAccount account, Stanza stanza) {
    Jid contact = stanza.from().bare();
    RosterItem before = item(account, contact);
    boolean already = before.approved() || before.subscription().fromContact();
    Future<Void> approved =
        already
            ? fromContact(account, contact, stanza)
            : waits(account, before, stanza)
                .compose(
                    v -> fromClient(account, of(StanzaType.PRESENCE_SUBSCRIBED, account, contact)));
    return approved.compose(
        v ->
            item(account, contact).subscription().toContact()
                ? Future.succeededFuture()
                : fromClient(account, of(StanzaType.PRESENCE_SUBSCRIBE, account, contact)));
  }

  private Future<Void> waits(LiveAccount account, RosterItem before, Stanza stanza) {
    Stanza stamped = stanza.withFrom(before.contact()).withTo(account.jid());
    return changes.apply(
        account, SubscriptionStates.inbound(before, SubscriptionType.SUBSCRIBE, text(stamped)));
  }

  private static Stanza of(StanzaType type, LiveAccount account, Jid contact) {
    return Stanza.of(type, account.jid(), contact, null);
  }

  private static String text(Stanza stanza) {
    return new String(stanza.toBytes(), StandardCharsets.UTF_8);
  }

  private Future<Void> fromContact(LiveAccount account, Jid contact, Stanza stanza) {
    Stanza stamped = stanza.withFrom(contact).withTo(account.jid());
    String kept = stanza.type() == StanzaType.PRESENCE_SUBSCRIBE ? text(stamped) : null;
    RosterItem before = item(account, contact);
    Transition transition = SubscriptionStates.inbound(before, type(stanza), kept);
    return carryOut(account, before, transition, stamped);
  }

  private Future<Void> carryOut(
      LiveAccount account, RosterItem before, Transition transition, Stanza stanza) {
    Jid contact = before.contact();
    return changes
        .apply(account, transition)
        .onSuccess(
            done -> {
              if (transition.forward()) {
                deliver(account, stanza);
                if (stanza.type() == StanzaType.PRESENCE_SUBSCRIBE) {
                  requested.accept(account);
                }
              }
              transition.reply().ifPresent(reply -> send(account.jid(), contact, reply));
              sendOwnPresence(account, contact, transition.ownPresence());
              if (!before.subscription().toContact()
                  && transition.next().subscription().toContact()) {
                subscribed.accept(account, contact);
              }
            });
  }

  /** Removes an item and ends the subscriptions with it (section 2.5.2). */
  Future<Void> removeItem(LiveAccount account, RosterItem item) {
    Jid contact = item.contact();
    return changes
        .remove(account, contact, true)
        .onSuccess(done -> endSubscriptions(account, item));
  }

  /** Tells a contact that both subscriptions are over. */
  public void endSubscriptions(LiveAccount account, RosterItem item) {
    if (item.subscription().fromContact()) {
      sendOwnPresence(account, item.contact(), OwnPresence.UNAVAILABLE);
    }
    SubscriptionStates.removal(item).forEach(type -> send(account.jid(), item.contact(), type));
  }

  private boolean full(LiveAccount account, Jid contact) {
    return account.contact(contact) == null && account.contacts().size() >= maxItems;
  }

  private static RosterItem item(LiveAccount account, Jid contact) {
    RosterItem item = account.contact(contact);
    return item == null ? RosterItem.none(contact) : item;
  }

  private void deliver(LiveAccount account, Stanza stanza) {
    // A request goes to who can answer it, the rest to those who watch the roster.
    boolean request = stanza.type() == StanzaType.PRESENCE_SUBSCRIBE;
    for (Session session : account.sessions()) {
      if (request ? session.isAvailable() : session.isInterested()) {
        routes.toSession(session, stanza);
      }
    }
  }

  private void sendOwnPresence(LiveAccount account, Jid contact, OwnPresence which) {
    if (which == OwnPresence.NOTHING) {
      return;
    }
    for (Session session : account.sessions()) {
      if (session.isAvailable()) {
        routes.route(
            which == OwnPresence.CURRENT
                ? session.presence().withTo(contact)
                : Stanza.of(StanzaType.PRESENCE_UNAVAILABLE, session.jid(), contact, null));
      }
    }
  }

  private void send(Jid from, Jid to, SubscriptionType type) {
    StanzaType stanzaType = StanzaType.of(StanzaType.Kind.PRESENCE, type.xmlName());
    routes.route(Stanza.of(stanzaType, from, to, null));
  }

  private static SubscriptionType type(Stanza stanza) {
    return switch (stanza.type()) {
      case PRESENCE_SUBSCRIBE -> SubscriptionType.SUBSCRIBE;
      case PRESENCE_SUBSCRIBED -> SubscriptionType.SUBSCRIBED;
      case PRESENCE_UNSUBSCRIBE -> SubscriptionType.UNSUBSCRIBE;
      case PRESENCE_UNSUBSCRIBED -> SubscriptionType.UNSUBSCRIBED;
      default -> throw new IllegalArgumentException("not a subscription: " + stanza.type());
    };
  }
}

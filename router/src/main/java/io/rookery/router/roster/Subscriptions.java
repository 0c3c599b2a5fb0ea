package io.rookery.router.roster;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.jid.XmppUri;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.roster.Transition.OwnPresence;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Session;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** Carries out what {@link SubscriptionStates} decides (RFC 6121, section 3). */
public final class Subscriptions {
  /** With an unsubscribe: the account that it comes from is no more. */
  private static final String GONE = "urn:rookery:account:0";

  private final RosterChanges changes;
  private final Routes routes;
  private final LiveAccounts accounts;
  private final int maxItems;
  private BiConsumer<LiveAccount, Jid> subscribed = (account, contact) -> {};
  private Consumer<LiveAccount> requested = account -> {};
  private BiFunction<LiveAccount, Jid, Future<Void>> gone =
      (account, contact) -> Future.succeededFuture();
  private Approval approval = (user, request) -> Future.succeededFuture(false);
  private Moves moves = Moves.NONE;

  public Subscriptions(RosterChanges changes, Routes routes, LiveAccounts accounts, int maxItems) {
    this.changes = changes;
    this.routes = routes;
    this.accounts = accounts;
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

  /** Learns of accounts of which some contact is no more; what it does is waited for. */
  public void onGone(BiFunction<LiveAccount, Jid, Future<Void>> listener) {
    gone = listener;
  }

  /** Is asked before the user is. */
  public void approveBy(Approval other) {
    approval = other;
  }

  /** Is asked before the user is, and before who approves in his place. */
  public void follow(Moves other) {
    moves = other;
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
    if (account.exists() && isOfNobody(stanza)) {
      return Future.join(gone.apply(account, contact), forget(account, contact, stanza)).mapEmpty();
    }
    if (!account.exists() || full(account, contact)) {
      return Future.succeededFuture(); // section 8.5.1: silence about who exists
    }
    if (stanza.type() != StanzaType.PRESENCE_SUBSCRIBE) {
      return fromContact(account, contact, stanza);
    }
    Future<Future<Void>> begun = request(account, stanza);
    hold(account, "a request", begun);
    return begun.compose(Function.identity());
  }

  /** What comes for the account meanwhile is dealt with later. */
  private void hold(LiveAccount account, String reason, Future<?> until) {
    if (!until.isComplete()) {
      accounts.hold(account, reason, until);
    }
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
    Future<Void> both =
        approved.compose(
            v ->
                item(account, contact).subscription().toContact()
                    ? Future.succeededFuture()
                    : fromClient(account, of(StanzaType.PRESENCE_SUBSCRIBE, account, contact)));
    hold(account, "an invitation", both);
    return both;
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
    return carryOut(
        account, before, SubscriptionStates.inbound(before, type(stanza), kept), stamped);
  }

  /** Whoever says it, he can only lose by it. */
  private static boolean isOfNobody(Stanza stanza) {
    return stanza.type() == StanzaType.PRESENCE_UNSUBSCRIBE && stanza.payload().has(GONE, "gone");
  }

  private Future<Void> forget(LiveAccount account, Jid contact, Stanza stanza) {
    RosterItem before = item(account, contact);
    Stanza plain = Stanza.of(stanza.type(), contact, account.jid(), stanza.id());
    return carryOut(account, before, SubscriptionStates.gone(before), plain);
  }

  private Future<Void> carryOut(
      LiveAccount account, RosterItem before, Transition transition, Stanza stamped) {
    Jid contact = before.contact();
    return changes
        .apply(account, transition)
        .onSuccess(
            done -> {
              if (transition.forward()) {
                deliver(account, stamped);
                if (stamped.type() == StanzaType.PRESENCE_SUBSCRIBE) {
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

  /**
   * Tells all contacts that the account is no more. Completes when those of this service have
   * forgotten what they allowed it: whoever gets the name next is somebody else.
   */
  public Future<Void> endAll(LiveAccount account) {
    List<Future<?>> told = new ArrayList<>();
    for (RosterItem item : account.contacts()) {
      if (item.subscription().fromContact()) {
        sendOwnPresence(account, item.contact(), OwnPresence.UNAVAILABLE);
      }
      Set<SubscriptionType> types = EnumSet.noneOf(SubscriptionType.class);
      types.addAll(SubscriptionStates.removal(item));
      if (routes.serves(item.contact())) {
        types.add(SubscriptionType.UNSUBSCRIBE);
      }
      types.forEach(type -> told.add(end(account.jid(), item.contact(), type)));
    }
    return told.isEmpty() ? Future.succeededFuture() : Future.join(told).mapEmpty();
  }

  private Future<Void> end(Jid from, Jid to, SubscriptionType type) {
    Stanza stanza = stanza(from, to, type);
    Promise<Void> done = Promise.promise();
    routes.route(
        type == SubscriptionType.UNSUBSCRIBE ? stanza.plus(Element.of(GONE, "gone")) : stanza,
        0,
        false,
        durable -> {
          if (durable) {
            done.complete();
          } else {
            done.fail("the owner of " + to + " could not");
          }
        });
    return done.future();
  }

  /** Tells a contact that both subscriptions are over. */
  private void endSubscriptions(LiveAccount account, RosterItem item) {
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
    routes.route(stanza(from, to, type));
  }

  private static Stanza stanza(Jid from, Jid to, SubscriptionType type) {
    return Stanza.of(StanzaType.of(StanzaType.Kind.PRESENCE, type.xmlName()), from, to, null);
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

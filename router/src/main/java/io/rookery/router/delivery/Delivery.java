package io.rookery.router.delivery;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.caps.Interests;
import io.rookery.router.delivery.DeliveryRules.Decision;
import io.rookery.router.dispatch.HookChain;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Passage;
import io.rookery.router.mailbox.Archiving;
import io.rookery.router.mailbox.Archiving.Taker;
import io.rookery.router.mailbox.LogTail;
import io.rookery.router.presence.Presences;
import io.rookery.router.pubsub.Notifications;
import io.rookery.router.roster.Subscriptions;
import io.rookery.router.routing.RecentOrigins;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Session;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At the recipient's owner: what becomes of stanzas that are for its accounts. The rules decide,
 * this class acts, and the sender is told when what was done is durable.
 */
public final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private final LiveAccounts accounts;
  private final Routes routes;
  private final HookChain hooks;
  private final Requests requests;
  private final Presences presences;
  private final Subscriptions subscriptions;
  private final Archiving archiving;
  private final LogTail tail;
  private final RecentOrigins origins;

  public Delivery(
      LiveAccounts accounts,
      Routes routes,
      HookChain hooks,
      Requests requests,
      Presences presences,
      Subscriptions subscriptions,
      Archiving archiving,
      LogTail tail,
      RecentOrigins origins) {
    this.accounts = accounts;
    this.routes = routes;
    this.hooks = hooks;
    this.requests = requests;
    this.presences = presences;
    this.subscriptions = subscriptions;
    this.archiving = archiving;
    this.tail = tail;
    this.origins = origins;
  }

  /** A stanza for an account has come from its sender's owner. */
  public void routed(LoopAddress from, ToRouter.Routed routed) {
    Stanza stanza = routed.stanza();
    boolean accepted =
        accounts.run(stanza.to().bare(), level(stanza), account -> arrived(account, from, routed));
    if (!accepted) {
      routes.bounce(stanza, StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT));
      routes.settle(from, routed, true);
    }
  }

  private void arrived(LiveAccount account, LoopAddress from, ToRouter.Routed routed) {
    long origin = routed.origin();
    if (origin == 0) {
      take(account, from, routed);
      return;
    }
    if (origins.contains(origin)) {
      known(account, from, routed);
      return;
    }
    long position = account.takeDeliveredNotLogged(origin);
    if (position != 0) {
      keep(account, from, routed, position);
    } else if (routed.repeated()) {
      accounts.hold(
          account,
          "a repetition",
          tail.known(account).onSuccess(v -> repeated(account, from, routed)));
    } else {
      take(account, from, routed);
    }
  }

  private void repeated(LiveAccount account, LoopAddress from, ToRouter.Routed routed) {
    if (origins.contains(routed.origin())) {
      known(account, from, routed);
    } else {
      take(account, from, routed);
    }
  }

  /** The account's clients have it from the owner before, who did not get it into the log. */
  private void keep(LiveAccount account, LoopAddress from, ToRouter.Routed routed, long position) {
    origins.add(routed.origin());
    archiving
        .delivered(account, routed.stanza(), position, routed.origin())
        .onComplete(done -> settle(account, from, routed, done.succeeded()));
  }

  /** What is in the log, or on its way there, is not delivered again. */
  private void known(LiveAccount account, LoopAddress from, ToRouter.Routed routed) {
    account.allAppended().onSuccess(v -> routes.settle(from, routed, true));
  }

  private void take(LiveAccount account, LoopAddress from, ToRouter.Routed routed) {
    if (routed.ticket() != 0) {
      origins.add(routed.origin());
    }
    guarded(account, routed.stanza(), routed.origin(), routed.repeated())
        .onComplete(done -> settle(account, from, routed, done.succeeded()));
  }

  private void settle(LiveAccount account, LoopAddress from, ToRouter.Routed routed, boolean done) {
    routes.settle(from, routed, done);
    accounts.settle(account);
  }

  /**
   * How much of the account must be loaded. Before a session gets anything, it must be known whom
   * the user blocks.
   */
  private Level level(Stanza stanza) {
    Level needed = needed(stanza);
    LiveAccount account = needed == Level.NOTHING ? accounts.active(stanza.to().bare()) : null;
    return account == null || account.sessions().isEmpty() ? needed : Level.EXISTENCE;
  }

  /** What the stanza itself needs: a message to a user who is away needs no roster. */
  private static Level needed(Stanza stanza) {
    return switch (stanza.kind()) {
      case MESSAGE -> Level.EXISTENCE;
      case IQ -> {
        Level ofBare = stanza.type().isRequest() ? Level.ROSTER : Level.EXISTENCE;
        yield stanza.to().isBare() ? ofBare : Level.NOTHING;
      }
      case PRESENCE ->
          stanza.type().isSubscription() || stanza.type() == StanzaType.PRESENCE_PROBE
              ? Level.ROSTER
              : Level.NOTHING;
    };
  }

  /** Whatever happens, the sender learns of it: its stream must not wait for ever. */
  private Future<Void> guarded(LiveAccount account, Stanza stanza, long origin, boolean repeated) {
    try {
      return deliver(account, stanza, origin, repeated);
    } catch (RuntimeException e) {
      LOG.error("bug: a stanza from {} to {} was not delivered", stanza.from(), stanza.to(), e);
      routes.bounce(stanza, StanzaError.of(StanzaError.Condition.INTERNAL_SERVER_ERROR));
      return Future.succeededFuture();
    }
  }

  private Future<Void> deliver(LiveAccount account, Stanza stanza, long origin, boolean repeated) {
    Stanza passed = stanza;
    Future<Void> wanted = Future.succeededFuture();
    if (!hooks.isEmpty(Flow.TO_ACCOUNT, stanza, account)) {
      HookChain.Outcome outcome = hooks.see(Flow.TO_ACCOUNT, stanza, account, null);
      if (outcome.stanza() == null) {
        if (outcome.refusal() != null) {
          routes.bounce(stanza, outcome.refusal());
        }
        return outcome.done();
      }
      passed = outcome.stanza();
      wanted = outcome.done();
    }
    Future<Void> delivered =
        switch (passed.kind()) {
          case MESSAGE -> message(account, passed, origin, repeated);
          case IQ -> iq(account, passed);
          case PRESENCE -> presence(account, passed);
        };
    return wanted.succeeded() ? delivered : wanted.compose(v -> delivered);
  }

  private Future<Void> message(LiveAccount account, Stanza message, long origin, boolean repeated) {
    String node = Notifications.node(message);
    if (node != null && isFiltered(account, message)) {
      notifyInterested(account, message, node);
      return Future.succeededFuture();
    }
    Decision decision = DeliveryRules.message(account, message);
    if (decision instanceof Decision.Deliver deliver) {
      Archiving.Kept kept = archiving.received(account, message, taker(deliver.sessions()), origin);
      hand(kept.stanza(), deliver.sessions(), kept.position(), origin);
      copy(account, kept, deliver.sessions(), LogTail.copyKey(origin, false), repeated);
      return kept.durable();
    }
    if (decision instanceof Decision.Keep) {
      Archiving.Kept kept = archiving.received(account, message, Taker.NOBODY, origin);
      if (!kept.durable().failed()) {
        copy(account, kept, List.of(), LogTail.copyKey(origin, false), repeated);
      }
      return kept.durable()
          .recover(
              overloaded -> {
                routes.bounce(message, StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT));
                return Future.succeededFuture();
              });
    }
    refuse(message, decision);
    return Future.succeededFuture();
  }

  private void copy(
      LiveAccount account,
      Archiving.Kept kept,
      List<Session> takers,
      long origin,
      boolean repeated) {
    if (hooks.copiesNothing(Flow.TO_ACCOUNT, account) || repeated && origins.contains(origin)) {
      return;
    }
    Passage.Outcome outcome = new Passage.Outcome(takers, kept.position(), origin);
    hooks.copy(Flow.TO_ACCOUNT, new Passage(kept.stanza(), account, null, outcome));
  }

  private static Taker taker(List<Session> sessions) {
    Taker taker = Taker.MANAGED;
    for (int i = 0; i < sessions.size(); i++) {
      Session session = sessions.get(i);
      if (!session.isConnected()) {
        return Taker.WAITING; // no other node has a copy for it
      }
      if (session.outbox() == null) {
        taker = Taker.CLIENT;
      }
    }
    return taker;
  }

  private Future<Void> iq(LiveAccount account, Stanza iq) {
    Decision decision = DeliveryRules.iq(account, iq);
    if (decision instanceof Decision.Deliver deliver) {
      hand(iq, deliver.sessions(), 0, 0);
    } else if (decision instanceof Decision.Answer) {
      return requests.answer(iq, IqTarget.OTHER_ACCOUNT, account, null, 0);
    } else {
      refuse(iq, decision);
    }
    return Future.succeededFuture();
  }

  private Future<Void> presence(LiveAccount account, Stanza presence) {
    if (presence.type().isSubscription()) {
      return subscriptions.fromContact(account, presence);
    }
    if (presence.type() == StanzaType.PRESENCE_PROBE) {
      presences.probe(account, presence);
    } else if (DeliveryRules.presence(account, presence) instanceof Decision.Deliver deliver) {
      hand(presence, deliver.sessions(), 0, 0);
    }
    return Future.succeededFuture();
  }

  private void refuse(Stanza stanza, Decision decision) {
    if (decision instanceof Decision.Refuse refuse) {
      routes.bounce(stanza, StanzaError.of(refuse.condition()));
    }
  }

  private void hand(Stanza stanza, List<Session> sessions, long position, long origin) {
    routes.toTakers(sessions, stanza, position, origin);
  }

  /** One stanza for many accounts. */
  public void fanout(Stanza stanza, List<Jid> recipients) {
    switch (stanza.kind()) {
      case PRESENCE -> presence(stanza, recipients);
      case MESSAGE -> notification(stanza, recipients);
      case IQ -> request(stanza, recipients);
    }
  }

  /** Accounts without available sessions cost a look-up each. */
  private void presence(Stanza presence, List<Jid> recipients) {
    boolean probe = presence.type() == StanzaType.PRESENCE_PROBE;
    List<Session> sessions = new ArrayList<>(recipients.size());
    List<Jid> addressees = new ArrayList<>(recipients.size());
    for (Jid recipient : recipients) {
      LiveAccount account = accounts.active(recipient);
      if (account == null) {
        continue;
      }
      if (probe || !seesAll(account, presence)) {
        one(presence.withTo(recipient));
        continue;
      }
      for (Session session : account.sessions()) {
        if (session.isAvailable()) {
          sessions.add(session);
          addressees.add(recipient);
        }
      }
    }
    if (!sessions.isEmpty()) {
      routes.toSessions(presence, sessions, addressees);
    }
  }

  /** No extension has to be asked about the stanza, as far as is known of the account. */
  private boolean seesAll(LiveAccount account, Stanza stanza) {
    return accounts.isLoaded(account, Level.EXISTENCE)
        && hooks.isEmpty(Flow.TO_ACCOUNT, stanza, account);
  }

  /** A notification for those of many accounts that have interested sessions. */
  private void notification(Stanza message, List<Jid> recipients) {
    String node = Notifications.node(message);
    for (Jid recipient : recipients) {
      LiveAccount account = accounts.active(recipient);
      if (account == null) {
        continue;
      }
      if (node == null || !seesAll(account, message) || !isFiltered(account, message)) {
        one(message.withTo(recipient));
      } else {
        notifyInterested(account, message, node);
      }
    }
  }

  /**
   * Whether the subscription to the node comes with one to presence (XEP-0163, section 4.3.2): then
   * clients say what they want. Otherwise somebody has asked for this very node.
   */
  private static boolean isFiltered(LiveAccount account, Stanza notification) {
    Jid publisher = notification.from();
    if (publisher.equals(account.jid())) {
      return true;
    }
    RosterItem item = account.contact(publisher);
    return item != null && item.subscription().toContact();
  }

  /** XEP-0163, section 4.3: to each resource whose client wants it, and to no other. */
  private void notifyInterested(LiveAccount account, Stanza message, String node) {
    for (Session session : account.sessions()) {
      if (session.isAvailable() && session.get(Interests.KEY).wants(node)) {
        routes.toSession(session, message.withTo(session.jid()));
      }
    }
  }

  private void one(Stanza stanza) {
    // Nobody is there to answer a probe or to see it: not worth loading the account.
    LiveAccount account = accounts.active(stanza.to());
    if (account != null && !account.sessions().isEmpty()) {
      accounts.run(stanza.to(), Level.ROSTER, loaded -> deliver(loaded, stanza, 0, false));
    }
  }

  private void request(Stanza iq, List<Jid> recipients) {
    if (!requests.answerMany(iq, recipients)) {
      recipients.forEach(recipient -> load(iq.withTo(recipient)));
    }
  }

  private void load(Stanza iq) {
    accounts.run(
        iq.to(),
        Level.ROSTER,
        loaded -> guarded(loaded, iq, 0, false).onComplete(done -> accounts.settle(loaded)));
  }
}

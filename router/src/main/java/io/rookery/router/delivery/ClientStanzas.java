package io.rookery.router.delivery;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.dispatch.HookChain;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Passage;
import io.rookery.router.mailbox.Archiving;
import io.rookery.router.mailbox.LogTail;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.presence.Presences;
import io.rookery.router.roster.Subscriptions;
import io.rookery.router.routing.RecentOrigins;
import io.rookery.router.routing.Routes;
import io.rookery.router.routing.Settlement;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Progress;
import io.rookery.router.session.Records;
import io.rookery.router.session.Session;
import io.vertx.core.Future;
import java.util.List;

/**
 * At the sender's owner: what becomes of the stanzas of its clients (RFC 6121, sections 8.1 to
 * 8.3). A stanza counts as handled when all its effects are durable.
 */
public final class ClientStanzas {
  private final LiveAccounts accounts;
  private final Routes routes;
  private final HookChain hooks;
  private final Requests requests;
  private final Presences presences;
  private final Subscriptions subscriptions;
  private final Archiving archiving;
  private final OfflineMessages offline;
  private final Records records;
  private final RecentOrigins origins;

  public ClientStanzas(
      LiveAccounts accounts,
      Routes routes,
      HookChain hooks,
      Requests requests,
      Presences presences,
      Subscriptions subscriptions,
      Archiving archiving,
      OfflineMessages offline,
      Records records,
      RecentOrigins origins) {
    this.accounts = accounts;
    this.routes = routes;
    this.hooks = hooks;
    this.requests = requests;
    this.presences = presences;
    this.subscriptions = subscriptions;
    this.archiving = archiving;
    this.offline = offline;
    this.records = records;
    this.origins = origins;
  }

  /**
   * Takes a stanza; its from is the session's full address.
   *
   * @param pending gets the stanza's effects as expectations
   * @param done learns when they are durable
   */
  public void take(
      LiveAccount account, Session session, Stanza stanza, Progress.Pending pending, Done done) {
    Stanza passed = stanza;
    if (!hooks.isEmpty(Flow.FROM_CLIENT, stanza, account)) {
      HookChain.Outcome outcome = hooks.see(Flow.FROM_CLIENT, stanza, account, session);
      expect(outcome.done(), stanza, pending, done);
      if (outcome.stanza() == null) {
        if (outcome.refusal() != null) {
          refuse(session, stanza, outcome.refusal());
        }
        return;
      }
      passed = outcome.stanza();
    }
    switch (passed.kind()) {
      case MESSAGE -> message(account, session, passed, pending, done);
      case PRESENCE -> presence(account, session, passed, pending, done);
      case IQ -> iq(account, session, passed, pending, done);
    }
  }

  /** Learns that one expected effect of a stanza is durable. */
  @FunctionalInterface
  public interface Done {
    void done(Progress.Pending pending);
  }

  private void message(
      LiveAccount account, Session session, Stanza message, Progress.Pending pending, Done done) {
    Stanza addressed = message.to() == null ? message.withTo(account.jid()) : message;
    if (addressed.to().isDomain()) {
      refuse(addressed, StanzaError.Condition.SERVICE_UNAVAILABLE);
      return;
    }
    if (addressed.to().equals(account.jid())) {
      // what is for the account, and not for the user, is in nobody's log
      Future<Void> taken = requests.ownMessage(addressed, account);
      if (taken != null) {
        expect(taken, addressed, pending, done);
        return;
      }
    }
    long origin = session.origin(pending.counter());
    boolean repeated = session.mayBeRepeated(pending.counter());
    if (!repeated || !origins.contains(LogTail.key(origin, true))) {
      Archiving.Kept kept = archiving.sent(account, addressed, origin);
      expect(kept.durable(), addressed, pending, done);
      copy(account, session, kept, LogTail.copyKey(origin, true), repeated);
    }
    pending.expect();
    Settlement settlement =
        durable -> {
          if (!durable) {
            refuse(addressed, StanzaError.Condition.RESOURCE_CONSTRAINT);
          }
          done.done(pending);
        };
    routes.route(addressed, origin, repeated, settlement);
  }

  /** Before the message is routed: what the account's clients see of it is in order. */
  private void copy(
      LiveAccount account, Session session, Archiving.Kept kept, long origin, boolean repeated) {
    if (hooks.copiesNothing(Flow.FROM_CLIENT, account) || repeated && origins.contains(origin)) {
      return;
    }
    Passage.Outcome outcome = new Passage.Outcome(List.of(), kept.position(), origin);
    hooks.copy(Flow.FROM_CLIENT, new Passage(kept.stanza(), account, session, outcome));
  }

  /** A failure of the effect is answered with an error, and an answered stanza is handled. */
  private void expect(Future<Void> effect, Stanza stanza, Progress.Pending pending, Done done) {
    if (effect.succeeded()) {
      return;
    }
    pending.expect();
    effect.onComplete(
        result -> {
          if (result.failed()) {
            refuse(stanza, StanzaError.Condition.RESOURCE_CONSTRAINT);
          }
          done.done(pending);
        });
  }

  private void presence(
      LiveAccount account, Session session, Stanza presence, Progress.Pending pending, Done done) {
    if (presence.type().isSubscription()) {
      if (presence.to() == null) {
        refuse(presence, StanzaError.Condition.BAD_REQUEST);
      } else {
        expect(subscriptions.fromClient(account, presence), presence, pending, done);
      }
    } else if (presence.to() != null) {
      if (!(presence.to().isDomain() && routes.serves(presence.to()))) {
        presences.directed(session, presence);
        expect(records.changed(session), presence, pending, done);
      }
    } else {
      switch (presence.type()) {
        case PRESENCE_AVAILABLE -> available(account, session, presence);
        case PRESENCE_UNAVAILABLE -> presences.unavailable(account, session, presence);
        case PRESENCE_ERROR -> {
          // an error is never answered
        }
        default -> refuse(presence, StanzaError.Condition.BAD_REQUEST);
      }
      expect(records.changed(session), presence, pending, done);
    }
  }

  private void available(LiveAccount account, Session session, Stanza presence) {
    boolean takesMessages = presences.available(account, session, presence);
    if (takesMessages && (session.startCatchingUp() || account.isBehind())) {
      accounts.hold(account, "offline messages", offline.deliver(account, session, 0));
    }
  }

  private void iq(
      LiveAccount account, Session session, Stanza iq, Progress.Pending pending, Done done) {
    Jid to = iq.to();
    IqTarget target = null;
    if (to == null || to.equals(account.jid())) {
      target = IqTarget.OWN_ACCOUNT;
    } else if (to.isDomain() && routes.serves(to)) {
      target = IqTarget.SERVER;
    }
    if (target == null) {
      routes.route(iq);
    } else if (iq.type().isRequest()) {
      long origin = session.origin(pending.counter());
      Future<Void> answered = requests.answer(iq, target, account, session, origin);
      expect(answered.compose(v -> records.written(session)), iq, pending, done);
    }
  }

  /** Not by way of the hooks for what comes from others: it does not. */
  private void refuse(Session session, Stanza stanza, StanzaError error) {
    if (!stanza.isError() && stanza.type() != StanzaType.IQ_RESULT) {
      routes.toSession(session, stanza.error(error));
    }
  }

  private void refuse(Stanza stanza, StanzaError.Condition condition) {
    routes.bounce(stanza, StanzaError.of(condition));
  }
}

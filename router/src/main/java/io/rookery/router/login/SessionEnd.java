package io.rookery.router.login;

import io.rookery.cluster.Bus;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.Unacked;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.presence.Presences;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Records;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Session;
import io.rookery.router.session.Stores;
import io.rookery.storage.activity.LastActivity;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;

/** What happens when a session ends, however it ends. */
public final class SessionEnd {
  private final Bus bus;
  private final Routes routes;
  private final Stores stores;
  private final Retries retries;
  private final LiveAccounts accounts;
  private final Records records;
  private final Presences presences;
  private final OfflineMessages offline;
  private final Clock clock;

  public SessionEnd(
      Bus bus,
      Routes routes,
      Stores stores,
      Retries retries,
      LiveAccounts accounts,
      Records records,
      Presences presences,
      OfflineMessages offline,
      Clock clock) {
    this.bus = bus;
    this.routes = routes;
    this.stores = stores;
    this.retries = retries;
    this.accounts = accounts;
    this.records = records;
    this.presences = presences;
    this.offline = offline;
    this.clock = clock;
  }

  /** Ends the session and its stream. */
  public void close(LiveAccount account, Session session, StreamError error) {
    if (session.isConnected()) {
      bus.send(session.connector(), new ToConnector.EndStream(session.stream(), error));
    }
    ended(account, session);
  }

  /**
   * The session is over: contacts see it leave, and what its client has not acknowledged goes to
   * other resources or stays in the log (XEP-0198, section 5).
   */
  public void ended(LiveAccount account, Session session) {
    if (!account.sessions().contains(session)) {
      return;
    }
    if (!account.isAnonymous()) {
      offline.moveCursor(account); // while it is known what the session has not acknowledged
    }
    accounts.remove(account, session);
    records.remove(session);
    Stanza presence = Stanza.of(StanzaType.PRESENCE_UNAVAILABLE, session.jid(), null, null);
    presences.left(account, session, presence);
    if (session.outbox() != null) {
      session.outbox().unacked().forEach(one -> giveBack(account, one));
    }
    if (account.sessions().isEmpty() && account.isAnonymous()) {
      forget(account);
    } else if (account.sessions().isEmpty() && account.exists()) {
      remember(account);
    }
  }

  private void giveBack(LiveAccount account, Unacked one) {
    Stanza stanza = one.stanza();
    if (stanza.isMessage()) {
      if (!one.shared() && account.sessions().stream().noneMatch(other -> holds(other, one))) {
        message(account, one);
      }
    } else if (stanza.isIq()) {
      routes.bounce(stanza, StanzaError.of(StanzaError.Condition.SERVICE_UNAVAILABLE));
    }
  }

  private static boolean holds(Session session, Unacked one) {
    return session.outbox() != null && session.outbox().holds(one);
  }

  private void message(LiveAccount account, Unacked one) {
    Stanza stanza = one.stanza();
    List<Session> takers = account.sessions().stream().filter(Session::takesMessages).toList();
    if (one.position() == 0) {
      if (OfflineMessages.isKept(stanza)) {
        routes.route(stanza.withTo(account.jid()));
      } else if (stanza.type() == StanzaType.MESSAGE_GROUPCHAT) {
        routes.bounce(stanza, StanzaError.of(StanzaError.Condition.SERVICE_UNAVAILABLE));
      }
    } else if (takers.isEmpty() && account.isAnonymous()) {
      routes.bounce(stanza, StanzaError.of(StanzaError.Condition.SERVICE_UNAVAILABLE));
    } else if (takers.isEmpty()) {
      account.fallenBehind();
    } else {
      Stanza delayed = OfflineMessages.delayed(stanza, one.position());
      routes.toTakers(takers, delayed, one.position(), one.origin());
    }
  }

  /**
   * The account is over with its last session (XEP-0175), and so is what was kept in the log while
   * that waited. An owner before may have kept something, too.
   */
  private void forget(LiveAccount account) {
    if (account.lastAppended() == 0 && !account.isTailKnown()) {
      accounts.forget(account.jid());
      return;
    }
    Future<Void> deleted =
        account
            .allAppended()
            .compose(v -> account.cursorWritten())
            .compose(
                v ->
                    retries.untilDone(
                        "delete mailbox", () -> stores.mailboxes().delete(account.jid())));
    accounts.hold(account, "the end of an anonymous user", deleted);
    deleted.onComplete(done -> accounts.forget(account.jid()));
  }

  private void remember(LiveAccount account) {
    LastActivity activity = new LastActivity(clock.instant(), account.lastStatus());
    accounts.hold( // who asks right now gets this answer
        account,
        "last activity",
        retries.untilDone(
            "record last activity", () -> stores.lastActivities().record(account.jid(), activity)));
    offline.moveCursor(account);
  }
}

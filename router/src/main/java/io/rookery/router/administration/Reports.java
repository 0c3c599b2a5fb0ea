package io.rookery.router.administration;

import io.rookery.cluster.Bus;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.login.SessionEnd;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Session;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** At owners of accounts: answers what administrators ask, and does what they order. */
public final class Reports {
  /** Accounts that get an announcement in one go; what else is to be done comes between. */
  private static final int BATCH = 200;

  private static final long PAUSE_MILLIS = 10;

  private final Bus bus;
  private final Routes routes;
  private final LiveAccounts accounts;
  private final SessionEnd sessionEnd;
  private final Vertx vertx;

  public Reports(
      Bus bus, Routes routes, LiveAccounts accounts, SessionEnd sessionEnd, Vertx vertx) {
    this.bus = bus;
    this.routes = routes;
    this.accounts = accounts;
    this.sessionEnd = sessionEnd;
    this.vertx = vertx;
  }

  /** Of an account; when too much waits for it, there is no answer. */
  public void account(LoopAddress from, ToRouter.AccountWanted message) {
    accounts.run(
        message.account(),
        LiveAccount.Level.ROSTER,
        account -> {
          end(account, message.end());
          long contacts = account.contacts().stream().filter(item -> !item.hidden()).count();
          Jid[] sessions = account.sessions().stream().map(Session::jid).toArray(Jid[]::new);
          bus.send(from, new ToRouter.Told(message.ticket(), contacts, sessions));
        });
  }

  private void end(LiveAccount account, String which) {
    if (which == null) {
      return;
    }
    if (which.isEmpty()) {
      accounts.turnedOut(account.jid());
    }
    for (Session session : List.copyOf(account.sessions())) {
      if (which.isEmpty() || which.equals(session.jid().resource())) {
        StreamError error =
            StreamError.of(StreamError.Condition.POLICY_VIOLATION, "ended by an administrator");
        sessionEnd.close(account, session, error);
      }
    }
  }

  /** How many accounts of a domain are online. */
  public void online(LoopAddress from, ToRouter.OnlineWanted message) {
    bus.send(
        from, new ToRouter.Told(message.ticket(), online(message.domain()).size(), new Jid[0]));
  }

  private List<Jid> online(String domain) {
    return accounts.active().stream()
        .filter(account -> !account.sessions().isEmpty())
        .map(LiveAccount::jid)
        .filter(jid -> jid.domain().equals(domain))
        .toList();
  }

  /** Hands a message to all available sessions of the accounts of its sender. */
  public void announce(Stanza message) {
    announce(message, online(message.from().domain()), 0);
  }

  private void announce(Stanza message, List<Jid> users, int from) {
    List<Session> sessions = new ArrayList<>();
    List<Jid> addressees = new ArrayList<>();
    int to = Math.min(users.size(), from + BATCH);
    for (Jid user : users.subList(from, to)) {
      LiveAccount account = accounts.active(user);
      for (Session session : account == null ? List.<Session>of() : account.sessions()) {
        if (session.isAvailable()) {
          sessions.add(session);
          addressees.add(session.jid());
        }
      }
    }
    if (!sessions.isEmpty()) {
      routes.toSessions(message, sessions, addressees);
    }
    if (to < users.size()) {
      vertx.setTimer(PAUSE_MILLIS, id -> announce(message, users, to));
    }
  }
}

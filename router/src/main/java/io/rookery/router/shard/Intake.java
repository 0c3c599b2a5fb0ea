package io.rookery.router.shard;

import io.rookery.cluster.Bus;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.delivery.ClientStanzas;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Progress;
import io.rookery.router.session.Session;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what clients send: each stanza once and in its turn, whatever is repeated or dropped on the
 * way from the connector, and tells the connector how far it has come.
 */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /** Handled stanzas are reported in batches; the connector's window is several of them. */
  private static final int REPORT_EVERY = 16;

  /** One stanza in this many is timed. */
  private static final int SAMPLE = 16;

  /** Does what a stanza asks for, see {@link ClientStanzas#take}. */
  @FunctionalInterface
  interface Taker {
    void take(
        LiveAccount account,
        Session session,
        Stanza stanza,
        Progress.Pending pending,
        ClientStanzas.Done done);
  }

  private final Bus bus;
  private final Routes routes;
  private final LiveAccounts accounts;
  private final Taker stanzas;
  private final ShardMetrics metrics;
  private final ArrayDeque<Session> toReport = new ArrayDeque<>();

  Intake(Bus bus, Routes routes, LiveAccounts accounts, Taker stanzas, ShardMetrics metrics) {
    this.bus = bus;
    this.routes = routes;
    this.accounts = accounts;
    this.stanzas = stanzas;
    this.metrics = metrics;
  }

  void take(LoopAddress from, ToRouter.FromClient message) {
    Jid user = message.session().bare();
    LiveAccount account = accounts.ready(user);
    if (account != null) {
      take(account, from, message);
    } else if (!accounts.run(user, Level.ROSTER, a -> take(a, from, message))) {
      unknown(from, message.stream());
    }
  }

  private void take(LiveAccount account, LoopAddress from, ToRouter.FromClient message) {
    Session session = account.session(message.session().resource(), from, message.stream());
    if (session == null) {
      unknown(from, message.stream());
      return;
    }
    Progress progress = session.progress();
    if (progress.isAhead(message.counter())) {
      missing(session, from, message);
      return;
    }
    Progress.Pending pending = progress.begin(message.counter());
    if (pending == null) {
      return; // a repetition
    }
    metrics.received(message.stanza());
    long start = message.counter() % SAMPLE == 0 ? System.nanoTime() : 0;
    if (message.refused()) {
      handBack(session, message.stanza());
    } else {
      handle(account, session, message.stanza(), pending, start);
    }
    done(session, pending, start);
  }

  /** This router has lost the session, or never had it: the client has to log in again. */
  private void unknown(LoopAddress from, long stream) {
    metrics.unknownSession();
    bus.send(from, new ToConnector.EndStream(stream, StreamError.of(StreamError.Condition.RESET)));
  }

  /**
   * What came before was dropped on its way, as it may be while an account moves. The connector has
   * it, and says all of it again, in order, when it is asked; until then nothing is taken, because
   * a report of what follows would count for what is missing, too.
   */
  private void missing(Session session, LoopAddress from, ToRouter.FromClient message) {
    if (session.progress().missing()) {
      LOG.info("{}: stanzas before {} are missing", session.jid(), message.counter());
      metrics.missingStanzas();
      bus.send(from, new ToConnector.StateWanted(message.stream(), session.jid()));
    }
  }

  /** What the client sent was refused by the connector; the answer comes from here, in its turn. */
  private void handBack(Session session, Stanza reply) {
    if (reply.isError()) {
      routes.toSession(session, reply);
    }
  }

  private void handle(
      LiveAccount account, Session session, Stanza stanza, Progress.Pending pending, long start) {
    try {
      stanzas.take(account, session, stanza, pending, p -> done(session, p, start));
    } catch (RuntimeException e) {
      LOG.error("bug: a stanza of {} was not handled", session.jid(), e);
      routes.bounce(stanza, StanzaError.of(StanzaError.Condition.INTERNAL_SERVER_ERROR));
    }
  }

  private void done(Session session, Progress.Pending pending, long start) {
    Progress progress = session.progress();
    boolean reportedAll = progress.unreported() == 0;
    progress.done(pending);
    if (start != 0 && progress.handled() >= pending.counter()) {
      metrics.handled(System.nanoTime() - start);
    }
    if (progress.unreported() >= REPORT_EVERY || progress.isReportWanted()) {
      routes.report(session);
    } else if (reportedAll && progress.unreported() > 0) {
      toReport.add(session);
    }
  }

  /** To be called about once a second: what has been handled but not reported in a batch. */
  void report() {
    for (int i = toReport.size(); i > 0; i--) {
      Session session = toReport.poll();
      if (session.progress().unreported() > 0) {
        routes.report(session);
      }
    }
  }
}

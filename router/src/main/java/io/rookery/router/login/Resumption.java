package io.rookery.router.login;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.cluster.Bus;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.router.RouterConfig;
import io.rookery.router.carbons.LateCopy;
import io.rookery.router.mailbox.Archiving;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Outbox;
import io.rookery.router.session.Records;
import io.rookery.router.session.Session;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * XEP-0198: Stream Management, at the owner: sessions that outlive their stream, wait for their
 * client, and end when it does not come.
 */
public final class Resumption {
  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

  /** Sessions that have ended of which it is known how far they were handled. */
  private static final int MAX_ENDED = 10_000;

  /** What was sent earlier than this before it is sent again says when. */
  private static final long DELAYED_AFTER_MILLIS = 10_000;

  /** A new stream waits until all that came from the client is handled. */
  private record Resuming(LoopAddress from, ToRouter.Resume resume) {}

  private final Bus bus;
  private final Routes routes;
  private final LiveAccounts accounts;
  private final Records records;
  private final SessionEnd sessionEnd;
  private final Archiving archiving;
  private final RouterConfig.Resumption limits;
  private final Clock clock;
  private final Supplier<String> ids;
  private final MeterRegistry meters;
  private StreamListener streams = StreamListener.NONE;
  private final Set<Session> waiting = new LinkedHashSet<>();
  private final Map<Session, Resuming> resuming = new HashMap<>();
  private final Map<String, Long> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_ENDED;
        }
      };

  /**
   * @param ids for sessions: hard to guess
   */
  public Resumption(
      Bus bus,
      Routes routes,
      LiveAccounts accounts,
      Records records,
      SessionEnd sessionEnd,
      Archiving archiving,
      RouterConfig.Resumption limits,
      Clock clock,
      Supplier<String> ids,
      MeterRegistry meters) {
    this.bus = bus;
    this.routes = routes;
    this.accounts = accounts;
    this.records = records;
    this.sessionEnd = sessionEnd;
    this.archiving = archiving;
    this.limits = limits;
    this.clock = clock;
    this.ids = ids;
    this.meters = meters;
  }

  /** Names who learns of streams that are lost and of those that take their place. */
  public void onStreams(StreamListener listener) {
    streams = listener;
  }

  // Enabled and acknowledged (sections 3 and 4).

  /**
   * Turns stream management on; the client learns of it when the session cannot be lost any more.
   */
  public void enable(LoopAddress from, ToRouter.EnableAcks enable, Session session) {
    if (session.outbox() == null) {
      session.outbox(outbox(session, enable.resume(), enable.maxSeconds(), enable.counter()));
    }
    Outbox outbox = session.outbox();
    // What was sent until now does not count.
    whenRecorded(from, session, () -> outbox.restore(0, List.of()));
  }

  private Outbox outbox(Session session, boolean resume, long maxSeconds, long counter) {
    long wish = maxSeconds == 0 ? Long.MAX_VALUE : maxSeconds;
    String id =
        accounts.isAnonymous(session.jid())
            ? AnonymousResumption.id(ids.get() + ids.get(), session.jid())
            : ids.get();
    return new Outbox(id, resume, Math.min(wish, limits.timeout().toSeconds()), counter);
  }

  private void whenRecorded(LoopAddress from, Session session, Runnable first) {
    Outbox outbox = session.outbox();
    long stream = session.stream();
    Future<Void> written = records.changed(session);
    records.flush();
    written.onSuccess(
        v -> {
          if (session.isOn(from, stream)) {
            first.run();
            String id = outbox.isResumable() ? outbox.id() : null;
            bus.send(from, new ToConnector.AcksEnabled(stream, id, outbox.maxSeconds()));
          }
        });
  }

  /** For a session that nothing was sent to yet: everything counts (section 9.1). */
  void manage(Session session, boolean resume, long maxSeconds) {
    session.outbox(outbox(session, resume, maxSeconds, 0));
  }

  /** Tells the connector when a session that is managed since it was bound cannot be lost. */
  void managed(LoopAddress from, Session session) {
    whenRecorded(from, session, () -> {});
  }

  // Waiting.

  /** The session's stream is gone. */
  public void disconnected(LiveAccount account, Session session) {
    if (!session.isResumable()) {
      accounts.run(account.jid(), Level.ROSTER, loaded -> sessionEnd.ended(loaded, session));
      return;
    }
    parted(session);
    LOG.debug("{} waits to be resumed", session.jid());
    count("waiting");
    await(account, session);
    session.progress().settled().onSuccess(v -> records.changed(session));
  }

  /** What was held back waits with the rest; a resumed stream begins active (XEP-0352, 5.3). */
  private void parted(Session session) {
    session.disconnected(clock.millis());
    routes.release(session);
    session.active();
  }

  /**
   * A session without a stream, which may come from another owner: it has to be kept by us alone.
   */
  public void await(LiveAccount account, Session session) {
    waiting.add(session);
    routes.release(session); // held back by an owner before
    session.active();
    session.outbox().replaceAll(one -> kept(account, one));
    records.changed(session);
    streams.lost(account, session);
  }

  /** Of what was sent and is not in the log, no other node has a copy any more. */
  private Unacked kept(LiveAccount account, Unacked one) {
    if (one.position() != 0 || !one.stanza().isMessage()) {
      return one;
    }
    Archiving.Kept kept = archiving.unreceived(account, one.stanza(), one.origin());
    if (kept.durable().failed()) {
      LOG.warn(
          "a message for {} is kept here only: {}",
          account.jid(),
          kept.durable().cause().toString());
      return one;
    }
    return new Unacked(kept.stanza(), kept.position(), one.origin(), one.shared());
  }

  /** Sessions that wait; may be asked from another thread. */
  public int waiting() {
    return waiting.size();
  }

  /** To be called about once a second: who has waited too long, or has too much waiting. */
  public void check() {
    if (waiting.isEmpty()) {
      return;
    }
    long now = clock.millis();
    for (Session session : List.copyOf(waiting)) {
      Outbox outbox = session.outbox();
      if (session.isConnected() || session.hasEnded()) {
        waiting.remove(session);
      } else if (now - session.waitsSince() > outbox.maxSeconds() * 1000) {
        expire(session, "expired");
      } else if (outbox.size() > limits.stanzas() || outbox.bytes() > limits.bytes()) {
        expire(session, "overflow");
      }
    }
  }

  private void expire(Session session, String why) {
    waiting.remove(session);
    accounts.run(
        session.jid().bare(),
        Level.ROSTER,
        account -> {
          if (!session.isConnected() && account.sessions().contains(session)) {
            count(why);
            end(account, session);
          }
        });
  }

  private void end(LiveAccount account, Session session) {
    Outbox outbox = session.outbox();
    ended.put(outbox.id(), session.progress().handled() - outbox.base());
    sessionEnd.ended(account, session);
  }

  /** The account is another router's: what waits here is nobody's, and that one resumes. */
  public void release(LiveAccount account, LoopAddress to) {
    for (Session session : account.sessions()) {
      if (session.isConnected() && session.isResumable()) {
        session.handOver(clock.millis());
      }
      waiting.remove(session);
      Resuming asked = resuming.remove(session);
      if (asked != null) {
        routes.forward(asked.from, 0, asked.resume, to);
      }
    }
  }

  // Resumed (section 5).

  /** The same wish as one for the account that has, or had, the session. */
  public ToRouter.Resume meant(ToRouter.Resume resume) {
    return accounts.isAnonymous(resume.account()) ? AnonymousResumption.meant(resume) : resume;
  }

  /** A client comes back with a new stream. */
  public void resume(LiveAccount account, LoopAddress from, ToRouter.Resume resume) {
    Session session = session(account, resume.id());
    if (session == null) {
      count("unknown");
      refuse(from, resume);
      return;
    }
    if (session.outbox().count(resume.acked()) < 0) {
      count("too-high");
      bus.send(
          from,
          new ToConnector.EndStream(
              resume.stream(),
              StreamError.handledCountTooHigh(resume.acked(), session.outbox().sent())));
      return;
    }
    if (session.isConnected()) {
      LoopAddress connector = session.connector();
      parted(session); // before a connector on this loop says that it is
      waiting.add(session);
      replaced(connector, session.stream());
    }
    Resuming asked = new Resuming(from, resume);
    Resuming before = resuming.put(session, asked);
    if (before != null) {
      replaced(before.from, before.resume.stream());
    }
    session.progress().settled().onSuccess(v -> settled(account, session, asked));
  }

  private void refuse(LoopAddress from, ToRouter.Resume resume) {
    long handled = ended.getOrDefault(resume.id(), -1L);
    bus.send(
        from,
        new ToConnector.ResumeRefused(
            resume.stream(), StanzaError.Condition.ITEM_NOT_FOUND.xmlName(), handled));
  }

  /** Another stream has taken the session. */
  private void replaced(LoopAddress connector, long stream) {
    bus.send(
        connector,
        new ToConnector.EndStream(
            stream, StreamError.of(StreamError.Condition.CONFLICT, "resumed")));
  }

  private static Session session(LiveAccount account, String id) {
    for (Session session : account.sessions()) {
      if (session.isResumable() && session.outbox().id().equals(id)) {
        return session;
      }
    }
    return null;
  }

  /** All that came from the client is handled, so that it knows what to send again. */
  private void settled(LiveAccount account, Session session, Resuming asked) {
    if (!resuming.remove(session, asked)) {
      return; // resumed once more meanwhile, or another router's
    }
    if (account.sessions().contains(session)) {
      resumed(account, session, asked.from, asked.resume);
    } else {
      refuse(asked.from, asked.resume);
    }
  }

  private void resumed(
      LiveAccount account, Session session, LoopAddress from, ToRouter.Resume resume) {
    waiting.remove(session);
    Outbox outbox = session.outbox();
    acknowledged(account, session, outbox.count(resume.acked()));
    session.connected(from, resume.stream(), resume.peer());
    count("resumed");
    bus.send(
        from,
        new ToConnector.Resumed(
            resume.stream(),
            session.jid(),
            outbox.id(),
            session.progress().handled(),
            outbox.base(),
            outbox.acked()));
    long now = clock.millis();
    for (Unacked one : new ArrayList<>(outbox.unacked())) {
      routes.send(session, again(one, now), one.position(), one.origin(), one.shared());
    }
    account.cursorDue();
    streams.back(account, session);
  }

  private static Stanza again(Unacked one, long now) {
    if (one.position() == 0) {
      return LateCopy.of(one.stanza(), now - DELAYED_AFTER_MILLIS);
    }
    boolean late = now - (one.position() >>> 16) > DELAYED_AFTER_MILLIS;
    return late ? OfflineMessages.delayed(one.stanza(), one.position()) : one.stanza();
  }

  /** An acknowledgement that the client gave to a stream. */
  public void acknowledged(LiveAccount account, Session session, long count) {
    if (session.outbox() != null) {
      session.outbox().acknowledge(count, one -> taken(account, session, one));
      account.cursorDue();
    }
  }

  private static void taken(LiveAccount account, Session by, Unacked one) {
    if (account.sessions().size() > 1 && one.stanza().isMessage()) {
      for (Session other : account.sessions()) {
        if (other != by && other.outbox() != null) {
          other.outbox().takenElsewhere(one);
        }
      }
    }
  }

  private void count(String outcome) {
    Counter.builder("rookery.resumptions")
        .description("Sessions that wait to be resumed, are, or end unresumed, by outcome")
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }
}

package io.rookery.router.shard;

import io.rookery.cluster.Bus;
import io.rookery.cluster.SessionRecords;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.SessionRecord;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.protocol.wire.WireFormatException;
import io.rookery.router.login.Resumption;
import io.rookery.router.login.SessionEnd;
import io.rookery.router.mailbox.LogTail;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.routing.RecentOrigins;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Outbox;
import io.rookery.router.session.Records;
import io.rookery.router.session.Session;
import io.rookery.storage.mailbox.MailboxEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the sessions of accounts that another router owned: from their records, from the
 * connectors that have the streams, and from the log. Until all of them have answered, whatever
 * else is for the account waits.
 */
final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  /** Of a waiting session: what its client sends again may have been handled before. */
  private static final int MAY_BE_REPEATED = 1000;

  /** An account on its way to us. */
  private static final class Incoming {
    private final LiveAccount account;
    private final Set<Session> awaited = new HashSet<>();
    private final List<Session> lost = new ArrayList<>();
    private final Map<Session, Long> handedUpTo = new HashMap<>();
    private final Map<Long, Long> delivered = new HashMap<>();
    private final Promise<Void> done = Promise.promise();

    private Incoming(LiveAccount account) {
      this.account = account;
    }
  }

  private final Bus bus;
  private final Routes routes;
  private final LiveAccounts accounts;
  private final Records records;
  private final Resumption resumption;
  private final SessionEnd sessionEnd;
  private final OfflineMessages offline;
  private final LogTail tail;
  private final RecentOrigins origins;
  private final Map<Jid, Incoming> incoming = new HashMap<>();

  Adoption(
      Bus bus,
      Routes routes,
      LiveAccounts accounts,
      Records records,
      Resumption resumption,
      SessionEnd sessionEnd,
      OfflineMessages offline,
      LogTail tail,
      RecentOrigins origins) {
    this.bus = bus;
    this.routes = routes;
    this.accounts = accounts;
    this.records = records;
    this.resumption = resumption;
    this.sessionEnd = sessionEnd;
    this.offline = offline;
    this.tail = tail;
    this.origins = origins;
  }

  /**
   * Sessions of a partition that has become ours.
   *
   * @param isThere whether a connector's node is part of the cluster
   */
  void adopt(List<SessionRecords.Stored> stored, Predicate<String> isThere) {
    List<Incoming> begun = new ArrayList<>();
    for (SessionRecords.Stored one : stored) {
      Session session = session(one);
      if (session != null) {
        Incoming account = incoming(session, begun);
        ask(account, session, isThere);
      }
    }
    begun.forEach(this::checkDone);
  }

  private static Session session(SessionRecords.Stored stored) {
    try {
      return new Session(stored.session(), SessionRecord.parse(stored.bytes()), stored.version());
    } catch (WireFormatException e) {
      LOG.error("the record of {} cannot be read: {}", stored.session(), e.getMessage());
      return null;
    }
  }

  private Incoming incoming(Session session, List<Incoming> begun) {
    session.watch(records::changed);
    LiveAccount account = accounts.adopt(session);
    return incoming.computeIfAbsent(
        account.jid(),
        jid -> {
          Incoming one = new Incoming(account);
          accounts.hold(account, "adoption", one.done.future());
          begun.add(one);
          return one;
        });
  }

  private void ask(Incoming to, Session session, Predicate<String> isThere) {
    if (session.isConnected() && isThere.test(session.connector().node())) {
      to.awaited.add(session);
      bus.send(session.connector(), new ToConnector.StateWanted(session.stream(), session.jid()));
    } else {
      withoutStream(to, session);
    }
  }

  /**
   * The session has no stream any more, or had none. What is in the record of one that waits, or
   * was handed over, is all there is to know of it; the record of another connected one does not
   * say how far the client was handled: with its owner and its connector gone at once, such a
   * session is lost.
   */
  private void withoutStream(Incoming to, Session session) {
    to.awaited.remove(session);
    if (session.isHandedOver()) {
      session.disconnected(session.waitsSince());
    }
    if (session.isConnected() || !session.isResumable()) {
      to.lost.add(session);
      return;
    }
    long handled = session.progress().handled();
    session.continueAfter(handled, handled + MAY_BE_REPEATED);
  }

  /**
   * Whether the message is about a stream whose state is still to come. It is for nobody else then,
   * even when the account is on its way to another owner: that one is told when the adoption has
   * come to its end. The end of such a stream is no answer: it may have come by way of the owner
   * before, and faster, and is told again behind the state.
   */
  boolean awaits(LoopAddress from, ToRouter message) {
    if (message instanceof ToRouter.StreamState state) {
      return awaited(from, state.session(), state.stream()) != null;
    }
    if (message instanceof ToRouter.NoStream none) {
      return awaited(from, none.session(), none.stream()) != null;
    }
    return message instanceof ToRouter.StreamEnded ended
        && awaited(from, ended.session(), ended.stream()) != null;
  }

  private Session awaited(LoopAddress from, Jid jid, long stream) {
    Incoming account = incoming.get(jid.bare());
    return account == null ? null : awaited(account, from, jid, stream);
  }

  /** What the connector knows of a stream. */
  void state(LoopAddress from, ToRouter.StreamState state) {
    Incoming account = incoming.get(state.session().bare());
    Session session =
        account == null ? null : awaited(account, from, state.session(), state.stream());
    if (session == null) {
      refuseUnknown(from, state);
      return;
    }
    session.stillConnected();
    session.continueAfter(state.handled(), state.counter());
    restore(account, session, state);
    account.handedUpTo.put(session, state.position());
    account.awaited.remove(session);
    checkDone(account);
  }

  private static Session awaited(Incoming account, LoopAddress from, Jid jid, long stream) {
    for (Session session : account.awaited) {
      if (session.jid().equals(jid) && session.isOn(from, stream)) {
        return session;
      }
    }
    return null;
  }

  /** A stream that tells its state unasked: right if it is ours, and lost otherwise. */
  private void refuseUnknown(LoopAddress from, ToRouter.StreamState state) {
    LiveAccount account = accounts.active(state.session().bare());
    Session known = account == null ? null : account.session(state.session().resource());
    if (known == null || !known.isOn(from, state.stream())) {
      bus.send(
          from,
          new ToConnector.EndStream(state.stream(), StreamError.of(StreamError.Condition.RESET)));
    }
  }

  private void restore(Incoming account, Session session, ToRouter.StreamState state) {
    session.position(state.position());
    Outbox outbox = session.outbox();
    if (outbox != null && !outbox.id().equals(state.id()) && outbox.isResumable()) {
      session.outbox(null); // the client had not been told yet: it asks again
    } else if (outbox != null) {
      outbox.restore(state.acked(), List.of(state.unacked()));
    }
    for (Unacked one : state.unacked()) {
      delivered(account, one.origin(), one.position());
    }
    long[] taken = state.taken();
    for (int i = 0; i + 1 < taken.length; i += 2) {
      delivered(account, taken[i], taken[i + 1]);
    }
  }

  /**
   * A repetition of it is not delivered again.
   *
   * @param position its id in the log if it should be there; it is not if the owner before died
   */
  private void delivered(Incoming account, long origin, long position) {
    if (origin == 0) {
      return;
    }
    if (position != 0) {
      account.delivered.put(origin, position);
    } else if (!origins.contains(origin)) {
      origins.add(origin);
    }
  }

  /** Instead of its state: there is no such stream. */
  void noStream(LoopAddress from, ToRouter.NoStream none) {
    Incoming account = incoming.get(none.session().bare());
    Session session =
        account == null ? null : awaited(account, from, none.session(), none.stream());
    if (session != null) {
      withoutStream(account, session);
      checkDone(account);
    }
  }

  /** A connector is gone before it answered. */
  void nodeLeft(String node) {
    for (Incoming account : List.copyOf(incoming.values())) {
      for (Session session : List.copyOf(account.awaited)) {
        if (session.connector().node().equals(node)) {
          withoutStream(account, session);
        }
      }
      checkDone(account);
    }
  }

  private void checkDone(Incoming one) {
    if (one.awaited.isEmpty() && incoming.remove(one.account.jid(), one)) {
      reconcile(one)
          .onComplete(
              done -> {
                one.lost.forEach(session -> end(one.account, session));
                one.done.complete();
              });
    }
  }

  /** Before anything else is done for the account: nobody would receive it. */
  private void end(LiveAccount account, Session session) {
    LOG.info("{} is lost: its router and its connector were gone at once", session.jid());
    accounts.runNext(account, Level.ROSTER, loaded -> sessionEnd.ended(loaded, session));
  }

  /** Hands over what is in the log and was lost on its way to the sessions. */
  private Future<Void> reconcile(Incoming one) {
    LiveAccount account = one.account;
    long position = Long.MAX_VALUE;
    account.sessions().forEach(records::changed);
    for (Session session : account.sessions()) {
      if (!one.lost.contains(session)) {
        position = Math.min(position, session.position());
        if (one.lost.isEmpty() && session.hasCaughtUp() && session.takesMessages()) {
          account.caughtUp(); // of a lost session nobody knows what it had taken
        }
      }
    }
    return tail.read(account, position)
        .compose(
            entries -> {
              one.delivered.entrySet().removeIf(this::needsNothing);
              account.deliveredNotLogged(one.delivered);
              entries.stream().filter(entry -> !entry.outgoing()).forEach(e -> hand(one, e));
              waiting(account);
              return catchUp(one);
            });
  }

  private boolean needsNothing(Map.Entry<Long, Long> originAndPosition) {
    return origins.contains(originAndPosition.getKey())
        || !tail.mayBeRepeated(originAndPosition.getValue());
  }

  private void hand(Incoming one, MailboxEntry entry) {
    List<Session> takers = new ArrayList<>();
    Stanza stanza = null;
    LiveAccount account = one.account;
    for (Session session : account.sessions()) {
      if (entry.id() > session.position() && session.hasCaughtUp() && !one.lost.contains(session)) {
        stanza = stanza == null ? Stanza.parse(entry.stanza()) : stanza;
        boolean meant =
            stanza.to().isFull() ? stanza.to().equals(session.jid()) : session.takesMessages();
        if (meant) {
          takers.add(session);
        }
      }
    }
    if (!takers.isEmpty()) {
      LOG.debug("{} of {} had not been handed {}", takers.size(), account.jid(), entry.id());
      routes.toTakers(takers, stanza, entry.id(), entry.origin());
    }
  }

  private void waiting(LiveAccount account) {
    for (Session session : account.sessions()) {
      if (!session.isConnected() && session.isResumable()) {
        resumption.await(account, session);
      }
    }
  }

  /** Delivers what waited in the log if the owner before did not come to an end with it. */
  private Future<Void> catchUp(Incoming one) {
    Future<Void> all = Future.succeededFuture();
    for (Session session : one.account.sessions()) {
      if (!one.lost.contains(session)
          && session.takesMessages()
          && !session.hasCaughtUp()
          && session.startCatchingUp()) {
        long handed = one.handedUpTo.getOrDefault(session, 0L);
        all = all.compose(v -> offline.deliver(one.account, session, handed));
      }
    }
    return all;
  }
}

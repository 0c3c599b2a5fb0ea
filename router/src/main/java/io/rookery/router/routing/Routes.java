package io.rookery.router.routing;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.rookery.cluster.Bus;
import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.router.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How a loop sends stanzas on: to the owners of their recipients and to clients.
 *
 * <p>Stanzas to one address stay in order when its owner changes. The loop goes by its own copy of
 * the table of owners, which changes between two stanzas. What a dead owner had not settled is sent
 * again before anything new; while an owner that lives still has stanzas to pass on or to settle,
 * new ones for the same partition wait.
 */
public final class Routes {

  /** A stanza whose settlement is still to come. */
  private static final class Underway {
    private final Stanza stanza;
    private final long origin;
    private final Settlement settlement;
    private boolean repeated;

    /** To whom it was sent; null while it waits. */
    private LoopAddress owner;

    /** It is among those that an owner before has still to settle. */
    private boolean leaving;

    private Underway(Stanza stanza, long origin, boolean repeated, Settlement settlement) {
      this.stanza = stanza;
      this.origin = origin;
      this.repeated = repeated;
      this.settlement = settlement;
    }

    private int partition() {
      return Partitions.of(stanza.to());
    }
  }

  private final Bus bus;
  private final Partitions partitions;
  private final Supplier<Set<String>> nodes;
  private final Set<String> domains;
  private final LoopAddress[] owners = new LoopAddress[Partitions.COUNT];

  /** By partition, stanzas that an owner before has still to settle. */
  private final int[] leaving = new int[Partitions.COUNT];

  private final LongObjectMap<Underway> underway = new LongObjectHashMap<>();
  private final Set<String> gone = new HashSet<>();
  private long nextTicket = 1;
  private long held;
  private long superseded;

  /**
   * @param nodes ids of the nodes in the cluster
   */
  public Routes(Bus bus, Partitions partitions, Supplier<Set<String>> nodes, Set<String> domains) {
    this.bus = bus;
    this.partitions = partitions;
    this.nodes = nodes;
    this.domains = Set.copyOf(domains);
    ownersChanged();
  }

  /** True when this service is responsible for the address. */
  public boolean serves(Jid address) {
    return domains.contains(address.domain());
  }

  public Set<String> domains() {
    return domains;
  }

  /** True when the loop's node has left the cluster. */
  public boolean isGone(LoopAddress loop) {
    return !gone.isEmpty() && gone.contains(loop.node());
  }

  public LoopAddress self() {
    return bus.self();
  }

  /** The loop that owns an account as far as is known here; null when none is. */
  public LoopAddress ownerOf(Jid account) {
    return owners[Partitions.of(account)];
  }

  /** All loops that own accounts. */
  public Set<LoopAddress> owners() {
    Set<LoopAddress> all = new HashSet<>();
    for (LoopAddress owner : owners) {
      if (owner != null) {
        all.add(owner);
      }
    }
    return all;
  }

  /** Sends a stanza to its recipient's owner; an error reply comes back where one is due. */
  public void route(Stanza stanza) {
    route(stanza, 0, false, Settlement.NONE);
  }

  /**
   * The same, and tells when its effects are durable.
   *
   * @param origin names the client's stanza over all repetitions, 0 when it is not a client's
   * @param repeated it may have been routed before
   */
  public void route(Stanza stanza, long origin, boolean repeated, Settlement settlement) {
    if (!serves(stanza.to())) {
      bounce(stanza, StanzaError.of(StanzaError.Condition.REMOTE_SERVER_NOT_FOUND));
      settlement.settled(true);
      return;
    }
    int partition = Partitions.of(stanza.to());
    LoopAddress owner = leaving[partition] == 0 ? owners[partition] : null;
    long ticket = 0;
    if (settlement != Settlement.NONE || owner == null) {
      ticket = nextTicket++;
      Underway one = new Underway(stanza, origin, repeated, settlement);
      one.owner = owner;
      underway.put(ticket, one);
    }
    if (owner != null) {
      bus.send(owner, new ToRouter.Routed(stanza, ticket, origin, repeated));
    }
  }

  /**
   * Passes a message on to a router that owns what it is about.
   *
   * @param from who gets the answer
   * @param hops how often it was passed on before
   */
  public void forward(LoopAddress from, long hops, ToRouter message, LoopAddress owner) {
    if (message instanceof ToRouter.Routed routed && routed.ticket() != 0) {
      relay(from, hops, routed, owner);
    } else {
      bus.send(owner, new ToRouter.Forwarded(from, hops + 1, message));
    }
  }

  /**
   * Who waits for the settlement knows only of this router, and would wait for ever if the owner
   * died with the stanza: it is under way from here as if it had begun here.
   */
  private void relay(LoopAddress from, long hops, ToRouter.Routed routed, LoopAddress owner) {
    long ticket = nextTicket++;
    Underway one =
        new Underway(
            routed.stanza(),
            routed.origin(),
            routed.repeated(),
            durable -> settle(from, routed, durable));
    one.owner = owner;
    underway.put(ticket, one);
    ToRouter.Routed ours =
        new ToRouter.Routed(routed.stanza(), ticket, routed.origin(), routed.repeated());
    bus.send(owner, new ToRouter.Forwarded(self(), hops + 1, ours));
  }

  /** Tells the sender of a routed stanza what became of it. */
  public void settle(LoopAddress from, ToRouter.Routed routed, boolean durable) {
    if (routed.ticket() != 0) {
      bus.send(from, new ToRouter.Settled(routed.ticket(), durable));
    }
  }

  /** A settlement has come. */
  public void settled(long ticket, boolean durable) {
    Underway done = underway.remove(ticket);
    if (done == null) {
      return;
    }
    done.settlement.settled(durable);
    if (done.leaving && --leaving[done.partition()] == 0) {
      sendWaiting();
    }
  }

  /** A node is gone: what it had not settled goes to the new owners, once they are known. */
  public void nodeLeft(String node) {
    gone.add(node);
    ownersChanged();
  }

  /** Owners may have changed, or nodes left. */
  public void ownersChanged() {
    Set<String> present = nodes.get();
    for (int p = 0; p < owners.length; p++) {
      LoopAddress owner = partitions.ownerOf(p);
      owners[p] = owner == null || !present.contains(owner.node()) ? null : owner;
    }
    Arrays.fill(leaving, 0);
    for (Underway one : underway.values()) {
      if (one.owner != null && !present.contains(one.owner.node())) {
        one.owner = null;
        one.repeated = true;
      }
      one.leaving = one.owner != null && !one.owner.equals(owners[one.partition()]);
      if (one.leaving) {
        leaving[one.partition()]++;
      }
    }
    sendWaiting();
  }

  private void sendWaiting() {
    List<Long> waiting = new ArrayList<>();
    for (LongObjectMap.PrimitiveEntry<Underway> entry : underway.entries()) {
      if (entry.value().owner == null) {
        waiting.add(entry.key());
      }
    }
    waiting.sort(null);
    for (long ticket : waiting) {
      Underway one = underway.get(ticket);
      if (one == null) {
        continue; // settled by now: an owner on this loop answers at once
      }
      int partition = one.partition();
      if (leaving[partition] == 0 && owners[partition] != null) {
        one.owner = owners[partition];
        bus.send(one.owner, new ToRouter.Routed(one.stanza, ticket, one.origin, one.repeated));
      }
    }
  }

  /** Stanzas whose settlement has not come. */
  public int underway() {
    return underway.size();
  }

  /** Hands a stanza that is not in the log to a client. */
  public void toSession(Session session, Stanza stanza) {
    toSession(session, stanza, 0, 0, false);
  }

  /**
   * Hands a stanza to a client; one that is to be resumed gets it then.
   *
   * @param position its id in the mailbox log, 0 when it is not there
   * @param origin as in {@link #route}
   * @param taken as in {@link Unacked#shared}
   */
  private void toSession(
      Session session, Stanza stanza, long position, long origin, boolean taken) {
    if (session.held() == null || !waits(session, stanza, position, origin, taken)) {
      hand(session, stanza, position, origin, taken);
    }
  }

  /** True when the stanza is held back; otherwise what was held is on its way before it. */
  private boolean waits(Session session, Stanza stanza, long position, long origin, boolean taken) {
    if (position != 0 || !session.held().mayWait(stanza)) {
      release(session);
      return false;
    }
    held++;
    if (session.held().hold(new Unacked(stanza, 0, origin, taken))) {
      superseded++;
    }
    if (session.held().isFull()) {
      release(session);
    }
    return true;
  }

  /** Hands a client what was held back while nobody looked at it (XEP-0352). */
  public void release(Session session) {
    if (session.held() != null) {
      for (Unacked one : session.held().take()) {
        hand(session, one.stanza(), one.position(), one.origin(), one.shared());
      }
    }
  }

  /** Stanzas held back since the start; may be asked from another thread. */
  public long held() {
    return held;
  }

  /** Those of them that were never sent, because a later one said more. */
  public long superseded() {
    return superseded;
  }

  private void hand(Session session, Stanza stanza, long position, long origin, boolean taken) {
    session.handed(stanza, position, origin, taken);
    if (session.isConnected()) {
      send(session, stanza, position, origin, taken);
    }
  }

  /** Hands a stanza of an account to one of its clients or several. */
  public void toTakers(List<Session> takers, Stanza stanza, long position, long origin) {
    if (takers.size() == 1) {
      toSession(takers.get(0), stanza, position, origin, false);
    } else {
      List<Jid> addressees = Collections.nCopies(takers.size(), stanza.to());
      toSessions(stanza, takers, addressees, position, origin);
    }
  }

  /** Sends once more what is in the session's outbox already. */
  public void send(Session session, Stanza stanza, long position, long origin, boolean shared) {
    bus.send(
        session.connector(),
        new ToConnector.ToClient(session.stream(), stanza, position, origin, shared));
  }

  /** Hands a stanza that is not in the log to several clients. */
  public void toSessions(Stanza stanza, List<Session> sessions, List<Jid> addressees) {
    toSessions(stanza, sessions, addressees, 0, 0);
  }

  /**
   * The same for what a client's stanza has led to.
   *
   * @param origin by which the account's next owner can tell a repetition of it
   */
  public void toSessions(Stanza stanza, List<Session> sessions, List<Jid> addressees, long origin) {
    toSessions(stanza, sessions, addressees, 0, origin);
  }

  /** Hands a stanza to several clients: one message for each loop of a connector. */
  private void toSessions(
      Stanza stanza, List<Session> sessions, List<Jid> addressees, long position, long origin) {
    if (sessions.size() == 1) {
      toSession(sessions.get(0), stanza.withTo(addressees.get(0)), position, origin, false);
      return;
    }
    boolean taken = sessions.stream().anyMatch(Routes::takesAtOnce);
    Map<LoopAddress, List<Integer>> byConnector = new HashMap<>();
    for (int i = 0; i < sessions.size(); i++) {
      Session session = sessions.get(i);
      if (session.held() != null
          && waits(session, stanza.withTo(addressees.get(i)), position, origin, taken)) {
        continue;
      }
      session.position(position);
      if (session.outbox() != null) {
        session.handed(stanza.withTo(addressees.get(i)), position, origin, taken);
      }
      if (session.isConnected()) {
        byConnector.computeIfAbsent(session.connector(), c -> new ArrayList<>()).add(i);
      }
    }
    byConnector.forEach(
        (connector, indexes) -> {
          long[] streams = new long[indexes.size()];
          Jid[] tos = new Jid[streams.length];
          for (int i = 0; i < streams.length; i++) {
            streams[i] = sessions.get(indexes.get(i)).stream();
            tos[i] = addressees.get(indexes.get(i));
          }
          bus.send(connector, new ToConnector.ToClients(stanza, streams, tos, position, origin));
        });
  }

  private static boolean takesAtOnce(Session session) {
    return session.isConnected() && session.outbox() == null;
  }

  /** Sends one stanza to many accounts: one message for each owner. */
  public void fanout(Stanza stanza, Collection<Jid> recipients) {
    Map<LoopAddress, List<Jid>> byOwner = new HashMap<>();
    for (Jid recipient : recipients) {
      LoopAddress owner = serves(recipient) ? owners[Partitions.of(recipient)] : null;
      if (owner != null) {
        byOwner.computeIfAbsent(owner, o -> new ArrayList<>()).add(recipient);
      } else if (serves(recipient)) {
        route(stanza.withTo(recipient)); // waits for an owner
      }
    }
    byOwner.forEach(
        (owner, jids) -> bus.send(owner, new ToRouter.Fanout(stanza, jids.toArray(new Jid[0]))));
  }

  /** Tells a connector how far it has come with a stream. */
  public void report(Session session) {
    if (session.isConnected()) {
      bus.send(
          session.connector(),
          new ToConnector.Handled(session.stream(), session.progress().report()));
    }
  }

  /** Returns a stanza to its sender, unless it is one that is never answered. */
  public void bounce(Stanza stanza, StanzaError error) {
    if (stanza.isError() || stanza.type() == StanzaType.IQ_RESULT || stanza.from() == null) {
      return;
    }
    Stanza reply = stanza.error(error);
    if (serves(reply.to()) && !reply.to().isDomain()) {
      route(reply);
    }
  }
}

package io.rookery.router.routing;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.rookery.cluster.Bus;
import io.rookery.cluster.Ownership;
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
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** How a loop sends stanzas on: to the owners of their recipients and to clients. */
public final class Routes {

  /** A stanza whose settlement is still to come. */
  private record Underway(
      Stanza stanza, long origin, LoopAddress owner, Settlement settlement, boolean sent) {}

  private final Bus bus;
  private final Ownership ownership;
  private final Set<String> domains;
  private final LongObjectMap<Underway> underway = new LongObjectHashMap<>();
  private final Set<String> gone = new HashSet<>();

  /** The last one underway to each account. */
  private final Map<Jid, Underway> last = new HashMap<>();

  /** Those of them that wait for their turn, or for an owner. */
  private int unsent;

  private long nextTicket = 1;

  public Routes(Bus bus, Ownership ownership, Set<String> domains) {
    this.bus = bus;
    this.ownership = ownership;
    this.domains = Set.copyOf(domains);
  }

  /** True when this service is responsible for the address. */
  public boolean serves(Jid address) {
    return domains.contains(address.domain());
  }

  public Set<String> domains() {
    return domains;
  }

  /** The owner of an address, null while there is none, or none that lives. */
  public LoopAddress ownerOf(Jid address) {
    LoopAddress owner = ownership.ownerOf(address);
    return owner == null || isGone(owner) ? null : owner;
  }

  /** True when the loop's node has left the cluster. */
  public boolean isGone(LoopAddress loop) {
    return !gone.isEmpty() && gone.contains(loop.node());
  }

  public LoopAddress self() {
    return bus.self();
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
    LoopAddress owner = ownerOf(stanza.to());
    long ticket = 0;
    if (settlement != Settlement.NONE || owner == null) {
      ticket = nextTicket++;
      Jid account = stanza.to().bare();
      Underway before = last.get(account);
      if (before != null && !Objects.equals(before.owner, owner)) {
        owner = null; // not before what another owner may be passing on
      }
      underway(ticket, new Underway(stanza, origin, owner, settlement, owner != null));
    }
    if (owner != null) {
      bus.send(owner, new ToRouter.Routed(stanza, ticket, origin, repeated));
    }
  }

  private void underway(long ticket, Underway stanza) {
    Underway before = underway.put(ticket, stanza);
    Jid account = stanza.stanza.to().bare();
    if (before == null || last.get(account) == before) {
      last.put(account, stanza);
    }
    unsent += (stanza.owner == null ? 1 : 0) - (before != null && before.owner == null ? 1 : 0);
  }

  private void forget(Underway done) {
    Jid account = done.stanza.to().bare();
    if (last.get(account) == done) {
      last.remove(account);
    }
    unsent -= done.owner == null ? 1 : 0;
  }

  /**
   * Passes a message on to a router that owns what it is about.
   *
   * @param from who gets the answer
   * @param hops how often it was passed on before
   */
  public void forward(LoopAddress from, long hops, ToRouter message, LoopAddress owner) {
    bus.send(owner, new ToRouter.Forwarded(from, hops + 1, message));
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
    if (done != null) {
      forget(done);
      done.settlement.settled(durable);
      if (unsent > 0 && !Objects.equals(done.owner, ownerOf(done.stanza.to()))) {
        resend(); // what waited behind it
      }
    }
  }

  /** A node is gone: what it had not settled goes to the new owners, once they are known. */
  public void nodeLeft(String node) {
    gone.add(node);
    resend();
  }

  /** What was sent to a router that is gone, or had no owner, goes to the present owners. */
  public void ownersChanged() {
    resend();
  }

  /** To be called about once a second: this node may be allowed to act again. */
  public void check() {
    if (unsent > 0) {
      resend();
    }
  }

  private void resend() {
    long[] tickets = underway.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    Set<Jid> elsewhere = new HashSet<>();
    for (long ticket : tickets) {
      Underway again = underway.get(ticket);
      if (again == null) {
        continue; // settled by now: an owner on this loop answers at once
      }
      LoopAddress owner = ownerOf(again.stanza.to());
      boolean lost = again.owner == null || isGone(again.owner);
      if (!lost && !again.owner.equals(owner)) {
        elsewhere.add(again.stanza.to().bare()); // that one passes it on
      } else if (lost && owner != null && !elsewhere.contains(again.stanza.to().bare())) {
        underway(ticket, new Underway(again.stanza, again.origin, owner, again.settlement, true));
        bus.send(owner, new ToRouter.Routed(again.stanza, ticket, again.origin, again.sent));
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

  /** Sends one presence to many accounts: one message for each owner. */
  public void fanout(Stanza presence, Collection<Jid> recipients) {
    Map<LoopAddress, List<Jid>> byOwner = new HashMap<>();
    for (Jid recipient : recipients) {
      LoopAddress owner = serves(recipient) ? ownerOf(recipient) : null;
      if (owner != null) {
        byOwner.computeIfAbsent(owner, o -> new ArrayList<>()).add(recipient);
      } else if (serves(recipient)) {
        route(presence.withTo(recipient)); // waits for an owner
      }
    }
    byOwner.forEach(
        (owner, jids) -> bus.send(owner, new ToRouter.Fanout(presence, jids.toArray(new Jid[0]))));
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

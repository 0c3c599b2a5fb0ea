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
import io.rookery.router.session.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How a loop sends stanzas on: to the owners of their recipients and to clients. */
public final class Routes {

  /** A stanza whose settlement is still to come. */
  private record Underway(Stanza stanza, LoopAddress owner, Settlement settlement) {}

  private final Bus bus;
  private final Ownership ownership;
  private final Set<String> domains;
  private final LongObjectMap<Underway> underway = new LongObjectHashMap<>();
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

  /** The owner of an address, null while there is none. */
  public LoopAddress ownerOf(Jid address) {
    return ownership.ownerOf(address);
  }

  public boolean owns(Jid address) {
    return bus.self().equals(ownership.ownerOf(address));
  }

  public LoopAddress self() {
    return bus.self();
  }

  /** Sends a stanza to its recipient's owner; an error reply comes back where one is due. */
  public void route(Stanza stanza) {
    route(stanza, Settlement.NONE);
  }

  /** The same, and tells when its effects are durable. */
  public void route(Stanza stanza, Settlement settlement) {
    Jid to = stanza.to();
    LoopAddress owner = domains.contains(to.domain()) ? ownership.ownerOf(to) : null;
    if (owner == null) {
      StanzaError.Condition condition =
          serves(to)
              ? StanzaError.Condition.RESOURCE_CONSTRAINT
              : StanzaError.Condition.REMOTE_SERVER_NOT_FOUND;
      bounce(stanza, StanzaError.of(condition));
      settlement.settled(true);
      return;
    }
    long ticket = 0;
    if (settlement != Settlement.NONE) {
      ticket = nextTicket++;
      underway.put(ticket, new Underway(stanza, owner, settlement));
    }
    bus.send(owner, new ToRouter.Routed(stanza, ticket, null));
  }

  /** Passes on what came to a stale owner; the settlement goes to where it came from. */
  public void forward(LoopAddress from, ToRouter.Routed routed, LoopAddress owner) {
    LoopAddress origin = routed.origin() == null ? from : routed.origin();
    bus.send(owner, new ToRouter.Routed(routed.stanza(), routed.ticket(), origin));
  }

  /** Tells the sender of a routed stanza what became of it. */
  public void settle(LoopAddress from, ToRouter.Routed routed, boolean durable) {
    if (routed.ticket() != 0) {
      LoopAddress origin = routed.origin() == null ? from : routed.origin();
      bus.send(origin, new ToRouter.Settled(routed.ticket(), durable));
    }
  }

  /** A settlement has come. */
  public void settled(long ticket, boolean durable) {
    Underway done = underway.remove(ticket);
    if (done != null) {
      done.settlement.settled(durable);
    }
  }

  /** A node is gone: what it had not settled goes to the new owners. */
  public void nodeLeft(String node) {
    List<Long> lost = new ArrayList<>();
    for (LongObjectMap.PrimitiveEntry<Underway> entry : underway.entries()) {
      if (entry.value().owner.node().equals(node)) {
        lost.add(entry.key());
      }
    }
    lost.sort(null);
    for (long ticket : lost) {
      Underway again = underway.remove(ticket);
      route(again.stanza, again.settlement);
    }
  }

  /** Stanzas whose settlement has not come. */
  public int underway() {
    return underway.size();
  }

  /** Hands a stanza to a client. */
  public void toSession(Session session, Stanza stanza) {
    bus.send(session.connector(), new ToConnector.ToClient(session.stream(), stanza));
  }

  /** Hands a stanza to several clients: one message for each loop of a connector. */
  public void toSessions(Stanza stanza, List<Session> sessions, List<Jid> addressees) {
    if (sessions.size() == 1) {
      toSession(sessions.get(0), stanza.withTo(addressees.get(0)));
      return;
    }
    Map<LoopAddress, List<Integer>> byConnector = new HashMap<>();
    for (int i = 0; i < sessions.size(); i++) {
      byConnector.computeIfAbsent(sessions.get(i).connector(), c -> new ArrayList<>()).add(i);
    }
    byConnector.forEach(
        (connector, indexes) -> {
          long[] streams = new long[indexes.size()];
          Jid[] tos = new Jid[streams.length];
          for (int i = 0; i < streams.length; i++) {
            streams[i] = sessions.get(indexes.get(i)).stream();
            tos[i] = addressees.get(indexes.get(i));
          }
          bus.send(connector, new ToConnector.ToClients(stanza, streams, tos));
        });
  }

  /** Sends one presence to many accounts: one message for each owner. */
  public void fanout(Stanza presence, Collection<Jid> recipients) {
    Map<LoopAddress, List<Jid>> byOwner = new HashMap<>();
    for (Jid recipient : recipients) {
      LoopAddress owner = serves(recipient) ? ownership.ownerOf(recipient) : null;
      if (owner != null) {
        byOwner.computeIfAbsent(owner, o -> new ArrayList<>()).add(recipient);
      }
    }
    byOwner.forEach(
        (owner, jids) ->
            bus.send(owner, new ToRouter.Fanout(presence, jids.toArray(new Jid[0]))));
  }

  /** Tells a connector how far it has come with a stream. */
  public void report(Session session) {
    bus.send(
        session.connector(),
        new ToConnector.Handled(session.stream(), session.progress().report()));
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

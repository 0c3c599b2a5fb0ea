package io.rookery.router.routing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import io.rookery.router.routing.RecordedBus.Sent;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoutesTest {
  private static final LoopAddress SELF = new LoopAddress("self", 0);
  private static final LoopAddress OTHER = new LoopAddress("other", 1);
  private static final LoopAddress THIRD = new LoopAddress("third", 0);
  private static final Jid JULIET = Given.JULIET;
  private static final Jid NURSE = Jid.parse("nurse@capulet.example");

  private final Set<String> nodes = new HashSet<>(Set.of("self", "other", "third"));
  private final RecordedBus bus = new RecordedBus(SELF);
  private final Map<Jid, LoopAddress> owners =
      new HashMap<>(Map.of(JULIET, OTHER, NURSE, THIRD, Given.ROMEO.bare(), SELF));
  private final Routes routes =
      new Routes(
          bus,
          new Partitions() {
            @Override
            public LoopAddress ownerOf(int partition) {
              return owners.entrySet().stream()
                  .filter(owned -> Partitions.of(owned.getKey()) == partition)
                  .map(Map.Entry::getValue)
                  .findFirst()
                  .orElse(null);
            }
          },
          () -> nodes,
          Set.of("capulet.example", "montague.example"));
  private final List<String> settled = new ArrayList<>();

  private static Stanza chat(Jid to, String id) {
    return Stanza.of(StanzaType.MESSAGE_CHAT, Given.ROMEO, to, id);
  }

  private void send(Jid to, String id) {
    routes.route(chat(to, id), 9, false, durable -> settled.add(id + " " + durable));
  }

  private WireMessage theOnly(LoopAddress to) {
    List<Sent> sent = bus.taken();
    assertEquals(1, sent.size());
    assertEquals(to, sent.get(0).to());
    return sent.get(0).message();
  }

  private List<String> routedTo(LoopAddress to) {
    return bus.taken().stream()
        .filter(sent -> sent.to().equals(to))
        .map(sent -> ((ToRouter.Routed) sent.message()).stanza().id())
        .toList();
  }

  @Test
  void aSettlementFindsItsStanzaOnce() {
    send(JULIET, "1");
    send(JULIET, "2");
    List<Long> tickets =
        bus.taken().stream().map(sent -> ((ToRouter.Routed) sent.message()).ticket()).toList();
    routes.settled(tickets.get(1), false);
    routes.settled(tickets.get(0), true);
    routes.settled(tickets.get(0), false);
    routes.settled(4711, false);
    assertEquals(List.of("2 false", "1 true"), settled);
    assertEquals(0, routes.underway());
  }

  @Test
  void whatNobodyAsksAboutHasNoTicket() {
    routes.route(chat(JULIET, "1"));
    assertEquals(0, assertInstanceOf(ToRouter.Routed.class, theOnly(OTHER)).ticket());
    assertEquals(0, routes.underway());
  }

  @Test
  void whatALostNodeDidNotSettleGoesToTheNewOwnersInOrder() {
    send(JULIET, "1");
    send(NURSE, "2");
    send(JULIET, "3");
    routes.settled(((ToRouter.Routed) bus.taken().get(0).message()).ticket(), true);
    send(JULIET, "4");
    bus.taken();
    owners.put(JULIET, THIRD);
    nodes.remove("other");
    routes.nodeLeft("other");
    assertEquals(List.of("3", "4"), routedTo(THIRD));
    assertEquals(3, routes.underway());
    assertEquals(List.of("1 true"), settled);
  }

  @Test
  void whatIsSentAgainSaysSo() {
    send(JULIET, "1");
    assertEquals(false, ((ToRouter.Routed) theOnly(OTHER)).repeated());
    nodes.remove("other");
    routes.nodeLeft("other");
    assertEquals(List.of(), bus.taken(), "the table still names the one that is gone");
    owners.put(JULIET, THIRD);
    routes.ownersChanged();
    ToRouter.Routed again = (ToRouter.Routed) theOnly(THIRD);
    assertEquals(true, again.repeated());
    assertEquals(9, again.origin());
  }

  @Test
  void nothingOvertakesWhatADeadOwnerHad() {
    send(JULIET, "1");
    bus.taken();
    nodes.remove("other");
    owners.put(JULIET, THIRD);
    send(JULIET, "2"); // the loop does not know the new table yet
    routes.ownersChanged();
    send(JULIET, "3");
    assertEquals(List.of("1", "2", "3"), routedTo(THIRD));
  }

  @Test
  void nothingOvertakesWhatAnOwnerBeforePassesOn() {
    send(JULIET, "1");
    send(JULIET, "2");
    List<Long> tickets =
        bus.taken().stream().map(sent -> ((ToRouter.Routed) sent.message()).ticket()).toList();
    owners.put(JULIET, THIRD);
    routes.ownersChanged();
    send(JULIET, "3");
    send(NURSE, "other partition");
    assertEquals(List.of("other partition"), routedTo(THIRD));
    routes.settled(tickets.get(0), true);
    assertEquals(List.of(), bus.taken());
    routes.settled(tickets.get(1), true);
    assertEquals(List.of("3"), routedTo(THIRD));
    send(JULIET, "4");
    assertEquals(List.of("4"), routedTo(THIRD));
  }

  @Test
  void withoutAnyOwnerItWaitsForOne() {
    owners.remove(JULIET);
    routes.ownersChanged();
    send(JULIET, "1");
    routes.route(chat(JULIET, "2"));
    assertEquals(List.of(), bus.taken());
    owners.put(JULIET, OTHER);
    routes.ownersChanged();
    assertEquals(List.of("1", "2"), routedTo(OTHER));
    routes.ownersChanged();
    assertEquals(List.of(), bus.taken(), "once");
  }

  @Test
  void aStaleOwnerPassesOnAndAnswersWhenTheOwnerHasAnswered() {
    routes.forward(THIRD, 0, new ToRouter.Routed(chat(JULIET, "1"), 5, 9, false), OTHER);
    ToRouter.Forwarded passed = (ToRouter.Forwarded) theOnly(OTHER);
    assertEquals(SELF, passed.sender());
    assertEquals(1, passed.hops());
    ToRouter.Routed inside = (ToRouter.Routed) passed.message();
    assertEquals(chat(JULIET, "1"), inside.stanza());
    assertEquals(9, inside.origin());
    routes.settled(inside.ticket(), true);
    assertEquals(new ToRouter.Settled(5, true), theOnly(THIRD));
    assertEquals(0, routes.underway());
  }

  @Test
  void whatWasPassedOnToAnOwnerThatDiesGoesToTheNextOne() {
    routes.forward(THIRD, 0, new ToRouter.Routed(chat(JULIET, "1"), 5, 9, false), OTHER);
    routes.forward(THIRD, 0, new ToRouter.Routed(chat(JULIET, "2"), 6, 10, false), OTHER);
    bus.taken();
    owners.put(JULIET, SELF);
    nodes.remove("other");
    routes.nodeLeft("other");
    List<Sent> sent = bus.taken();
    assertEquals(List.of(SELF, SELF), sent.stream().map(Sent::to).toList());
    List<ToRouter.Routed> again =
        sent.stream().map(one -> (ToRouter.Routed) one.message()).toList();
    assertEquals(List.of("1", "2"), again.stream().map(one -> one.stanza().id()).toList());
    assertTrue(again.stream().allMatch(ToRouter.Routed::repeated));
    routes.settled(again.get(0).ticket(), true);
    assertEquals(new ToRouter.Settled(5, true), theOnly(THIRD));
  }

  @Test
  void whatNobodyAsksAboutIsPassedOnAsItIs() {
    ToRouter.Routed routed = new ToRouter.Routed(chat(JULIET, "1"), 0, 0, false);
    routes.forward(THIRD, 0, routed, OTHER);
    assertEquals(new ToRouter.Forwarded(THIRD, 1, routed), theOnly(OTHER));
    routes.settle(OTHER, routed, true);
    assertEquals(List.of(), bus.taken());
    assertEquals(0, routes.underway());
  }

  @Test
  void anUnknownDomainIsSaidToBeNotFound() {
    send(Jid.parse("a@elsewhere.example"), "1");
    Stanza error = ((ToRouter.Routed) theOnly(SELF)).stanza();
    assertEquals(Given.ROMEO, error.to());
    assertEquals("remote-server-not-found", error.payload().element(0).children().get(0).name());
  }

  @ParameterizedTest
  @EnumSource(names = {"MESSAGE_ERROR", "PRESENCE_ERROR", "IQ_ERROR", "IQ_RESULT"})
  void someAreNeverAnswered(StanzaType type) {
    routes.bounce(
        Stanza.of(type, Given.ROMEO, JULIET, "1"), StanzaError.of(StanzaError.Condition.GONE));
    assertEquals(List.of(), bus.taken());
  }

  @Test
  void aFanoutIsOneMessageForEachOwner() {
    routes.fanout(
        Stanza.of(StanzaType.PRESENCE_AVAILABLE, Given.ROMEO, null, null),
        List.of(JULIET, NURSE, Jid.parse("a@elsewhere.example")));
    List<Sent> sent = bus.taken();
    assertEquals(Set.of(OTHER, THIRD), Set.copyOf(sent.stream().map(Sent::to).toList()));
    assertEquals(2, sent.size());
  }

  @Test
  void sessionsOfOneConnectorGetOneMessage() {
    LiveAccount account = Given.account(JULIET, true);
    Session a = Given.available(account, "a", 0);
    Session b = Given.available(account, "b", 0);
    routes.toSessions(chat(JULIET, "1"), List.of(a, b), List.of(JULIET, NURSE));
    ToConnector.ToClients message = (ToConnector.ToClients) theOnly(Given.CONNECTOR);
    assertArrayEquals(new long[] {0, 1}, message.streams());
    assertArrayEquals(new Jid[] {JULIET, NURSE}, message.addressees());
    routes.toSessions(chat(JULIET, "1"), List.of(b), List.of(NURSE));
    assertEquals(
        new ToConnector.ToClient(1, chat(NURSE, "1"), 0, 0, false), theOnly(Given.CONNECTOR));
  }
}

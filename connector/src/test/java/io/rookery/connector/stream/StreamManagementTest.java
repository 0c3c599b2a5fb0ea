package io.rookery.connector.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.connector.ConnectorConfig;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.protocol.wire.WireMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0198 between a recorded transport and a recorded bus. */
class StreamManagementTest {
  private static final LoopAddress ROUTER = new LoopAddress("router", 0);
  private static final LoopAddress NEXT = new LoopAddress("next", 0);
  private static final LoopAddress THIRD = new LoopAddress("third", 0);
  private static final Jid JULIET = Jid.parse("juliet@capulet.example");
  private static final Jid BALCONY = JULIET.withResource("balcony");
  private static final String NS = "xmlns='urn:xmpp:sm:3'";
  private static final String R = "<r " + NS + "/>";
  private static final int MAX_UNACKED = 20;

  private final SetClock clock = new SetClock();
  private final ClientStreamTest.RecordedBus bus = new ClientStreamTest.RecordedBus();
  private final ClientStreamTest.RecordedTransport transport =
      new ClientStreamTest.RecordedTransport();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private LoopAddress owner = ROUTER;
  private ConnectorLoop loop;
  private ClientStream stream;

  @BeforeEach
  void login() {
    ConnectorConfig config = ClientStreamTest.config(ConnectorConfig.TlsPolicy.OPTIONAL, 0);
    loop =
        new ConnectorLoop(
            bus,
            address -> owner,
            number -> ROUTER,
            config,
            new AddressBook(config.address(), clock),
            new ConnectorMetrics(meters, 0),
            () -> "id",
            clock,
            Runnable::run);
    stream = loop.accept(transport);
    receive(
        ClientStreamTest.HEADER
            + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>");
    loop.saslSuccess(new ToConnector.SaslSuccess(stream.number, JULIET, null));
    receive(ClientStreamTest.HEADER);
    transport.taken();
    bus.sent.clear();
  }

  private void bind() {
    receive("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    loop.bound(ROUTER, new ToConnector.Bound(stream.number, BALCONY));
    transport.taken();
    bus.sent.clear();
  }

  private void enable(String id) {
    bind();
    receive("<enable " + NS + " resume='true'/>");
    loop.acksEnabled(ROUTER, new ToConnector.AcksEnabled(stream.number, id, 300));
    transport.taken();
    bus.sent.clear();
  }

  private void resumed(long counter, long base, long acked) {
    receive("<resume " + NS + " previd='sm' h='" + (acked & 0xFFFFFFFFL) + "'/>");
    bus.sent.clear();
    loop.resumed(
        ROUTER, new ToConnector.Resumed(stream.number, BALCONY, "sm", counter, base, acked));
  }

  private void receive(String xml) {
    stream.received(xml.getBytes(StandardCharsets.UTF_8));
  }

  private void acknowledge(long h) {
    receive("<a " + NS + " h='" + h + "'/>");
  }

  private void deliver(LoopAddress from, int count) {
    for (int i = 0; i < count; i++) {
      Stanza message = Stanza.of(StanzaType.MESSAGE_CHAT, JULIET, BALCONY, Integer.toString(i));
      loop.toClient(from, new ToConnector.ToClient(stream.number, message, 10 + i, i, false));
    }
  }

  private void handled(long counter) {
    loop.handled(ROUTER, new ToConnector.Handled(stream.number, counter));
  }

  private boolean asked() {
    return transport.taken().contains("<r ");
  }

  private static String a(long h) {
    return "<a xmlns='urn:xmpp:sm:3' h='" + h + "'/>";
  }

  @Test
  void whatFollowsTheRequestCounts() {
    bind();
    receive("<message/><enable " + NS + " resume='1' max='60'/><message/>");
    assertEquals(new ToRouter.EnableAcks(BALCONY, stream.number, 1, true, 60), bus.sent.get(1));
    assertEquals(2, bus.sent.size(), "the stanza behind it waits for the answer");
    deliver(ROUTER, 1);
    loop.acksEnabled(ROUTER, new ToConnector.AcksEnabled(stream.number, "sm", 60));
    assertTrue(
        transport
            .taken()
            .endsWith("<enabled xmlns='urn:xmpp:sm:3' id='sm' resume='true' max='60'/>"));
    receive(R);
    handled(2);
    assertTrue(transport.taken().endsWith(a(1)));
    assertEquals(0, stream.management().unacked().length, "what was sent before does not count");
  }

  @ParameterizedTest
  @CsvSource({
    "<enable xmlns='urn:xmpp:sm:3'/>, unexpected-request",
    "<resume xmlns='urn:xmpp:sm:3' previd='sm'/>, bad-request",
    "<resume xmlns='urn:xmpp:sm:3' h='0'/>, bad-request",
    "<resume xmlns='urn:xmpp:sm:3' previd='sm' h='-1'/>, bad-request",
  })
  void whatComesTooEarlyOrMalformedFails(String request, String condition) {
    receive(request);
    assertTrue(transport.taken().contains("<failed xmlns='urn:xmpp:sm:3'><" + condition));
    assertFalse(transport.closed);
  }

  @Test
  void aRefusedStreamMayBind() {
    receive("<resume " + NS + " previd='sm' h='0'/>");
    loop.resumeRefused(new ToConnector.ResumeRefused(stream.number, "item-not-found", 1L << 32));
    assertTrue(transport.taken().contains("<failed xmlns='urn:xmpp:sm:3' h='0'><item-not-found"));
    bind();
    assertEquals(BALCONY, stream.session());
  }

  @Test
  void anAnswerWaitsUntilAllThatCameIsHandled() {
    enable("sm");
    receive(R);
    assertTrue(transport.taken().endsWith(a(0)), "nothing to wait for");
    receive("<message/><message/>" + R);
    assertEquals(new ToRouter.AckWanted(BALCONY, stream.number, 2), bus.sent.get(2));
    handled(1);
    assertEquals("", transport.taken());
    handled(2);
    assertEquals(a(2), transport.taken());
    handled(2);
    assertEquals("", transport.taken(), "once");
  }

  @Test
  void anAnswerComesAfterFiveSecondsAtTheLatest() {
    enable("sm");
    receive("<message/><message/>" + R);
    handled(1);
    clock.now += 5000;
    loop.checkTimes();
    assertEquals("", transport.taken());
    clock.now += 1;
    loop.checkTimes();
    assertEquals(a(1), transport.taken());
  }

  @Test
  void bothCountsWrapAround() {
    long last = (1L << 32) - 1;
    resumed(last + 4, 4, last);
    assertTrue(transport.taken().contains("h='" + last + "'/>"));
    receive("<message/>" + R);
    handled(last + 5);
    assertEquals(a(0), transport.taken());
    deliver(ROUTER, 2);
    acknowledge(1);
    assertEquals(last + 2, stream.management().acked());
    assertFalse(transport.closed);
  }

  @Test
  void moreThanWasSentCannotBeAcknowledged() {
    enable("sm");
    deliver(ROUTER, 3);
    acknowledge(2);
    assertEquals(List.of(new ToRouter.ClientAcked(BALCONY, stream.number, 2)), bus.sent);
    acknowledge(2);
    assertEquals(1, bus.sent.size(), "nothing new");
    acknowledge(4);
    String end = transport.taken();
    assertTrue(end.contains("<handled-count-too-high") && end.contains("h='4'"), end);
    assertTrue(transport.closed);
  }

  @Test
  void requestsAdaptToHowBusyTheStreamIs() {
    enable("sm");
    deliver(ROUTER, 7);
    assertFalse(asked());
    deliver(ROUTER, 1);
    assertTrue(asked());
    deliver(ROUTER, 10);
    assertFalse(asked(), "one at a time");
    acknowledge(18);
    deliver(ROUTER, 9);
    assertFalse(asked(), "ten came in a round trip: not before twenty");
    deliver(ROUTER, 1);
    assertTrue(asked());
  }

  @Test
  void whatIsLeftOverIsAskedForAndOwedForOnlySoLong() {
    enable("sm");
    deliver(ROUTER, 1);
    loop.checkTimes();
    assertTrue(asked());
    clock.now += 60_001;
    loop.checkTimes();
    assertTrue(transport.taken().contains("<connection-timeout"));
    ToRouter.StreamEnded ended = (ToRouter.StreamEnded) bus.sent.get(bus.sent.size() - 1);
    assertFalse(ended.orderly(), "it may resume");
  }

  @Test
  void whoAcknowledgesTooLittleIsCutOff() {
    enable("sm");
    deliver(ROUTER, MAX_UNACKED);
    assertFalse(transport.closed);
    deliver(ROUTER, 1);
    assertTrue(transport.closed);
    assertEquals(
        new ToRouter.StreamEnded(BALCONY, stream.number, false), bus.sent.get(bus.sent.size() - 1));
    assertEquals(0, meters.get("rookery.connector.unacked").gauge().value());
  }

  @Test
  void aNewOwnerIsToldTheStateAndThenWhatIsInFlight() {
    enable("sm");
    receive("<message/><message/><message/>" + R);
    handled(1);
    deliver(ROUTER, 2);
    acknowledge(1);
    bus.sent.clear();
    loop.stateWanted(NEXT, new ToConnector.StateWanted(stream.number, BALCONY));
    ToRouter.StreamState state = (ToRouter.StreamState) bus.sent.get(0);
    assertEquals(3, state.counter());
    assertEquals(1, state.handled());
    assertEquals(1, state.acked());
    assertEquals(11, state.position());
    assertArrayEquals(
        new long[] {11}, Arrays.stream(state.unacked()).mapToLong(Unacked::position).toArray());
    List<WireMessage> rest = bus.sent.subList(1, bus.sent.size());
    assertEquals(List.of(2L, 3L), bus.counters());
    assertEquals(new ToRouter.AckWanted(BALCONY, stream.number, 3), rest.get(2));
  }

  /** XEP-0352: not counted, not answered, and known to every owner. */
  @Test
  void aNewOwnerIsToldThatNobodyLooksAtTheClient() {
    enable("sm");
    receive("<active xmlns='urn:xmpp:csi:0'/>");
    assertEquals(List.of(), bus.sent, "it is active from the beginning");
    receive("<inactive xmlns='urn:xmpp:csi:0'/><inactive xmlns='urn:xmpp:csi:0'/>");
    ToRouter inactive = new ToRouter.ClientState(BALCONY, stream.number, false);
    assertEquals(List.of(inactive), bus.sent);
    bus.sent.clear();
    loop.stateWanted(ROUTER, new ToConnector.StateWanted(stream.number, BALCONY));
    assertTrue(bus.sent.get(0) instanceof ToRouter.StreamState);
    assertEquals(inactive, bus.sent.get(1));
    receive("<active xmlns='urn:xmpp:csi:0'/><nonsense xmlns='urn:xmpp:csi:0'/>");
    assertEquals(
        new ToRouter.ClientState(BALCONY, stream.number, true), bus.sent.get(bus.sent.size() - 1));
    assertEquals("", transport.taken());
  }

  @Test
  void theOwnerBeforeHasNothingToSayAnyMore() {
    enable("sm");
    receive("<message/>" + R);
    loop.stateWanted(NEXT, new ToConnector.StateWanted(stream.number, BALCONY));
    handled(1);
    deliver(ROUTER, 1);
    assertEquals("", transport.taken());
    deliver(NEXT, 1);
    assertEquals(1, stream.management().unacked().length);
  }

  @Test
  void aRequestThatNoOwnerHasAnsweredIsMadeAgain() {
    bind();
    receive("<enable " + NS + "/>");
    loop.stateWanted(NEXT, new ToConnector.StateWanted(stream.number, BALCONY));
    assertTrue(bus.sent.get(2) instanceof ToRouter.EnableAcks);
    loop.acksEnabled(NEXT, new ToConnector.AcksEnabled(stream.number, null, 0));
    assertEquals("<enabled xmlns='urn:xmpp:sm:3'/>", transport.taken());
  }

  @Test
  void whoAsksForAStreamThatIsGoneIsTold() {
    enable("sm");
    stream.disconnected();
    bus.sent.clear();
    loop.stateWanted(NEXT, new ToConnector.StateWanted(stream.number, BALCONY));
    loop.stateWanted(THIRD, new ToConnector.StateWanted(stream.number, BALCONY));
    ToRouter ended = new ToRouter.StreamEnded(BALCONY, stream.number, false);
    for (int i = 0; i < 4; i += 2) {
      assertTrue(bus.sent.get(i) instanceof ToRouter.StreamState, "what is remembered of it");
      assertEquals(ended, bus.sent.get(i + 1));
    }
    bus.sent.clear();
    loop.resumed(NEXT, new ToConnector.Resumed(stream.number, BALCONY, "sm", 1, 0, 0));
    assertEquals(List.of(ended), bus.sent);
  }

  @Test
  void whoAsksForAStreamThatIsForgottenIsToldSo() {
    enable("sm");
    stream.disconnected();
    bus.sent.clear();
    clock.now += 60_001;
    loop.checkTimes();
    loop.stateWanted(NEXT, new ToConnector.StateWanted(stream.number, BALCONY));
    loop.stateWanted(NEXT, new ToConnector.StateWanted(4711, BALCONY));
    assertEquals(
        List.of(
            new ToRouter.NoStream(BALCONY, stream.number), new ToRouter.NoStream(BALCONY, 4711)),
        bus.sent);
  }

  @Test
  void anOwnerThatDoesNotAskIsToldAfterAWhile() {
    enable("sm");
    owner = NEXT;
    loop.checkTimes();
    clock.now += 5000;
    loop.checkTimes();
    assertEquals(List.of(), bus.sent);
    clock.now += 1;
    loop.checkTimes();
    assertTrue(bus.sent.get(0) instanceof ToRouter.StreamState);
  }

  /** What is closed in order cannot be resumed. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"sm, true", "-, false"})
  void aNodeThatGoesDownLetsGoOfWhatCanBeResumed(String id, boolean silently) {
    enable(id);
    loop.release(1);
    assertTrue(transport.closed);
    assertEquals(!silently, transport.taken().contains("<system-shutdown"));
    assertEquals(List.of(new ToRouter.StreamEnded(BALCONY, stream.number, false)), bus.sent);
  }
}

package io.rookery.connector.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cluster.Bus;
import io.rookery.connector.ConnectorConfig;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream between a recorded transport and a recorded bus: negotiation, from, flow control. */
class ClientStreamTest {
  private static final LoopAddress ROUTER = new LoopAddress("router", 0);
  private static final Jid JULIET = Jid.parse("juliet@capulet.example");
  private static final Jid BALCONY = JULIET.withResource("balcony");
  static final String HEADER =
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
          + " to='capulet.example' version='1.0'>";
  private static final int IN_FLIGHT = 4;
  private static final int BURST = 10_000;

  private final SetClock clock = new SetClock();
  private final RecordedBus bus = new RecordedBus();
  private final RecordedTransport transport = new RecordedTransport();
  private ConnectorLoop loop;
  private ClientStream stream;

  static final class RecordedBus implements Bus {
    final List<WireMessage> sent = new ArrayList<>();
    Consumer<WireMessage> router = message -> {};
    boolean congested;

    @Override
    public LoopAddress self() {
      return new LoopAddress("connector", 0);
    }

    @Override
    public void send(LoopAddress to, WireMessage message) {
      sent.add(message);
      router.accept(message);
    }

    @Override
    public boolean congested() {
      return congested;
    }

    List<Long> counters() {
      return sent.stream()
          .filter(ToRouter.FromClient.class::isInstance)
          .map(message -> ((ToRouter.FromClient) message).counter())
          .toList();
    }
  }

  static final class RecordedTransport implements Transport {
    final StringBuilder written = new StringBuilder();
    boolean reading = true;
    boolean closed;
    boolean encrypted;
    long pending;

    @Override
    public void write(byte[] bytes, int offset, int length) {
      written.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {
      // nothing is held back
    }

    @Override
    public long pendingBytes() {
      return pending;
    }

    @Override
    public void pauseReading() {
      reading = false;
    }

    @Override
    public void resumeReading() {
      reading = true;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public void abort() {
      closed = true;
    }

    @Override
    public void startTls(String domain) {
      encrypted = true;
    }

    @Override
    public boolean isEncrypted() {
      return encrypted;
    }

    @Override
    public ChannelBindings bindings() {
      return ChannelBindings.NONE;
    }

    @Override
    public String peer() {
      return "192.0.2.1";
    }

    String taken() {
      String all = written.toString();
      written.setLength(0);
      return all;
    }
  }

  static ConnectorConfig config(ConnectorConfig.TlsPolicy tls, long rate) {
    return new ConnectorConfig(
        List.of(),
        List.of(new ConnectorConfig.Domain("capulet.example", Path.of("c"), Path.of("k"))),
        tls,
        true,
        true,
        List.of(),
        new ConnectorConfig.Timeouts(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20)),
        new ConnectorConfig.StreamLimits(
            10_000, 10_000, 64, 64, rate, BURST, 20_000, IN_FLIGHT, 100_000, 20, 100_000),
        new ConnectorConfig.AddressLimits(10, 10, Duration.ofMinutes(1)),
        Set.of());
  }

  private void accept(ConnectorConfig.TlsPolicy tls, long rate) {
    ConnectorConfig config = config(tls, rate);
    loop =
        new ConnectorLoop(
            bus,
            address -> ROUTER,
            number -> ROUTER,
            config,
            new AddressBook(config.address(), clock),
            new ConnectorMetrics(new SimpleMeterRegistry(), 0),
            () -> "id",
            clock,
            Runnable::run);
    stream = loop.accept(transport);
  }

  private void receive(String xml) {
    stream.received(xml.getBytes(StandardCharsets.UTF_8));
  }

  private void bound(long rate) {
    accept(ConnectorConfig.TlsPolicy.OPTIONAL, rate);
    receive(
        HEADER
            + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>");
    loop.saslSuccess(new ToConnector.SaslSuccess(stream.number, JULIET, null));
    receive(HEADER + "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    loop.bound(ROUTER, new ToConnector.Bound(stream.number, BALCONY));
    assertTrue(transport.taken().contains("<jid>" + BALCONY + "</jid>"));
    bus.sent.clear();
  }

  @Test
  void featuresOfTheRouterComeAfterTheLogin() {
    accept(ConnectorConfig.TlsPolicy.OPTIONAL, 0);
    receive(
        HEADER
            + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>");
    byte[] caps = "<c xmlns='urn:xmpp:caps'/>".getBytes(StandardCharsets.UTF_8);
    assertFalse(transport.taken().contains("urn:xmpp:caps"));
    loop.saslSuccess(new ToConnector.SaslSuccess(stream.number, JULIET, null, null, caps));
    receive(HEADER);
    String sent = transport.taken();
    assertTrue(sent.endsWith("<c xmlns='urn:xmpp:caps'/></stream:features>"), sent);
  }

  private void begins(String mechanism) {
    accept(ConnectorConfig.TlsPolicy.OPTIONAL, 0);
    receive(
        HEADER
            + ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='" + mechanism + "'>")
            + "AGEAYg==</auth>");
    transport.taken();
  }

  @Test
  void anExchangeEndsWithItsRouter() {
    begins("SCRAM-SHA-1");
    loop.nodeLeft("another");
    assertEquals("", transport.taken());
    for (int i = 0; i < 20; i++) { // more than an address may fail, or a stream
      loop.nodeLeft(ROUTER.node());
      assertTrue(transport.taken().contains("<temporary-auth-failure/>"));
      receive("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>");
      assertEquals("", transport.taken(), "the router is asked");
    }
  }

  @Test
  void whoseTurnItIsLearnsThatTheExchangeIsLostWhenItGoesOn() {
    begins("SCRAM-SHA-1");
    loop.saslChallenge(new ToConnector.SaslChallenge(stream.number, new byte[] {1}));
    loop.nodeLeft(ROUTER.node());
    bus.sent.clear();
    assertFalse(transport.taken().contains("failure"), "it is not asked for");
    receive("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AGEAYg==</response>");
    assertTrue(transport.taken().contains("<temporary-auth-failure/>"));
    assertEquals(List.of(), bus.sent);
    receive("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>");
    assertEquals(1, bus.sent.size(), "another exchange");
    loop.saslChallenge(new ToConnector.SaslChallenge(stream.number, new byte[] {1}));
    receive("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AGEAYg==</response>");
    assertEquals(2, bus.sent.size());
  }

  @Test
  void aRequestToRegisterIsAnsweredWhenItsRouterIsGone() {
    accept(ConnectorConfig.TlsPolicy.OPTIONAL, 0);
    receive(HEADER + "<iq type='get' id='r'><query xmlns='jabber:iq:register'/></iq>");
    transport.taken();
    ToRouter.Registration asked = (ToRouter.Registration) bus.sent.get(0);
    loop.nodeLeft("another");
    assertEquals("", transport.taken());
    loop.nodeLeft(ROUTER.node());
    String reply = transport.taken();
    assertTrue(reply.contains("id='r'") && reply.contains("type='wait'"), reply);
    assertTrue(reply.contains("<remote-server-timeout"), reply);
    loop.nodeLeft(ROUTER.node());
    loop.toClient(
        ROUTER, new ToConnector.ToClient(stream.number, asked.iq().result(), 0, 0, false));
    assertEquals("", transport.taken(), "one answer");
    receive("<iq type='get' id='s'><query xmlns='jabber:iq:register'/></iq>");
    assertEquals(2, bus.sent.size(), "and it may ask again");
  }

  private static String messages(int count) {
    return "<message><body>x</body></message>".repeat(count);
  }

  private void handled(long counter) {
    loop.handled(ROUTER, new ToConnector.Handled(stream.number, counter));
  }

  private static List<Long> upTo(long last) {
    return IntStream.rangeClosed(1, (int) last).mapToObj(Long::valueOf).toList();
  }

  @Test
  void readingStopsAtTheWindowAndGoesOnBehindIt() {
    bound(0);
    receive(messages(10));
    assertEquals(upTo(IN_FLIGHT), bus.counters());
    assertFalse(transport.reading);
    receive(messages(1)); // what had been read already
    assertEquals(upTo(IN_FLIGHT), bus.counters());
    handled(1);
    assertEquals(upTo(IN_FLIGHT + 1), bus.counters());
    assertFalse(transport.reading);
    handled(5);
    handled(9);
    assertEquals(upTo(11), bus.counters());
    assertTrue(transport.reading);
  }

  @Test
  void aCongestedBusStopsReadingUntilItIsNot() {
    bound(0);
    bus.congested = true;
    receive(messages(2));
    loop.resumePaused();
    assertFalse(transport.reading && !bus.counters().isEmpty());
    bus.congested = false;
    loop.resumePaused();
    assertEquals(upTo(2), bus.counters());
    assertTrue(transport.reading);
  }

  @Test
  void aRateIsKeptByNotReading() {
    bound(1000);
    clock.now += 60_000; // negotiation took from the burst
    receive(" ".repeat(BURST + 1000));
    assertFalse(transport.reading);
    clock.now += 500;
    loop.resumePaused();
    assertFalse(transport.reading);
    clock.now += 600;
    loop.resumePaused();
    assertTrue(transport.reading);
  }

  @Test
  void whoLeavesIsHandedStanzasUntilTheOwnerKnows() {
    bound(0);
    transport.written.setLength(0);
    receive("</stream:stream>");
    assertEquals(List.of(new ToRouter.StreamEnded(BALCONY, stream.number, true)), bus.sent);
    Stanza message = Stanza.of(StanzaType.MESSAGE_CHAT, JULIET, BALCONY, "1");
    loop.toClient(ROUTER, new ToConnector.ToClient(stream.number, message, 0, 0, false));
    assertFalse(transport.closed);
    loop.sessionEnded(ROUTER, new ToConnector.SessionEnded(stream.number));
    assertTrue(transport.written.toString().startsWith("<message"));
    assertTrue(transport.written.toString().endsWith("</stream:stream>"));
    assertTrue(transport.closed);
    assertEquals(1, bus.sent.size(), "the owner knows");
  }

  @Test
  void whoLeavesDoesNotWaitForAnOwnerThatIsGone() {
    bound(0);
    receive("</stream:stream>");
    clock.now += 3_001;
    loop.checkTimes();
    assertTrue(transport.closed);
    assertEquals(
        new ToRouter.StreamEnded(BALCONY, stream.number, true), bus.sent.get(bus.sent.size() - 1));
  }

  @Test
  void aSlowReaderIsCutOff() {
    bound(0);
    transport.pending = 20_001;
    Stanza message = Stanza.of(StanzaType.MESSAGE_CHAT, JULIET, BALCONY, "1");
    loop.toClient(ROUTER, new ToConnector.ToClient(stream.number, message, 0, 0, false));
    assertTrue(transport.closed);
    assertEquals(List.of(new ToRouter.StreamEnded(BALCONY, stream.number, false)), bus.sent);
    assertEquals(0, loop.size());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, true",
        "juliet@capulet.example/balcony, true",
        "juliet@capulet.example, true",
        "Juliet@Capulet.example, true",
        "juliet@capulet.example/other, false",
        "romeo@capulet.example, false",
        "capulet.example, false",
        "@, false",
      })
  void aClientSpeaksForItselfOnly(String from, boolean accepted) {
    bound(0);
    receive("<message" + (from == null ? "" : " from='" + from + "'") + "/>");
    assertEquals(accepted, !transport.closed);
    if (accepted) {
      assertEquals(BALCONY, ((ToRouter.FromClient) bus.sent.get(0)).stanza().from());
    } else {
      assertTrue(transport.taken().contains("<invalid-from "));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<iq type='get' id='1' to='@'/>, jid-malformed",
    "<message to='a@/b'/>, jid-malformed",
    "<iq type='what' id='1'/>, bad-request",
    "<presence type='what'/>, bad-request",
    "<iq type='result' id='1' to='@'/>, ''",
    "<message type='error' to='@'/>, ''",
  })
  void whatIsNoStanzaIsHandedBackInItsTurn(String xml, String condition) {
    bound(0);
    receive(xml);
    ToRouter.FromClient refused = (ToRouter.FromClient) bus.sent.get(0);
    assertTrue(refused.refused());
    assertEquals(1, refused.counter());
    String reply = new String(refused.stanza().toBytes(), StandardCharsets.UTF_8);
    assertEquals(!condition.isEmpty(), refused.stanza().isError(), reply);
    assertTrue(condition.isEmpty() || reply.contains("<" + condition), reply);
  }

  @ParameterizedTest
  @CsvSource({
    "<note/>, unsupported-stanza-type",
    "<message xmlns='urn:x'/>, invalid-namespace",
  })
  void whatIsNoStanzaAtAllEndsTheStream(String xml, String condition) {
    bound(0);
    receive(xml);
    assertTrue(transport.taken().contains("<" + condition));
    assertEquals(List.of(), bus.counters());
  }

  private List<String> invitations() {
    return bus.sent.stream()
        .map(message -> String.valueOf(((ToRouter.Registration) message).invitation()))
        .toList();
  }

  private void shows(String token) {
    receive("<iq type='set' id='1'><preauth xmlns='urn:xmpp:pars:0' token='" + token + "'/></iq>");
  }

  /** XEP-0445, section 4. */
  @Test
  void anInvitationCountsOnceItIsAccepted() {
    accept(ConnectorConfig.TlsPolicy.OPTIONAL, 0);
    bus.router =
        message -> {
          Stanza iq = ((ToRouter.Registration) message).iq();
          boolean good = new String(iq.toBytes(), StandardCharsets.UTF_8).contains("good");
          Stanza reply =
              good ? iq.result() : iq.error(StanzaError.of(StanzaError.Condition.ITEM_NOT_FOUND));
          loop.toClient(ROUTER, new ToConnector.ToClient(stream.number, reply, 0, 0, false));
        };
    String query = "<iq type='get' id='2'><query xmlns='jabber:iq:register'/></iq>";
    receive(HEADER);
    shows("bad");
    receive(query);
    shows("good");
    receive(query);
    assertEquals(List.of("null", "null", "null", "good"), invitations());
    receive("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    receive(HEADER + query);
    assertEquals("null", invitations().get(4), "it was shown in the clear");
  }

  /** A router on the same loop answers before the question has been sent. */
  @Test
  void anAnswerMayComeAtOnce() {
    accept(ConnectorConfig.TlsPolicy.OPTIONAL, 0);
    bus.router =
        message -> {
          if (message instanceof ToRouter.Registration question) {
            loop.toClient(
                ROUTER,
                new ToConnector.ToClient(stream.number, question.iq().result(), 0, 0, false));
          }
        };
    String iq = "<iq type='get' id='r'><query xmlns='jabber:iq:register'/></iq>";
    receive(HEADER + iq + iq);
    assertEquals(2, bus.sent.size());
    assertEquals(2, transport.taken().split("type='result'", -1).length - 1);
    assertTrue(transport.reading);
  }

  @Test
  void whatFollowsStarttlsInTheClearIsForgotten() {
    accept(ConnectorConfig.TlsPolicy.REQUIRED, 0);
    receive(HEADER + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + HEADER + "<evil/>");
    assertTrue(transport.taken().endsWith("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"));
    assertTrue(transport.encrypted);
    receive(HEADER);
    assertTrue(transport.taken().contains("<mechanism>"));
    assertFalse(transport.closed);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void loginIsOfferedWhenTheStreamIsAsSafeAsRequired(boolean required) {
    accept(required ? ConnectorConfig.TlsPolicy.REQUIRED : ConnectorConfig.TlsPolicy.OPTIONAL, 0);
    receive(HEADER);
    String features = transport.taken();
    assertTrue(features.contains("<starttls "));
    assertEquals(required, features.contains("<required/>"));
    assertEquals(!required, features.contains("<mechanism>SCRAM-SHA-1</mechanism>"));
    assertFalse(features.contains("PLAIN"));
    assertEquals(!required, features.contains("iq-register"));
    assertTrue(features.contains("<max-bytes>10000</max-bytes>"));
    assertTrue(features.contains("<idle-seconds>30</idle-seconds>"));
    receive("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'/>");
    assertEquals(required, transport.taken().contains("<encryption-required/>"));
  }

  @Test
  void peersThatAreTooSlowAreSentAway() {
    bound(0);
    clock.now += Duration.ofMinutes(5).toMillis() + 1;
    loop.checkTimes();
    assertTrue(transport.taken().contains("<ping xmlns='urn:xmpp:ping'/>"));
    clock.now += 60_001;
    loop.checkTimes();
    assertTrue(transport.taken().contains("<connection-timeout "));
    assertTrue(transport.closed);
  }

  @Test
  void negotiationTakesOnlySoLong() {
    accept(ConnectorConfig.TlsPolicy.REQUIRED, 0);
    clock.now += 30_001;
    loop.checkTimes();
    assertTrue(transport.taken().contains("<connection-timeout "));
    assertTrue(transport.closed);
  }
}

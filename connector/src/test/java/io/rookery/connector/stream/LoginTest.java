package io.rookery.connector.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.connector.ConnectorConfig;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.BindRequest;
import io.rookery.protocol.wire.BindResult;
import io.rookery.protocol.wire.ClientDescription;
import io.rookery.protocol.wire.IssuedToken;
import io.rookery.protocol.wire.LoginRequest;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0388 and XEP-0386 between a recorded transport and a recorded bus. */
class LoginTest {
  private static final LoopAddress ROUTER = new LoopAddress("router", 0);
  private static final LoopAddress NEXT = new LoopAddress("next", 0);
  private static final Jid JULIET = Jid.parse("juliet@capulet.example");
  private static final Jid BALCONY = JULIET.withResource("Lute/1");
  private static final String AGENT = "d4565fa7-4d72-4749-b3d3-740edbf87770";
  private static final String ENABLE = "<enable xmlns='urn:xmpp:sm:3' resume='1' max='60'/>";
  private static final String RESUME = "<resume xmlns='urn:xmpp:sm:3' previd='sm' h='3'/>";
  private static final String ENABLED =
      "<enabled xmlns='urn:xmpp:sm:3' id='sm' resume='true' max='60'/>";

  private final SetClock clock = new SetClock();
  private final ClientStreamTest.RecordedBus bus = new ClientStreamTest.RecordedBus();
  private final ClientStreamTest.RecordedTransport transport =
      new ClientStreamTest.RecordedTransport();
  private AddressBook addresses;
  private ConnectorLoop loop;
  private ClientStream stream;

  @BeforeEach
  void open() {
    ConnectorConfig config = ClientStreamTest.config(ConnectorConfig.TlsPolicy.OPTIONAL, 0);
    addresses = new AddressBook(config.address(), clock);
    loop =
        new ConnectorLoop(
            bus,
            address -> ROUTER,
            number -> ROUTER,
            config,
            addresses,
            new ConnectorMetrics(new SimpleMeterRegistry(), 0),
            () -> "id",
            clock,
            Runnable::run);
    transport.encrypted = true;
    receiveOnANewStream();
  }

  private void receive(String xml) {
    stream.received(xml.getBytes(UTF_8));
  }

  private void authenticate(String inline) {
    transport.taken();
    receive(
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AGEAYg=="
            + "</initial-response>"
            + inline
            + "</authenticate>");
  }

  private void succeed() {
    loop.saslSuccess(new ToConnector.SaslSuccess(stream.number, JULIET, new byte[] {1}));
  }

  private void bound(BindResult result) {
    loop.bound(ROUTER, new ToConnector.Bound(stream.number, BALCONY, result));
  }

  private <T extends WireMessage> T last(Class<T> type) {
    return type.cast(bus.sent.get(bus.sent.size() - 1));
  }

  private static String bind(String children) {
    return "<bind xmlns='urn:xmpp:bind:0'>" + children + "</bind>";
  }

  private void deliver(String id) {
    Stanza message = Stanza.of(StanzaType.MESSAGE_CHAT, JULIET, BALCONY, id);
    loop.toClient(ROUTER, new ToConnector.ToClient(stream.number, message, 0, 0, false));
  }

  @Test
  void itIsOfferedInsideOfTls() {
    String features = transport.taken();
    assertTrue(features.contains("<authentication xmlns='urn:xmpp:sasl:2'><mechanism>"));
    assertTrue(
        features.contains(
            "<inline><sm xmlns='urn:xmpp:sm:3'/><bind xmlns='urn:xmpp:bind:0'><inline>"
                + "<feature var='urn:xmpp:sm:3'/>"),
        features);
    transport.encrypted = false;
    stream = loop.accept(transport);
    receive(ClientStreamTest.HEADER);
    assertFalse(transport.taken().contains("urn:xmpp:sasl:2"));
    authenticate("");
    assertTrue(transport.taken().contains("<encryption-required "));
  }

  /** What the router adds comes with the features that follow, and is not kept after that. */
  @Test
  void featuresOfTheRouterAreSentOnce() {
    byte[] caps = "<c xmlns='urn:xmpp:caps'/>".getBytes(UTF_8);
    authenticate(bind(""));
    loop.saslSuccess(new ToConnector.SaslSuccess(stream.number, JULIET, null, null, caps));
    bound(null);
    String sent = transport.taken();
    assertTrue(sent.endsWith("<c xmlns='urn:xmpp:caps'/></stream:features>"), sent);
    assertNull(stream.takeFeatures());
  }

  @Test
  void tokensAreOfferedAndAskedFor() {
    assertTrue(
        transport
            .taken()
            .contains(
                "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast>"));
    String ns = "xmlns='urn:xmpp:fast:0'";
    authenticate(
        ("<fast " + ns + " count='7' invalidate='true'/>")
            + ("<request-token " + ns + " mechanism='HT-SHA-256-NONE'/>"));
    assertEquals(
        new LoginRequest(JULIET.toString(), null, true, 7, true, "HT-SHA-256-NONE"),
        last(ToRouter.SaslStart.class).request());
    IssuedToken token = new IssuedToken("s3cret", 1_700_000_000);
    loop.saslSuccess(new ToConnector.SaslSuccess(stream.number, JULIET, null, token, null));
    assertTrue(
        transport
            .taken()
            .contains(
                "<token " + ns + " token='s3cret' expiry='2023-11-14T22:13:20Z'/></success>"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "x", "", "99999999999"})
  void countsThatAreNone(String count) {
    authenticate("<fast xmlns='urn:xmpp:fast:0' count='" + count + "'/>");
    assertEquals(-1, last(ToRouter.SaslStart.class).request().count());
  }

  @Test
  void theRouterIsToldWhatIsAskedFor() {
    authenticate("<user-agent id='" + AGENT.toUpperCase(java.util.Locale.ROOT) + "'/>");
    ToRouter.SaslStart start = last(ToRouter.SaslStart.class);
    assertEquals("\0a\0b", new String(start.initial(), UTF_8));
    assertEquals(
        new LoginRequest(JULIET.toString(), AGENT, false, 0, false, null), start.request());
  }

  @Test
  void successIsFollowedByFeaturesOnTheSameStream() {
    authenticate("");
    succeed();
    String answer = transport.taken();
    assertTrue(
        answer.startsWith(
            "<success xmlns='urn:xmpp:sasl:2'><additional-data>AQ==</additional-data>"
                + "<authorization-identifier>juliet@capulet.example</authorization-identifier>"
                + "</success><stream:features>"),
        answer);
    receive("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    assertNull(last(ToRouter.Bind.class).inline());
    bound(null);
    assertTrue(transport.taken().contains("<jid>" + BALCONY + "</jid>"));
  }

  @Test
  void aSessionIsBoundBeforeSuccess() {
    authenticate("<user-agent id='" + AGENT + "'/>" + bind("<tag>Lute</tag>"));
    succeed();
    assertEquals("", transport.taken());
    assertEquals(
        new BindRequest(
            "Lute", AGENT, false, false, 0, null, new ClientDescription(null, null, false)),
        last(ToRouter.Bind.class).inline());
    bound(new BindResult(false, null, 0, "<x xmlns='urn:x'/>".getBytes(UTF_8)));
    String answer = transport.taken();
    assertTrue(answer.contains("<authorization-identifier>" + BALCONY), answer);
    assertTrue(answer.contains("<bound xmlns='urn:xmpp:bind:0'><x xmlns='urn:x'/></bound>"));
    assertTrue(answer.contains("</success><stream:features><sm "), answer);
    assertFalse(answer.contains("xmpp-bind"));
    receive("<message id='1'/>");
    assertEquals(1, last(ToRouter.FromClient.class).counter());
  }

  @Test
  void nothingOfAManagedSessionComesBeforeSuccess() {
    authenticate(bind(ENABLE));
    succeed();
    BindRequest asked = last(ToRouter.Bind.class).inline();
    ClientDescription unknown = new ClientDescription(null, null, false);
    assertEquals(new BindRequest(null, null, true, true, 60, null, unknown), asked);
    bound(new BindResult(true, "sm", 60, null));
    deliver("early");
    assertEquals("", transport.taken());
    loop.acksEnabled(ROUTER, new ToConnector.AcksEnabled(stream.number, "sm", 60));
    String answer = transport.taken();
    assertTrue(answer.contains("<bound xmlns='urn:xmpp:bind:0'>" + ENABLED + "</bound>"), answer);
    int end = answer.indexOf("</stream:features>");
    assertTrue(end > 0 && end < answer.indexOf("early"), answer);
    assertFalse(answer.substring(0, end).contains("<sm "), answer);
    assertEquals(1, stream.management().unacked().length); // it counts
    receive("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    assertEquals(new ToRouter.ClientAcked(BALCONY, stream.number, 1), bus.sent.get(2));
  }

  @Test
  void whatIsNotAnsweredInTimeEndsTheStreamAndSaysNothingOfTheSession() {
    authenticate(bind(ENABLE));
    succeed();
    bound(new BindResult(true, "sm", 60, null));
    deliver("early");
    clock.now += 29_000;
    loop.checkTimes();
    assertEquals("", transport.taken()); // not even a request for an acknowledgement
    clock.now += 2_000;
    loop.checkTimes();
    String answer = transport.taken();
    assertTrue(answer.startsWith("<stream:error><connection-timeout "), answer);
    assertFalse(answer.contains("early"), answer);
  }

  @Test
  void aNewOwnerThatKnowsTheSessionIsAsGoodAsTheOneBefore() {
    authenticate(bind(ENABLE));
    succeed();
    bound(new BindResult(true, "sm", 60, null));
    loop.stateWanted(NEXT, new ToConnector.StateWanted(stream.number, BALCONY));
    assertEquals("sm", last(ToRouter.StreamState.class).id());
    assertTrue(transport.taken().contains(ENABLED));
    loop.acksEnabled(NEXT, new ToConnector.AcksEnabled(stream.number, "sm", 60));
    assertEquals("", transport.taken());
  }

  @Test
  void anOlderRouterDoesNotManageASession() {
    authenticate(bind(ENABLE));
    succeed();
    bound(null);
    assertTrue(transport.taken().contains("<failed xmlns='urn:xmpp:sm:3'><feature-not-impl"));
    assertNull(stream.management());
  }

  @Test
  void resumingComesBeforeBinding() {
    authenticate(RESUME + bind(""));
    succeed();
    assertEquals(
        new ToRouter.Resume(stream.number, JULIET, "sm", 3, "192.0.2.1"),
        last(ToRouter.Resume.class));
    loop.resumed(ROUTER, new ToConnector.Resumed(stream.number, BALCONY, "sm", 9, 2, 3));
    deliver("again");
    String answer = transport.taken();
    assertTrue(
        answer.contains("<resumed xmlns='urn:xmpp:sm:3' previd='sm' h='7'/></success><message"),
        answer);
    assertFalse(answer.contains("features"), answer);
    assertEquals(2, bus.sent.size());
  }

  @Test
  void bindingComesAfterAFailedResumption() {
    authenticate(RESUME + bind(""));
    succeed();
    loop.resumeRefused(new ToConnector.ResumeRefused(stream.number, "item-not-found", 5));
    assertEquals("", transport.taken());
    bound(new BindResult(false, null, 0, null));
    String answer = transport.taken();
    assertTrue(answer.contains("<failed xmlns='urn:xmpp:sm:3' h='5'><item-not-found"), answer);
    assertTrue(answer.contains("</failed><bound xmlns='urn:xmpp:bind:0'/></success>"), answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<resume xmlns='urn:xmpp:sm:3' previd='sm' h='x'/>",
        "<resume xmlns='urn:xmpp:sm:3'/>"
      })
  void aMalformedResumptionFailsAlone(String resume) {
    authenticate(resume);
    succeed();
    String answer = transport.taken();
    assertTrue(answer.contains("<failed xmlns='urn:xmpp:sm:3'><bad-request"), answer);
    assertTrue(answer.contains("xmpp-bind"), answer);
  }

  @Test
  void whatCannotBeBoundInlineMayBeBoundLater() {
    authenticate(bind(ENABLE));
    succeed();
    StanzaError full = StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT);
    loop.bindRefused(new ToConnector.BindRefused(stream.number, full));
    String answer = transport.taken();
    assertTrue(answer.contains("<authorization-identifier>juliet@capulet.example<"), answer);
    assertTrue(answer.contains("xmpp-bind"), answer);
    assertFalse(answer.contains("bound"), answer);
  }

  @Test
  void aFailureLeavesNothingBehind() {
    authenticate(bind(ENABLE));
    loop.saslFailure(new ToConnector.SaslFailure(stream.number, "not-authorized", "no"));
    assertEquals(
        "<failure xmlns='urn:xmpp:sasl:2'><not-authorized"
            + " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/><text xml:lang='en'>no</text></failure>",
        transport.taken());
    assertEquals(1, bus.sent.size());
    authenticate("");
    succeed();
    assertTrue(transport.taken().contains("</success>"));
    assertEquals(2, bus.sent.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<response xmlns='urn:xmpp:sasl:2'>AA==</response>|not-authorized",
        "<abort xmlns='urn:xmpp:sasl:2'/>|not-authorized",
        "<next xmlns='urn:xmpp:sasl:2' task='X'/>|not-authorized",
      })
  void outOfOrder(String xml, String condition) {
    receive(xml);
    assertTrue(transport.taken().contains("<" + condition + " "));
    assertTrue(transport.closed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>",
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>",
        "<message/>",
        "<iq type='get' id='r'><query xmlns='jabber:iq:register'/></iq>",
      })
  void nothingElseMayComeDuringALogin(String xml) {
    authenticate("");
    loop.saslChallenge(new ToConnector.SaslChallenge(stream.number, new byte[0]));
    assertEquals("<challenge xmlns='urn:xmpp:sasl:2'></challenge>", transport.taken());
    receive(xml);
    assertTrue(transport.taken().contains("<not-authorized "));
    assertTrue(transport.closed);
    assertEquals(new ToRouter.SaslAbort(stream.number), last(ToRouter.SaslAbort.class));
  }

  @Test
  void responsesGoToTheRouterAndAbortEndsTheExchange() {
    authenticate("");
    loop.saslChallenge(new ToConnector.SaslChallenge(stream.number, new byte[0]));
    receive("<response xmlns='urn:xmpp:sasl:2'/>");
    assertEquals(0, last(ToRouter.SaslResponse.class).response().length);
    loop.saslChallenge(new ToConnector.SaslChallenge(stream.number, new byte[0]));
    receive("<abort xmlns='urn:xmpp:sasl:2'/>");
    assertEquals(new ToRouter.SaslAbort(stream.number), last(ToRouter.SaslAbort.class));
    assertTrue(transport.taken().contains("<aborted "));
    assertFalse(transport.closed);
  }

  @Test
  void authenticatingOnceMoreEndsTheStream() {
    authenticate("");
    succeed();
    authenticate("");
    assertTrue(transport.taken().contains("<stream:error>"));
    assertTrue(transport.closed);
  }

  @Test
  void aHeaderForAnotherDomainIsRefused() {
    stream = loop.accept(transport);
    receive(ClientStreamTest.HEADER.replace(" to=", " from='juliet@montague.example' to="));
    assertTrue(transport.taken().contains("<invalid-from "));
  }

  @Test
  void anIdOfAUserAgentIsAUuid() {
    authenticate("<user-agent id='me'/>");
    assertTrue(transport.taken().contains("<malformed-request "));
    authenticate("<user-agent><software>Lute</software></user-agent>");
    assertNull(last(ToRouter.SaslStart.class).request().client());
  }

  @Test
  void theOwnerIsToldWhoBeginsASession() {
    String software = "x".repeat(99) + "\uD83D\uDE00";
    authenticate(
        ("<user-agent id='" + AGENT + "'><software>" + software + "</software><device>  </device>")
            + "</user-agent><fast xmlns='urn:xmpp:fast:0'/>"
            + bind(""));
    succeed();
    assertEquals(
        new ClientDescription("x".repeat(99), null, true),
        last(ToRouter.Bind.class).inline().description());
  }

  @Test
  void aSessionMayBeginInactive() {
    assertTrue(transport.taken().contains("<feature var='urn:xmpp:csi:0'/>"));
    authenticate(bind("<inactive xmlns='urn:xmpp:csi:0'/>"));
    succeed();
    assertNull(last(ToRouter.Bind.class).inline().features());
    bound(new BindResult(false, null, 0, null));
    assertEquals(
        new ToRouter.ClientState(BALCONY, stream.number, false), last(ToRouter.ClientState.class));
  }

  @Test
  void upgradesAreOfferedAndAskedFor() {
    String ns = "xmlns='urn:xmpp:sasl:upgrade:0'";
    String features = transport.taken();
    for (String hash : new String[] {"256", "512"}) {
      String task = "<upgrade " + ns + ">UPGR-SCRAM-SHA-" + hash + "</upgrade>";
      assertTrue(features.contains(task), features);
    }
    authenticate(
        ("<upgrade " + ns + ">UPGR-SCRAM-SHA-512</upgrade>").repeat(20)
            + ("<upgrade " + ns + ">UPGR-SCRAM-MD5</upgrade>")
            + ("<upgrade " + ns + "> UPGR-SCRAM-SHA-256 </upgrade>"));
    assertEquals(
        List.of("UPGR-SCRAM-SHA-512", "UPGR-SCRAM-SHA-256"),
        last(ToRouter.SaslStart.class).request().upgrades());
  }

  private void beginTask() {
    authenticate("");
    loop.saslContinue(
        new ToConnector.SaslContinue(stream.number, new byte[] {1}, "UPGR-SCRAM-SHA-512"));
  }

  @Test
  void aTaskIsDoneBeforeSuccess() {
    beginTask();
    assertEquals(
        "<continue xmlns='urn:xmpp:sasl:2'><additional-data>AQ==</additional-data>"
            + "<tasks><task>UPGR-SCRAM-SHA-512</task></tasks></continue>",
        transport.taken());
    receive("<next xmlns='urn:xmpp:sasl:2' task='UPGR-SCRAM-SHA-512'/>");
    assertEquals(
        new ToRouter.SaslNext(stream.number, "UPGR-SCRAM-SHA-512"), last(ToRouter.SaslNext.class));
    loop.saslTask(new ToConnector.SaslTask(stream.number, "<salt xmlns='urn:x'/>".getBytes(UTF_8)));
    assertEquals(
        "<task-data xmlns='urn:xmpp:sasl:2'><salt xmlns='urn:x'/></task-data>", transport.taken());
    receive(
        "<t:task-data xmlns:t='urn:xmpp:sasl:2' xmlns:x='urn:x'><x:hash>AA</x:hash></t:task-data>");
    assertEquals(
        "<hash xmlns='urn:x'>AA</hash>",
        new String(last(ToRouter.SaslTaskResponse.class).data(), UTF_8));
    loop.saslContinue(new ToConnector.SaslContinue(stream.number, null, "UPGR-SCRAM-SHA-256"));
    assertEquals(
        "<continue xmlns='urn:xmpp:sasl:2'><tasks><task>UPGR-SCRAM-SHA-256</task></tasks></continue>",
        transport.taken());
    receive("<next xmlns='urn:xmpp:sasl:2'/>");
    assertNull(last(ToRouter.SaslNext.class).task());
    loop.saslTask(new ToConnector.SaslTask(stream.number, "<salt xmlns='urn:x'/>".getBytes(UTF_8)));
    receive("<task-data xmlns='urn:xmpp:sasl:2'/>");
    assertNull(last(ToRouter.SaslTaskResponse.class).data());
    transport.taken();
    loop.saslSuccess(new ToConnector.SaslSuccess(stream.number, JULIET, null));
    assertTrue(
        transport
            .taken()
            .startsWith("<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<response xmlns='urn:xmpp:sasl:2'>AA==</response>",
        "<task-data xmlns='urn:xmpp:sasl:2'/>",
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>",
        "<message/>",
      })
  void onlyNextMayBeginATask(String xml) {
    beginTask();
    receive(xml);
    assertTrue(transport.taken().contains("<not-authorized "));
    assertTrue(transport.closed);
    assertEquals(new ToRouter.SaslAbort(stream.number), last(ToRouter.SaslAbort.class));
  }

  @Test
  void aFailedTaskIsTheEndOfTheStream() {
    beginTask();
    transport.taken();
    receive("<next xmlns='urn:xmpp:sasl:2' task='X'/>");
    loop.saslFailure(new ToConnector.SaslFailure(stream.number, "invalid-mechanism", null));
    String answer = transport.taken();
    assertTrue(answer.startsWith("<failure xmlns='urn:xmpp:sasl:2'><invalid-mechanism "), answer);
    assertTrue(answer.endsWith("</stream:stream>"), answer);
    assertTrue(transport.closed);
  }

  @Test
  void aTaskMayBeAborted() {
    beginTask();
    receive("<abort xmlns='urn:xmpp:sasl:2'/>");
    assertEquals(new ToRouter.SaslAbort(stream.number), last(ToRouter.SaslAbort.class));
    assertTrue(transport.taken().contains("<aborted "));
    assertTrue(transport.closed);
  }

  /**
   * Clients try one mechanism after the other: that is not guessing, by whoever shares the address.
   */
  @ParameterizedTest
  @CsvSource({
    "not-authorized, , false",
    "not-authorized, channel binding type not offered, true",
    "malformed-request, , true",
    "temporary-auth-failure, , true"
  })
  void onlyWrongCredentialsCountAgainstTheAddress(String condition, String text, boolean free) {
    for (int i = 0; i < 10; i++) {
      receiveOnANewStream();
      authenticate("");
      loop.saslFailure(new ToConnector.SaslFailure(stream.number, condition, text));
    }
    assertEquals(free, addresses.mayLogIn(transport.peer()));
  }

  private void receiveOnANewStream() {
    stream = loop.accept(transport);
    receive(ClientStreamTest.HEADER.replace(" to=", " from='juliet@capulet.example' to="));
  }
}

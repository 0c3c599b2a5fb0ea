package io.rookery.standalone.fault.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client against a server that is played by the test. */
class ResumingClientTest {
  private static final String STREAM =
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
  private static final String FEATURES =
      "<stream:features><sm xmlns='urn:xmpp:sm:3'/></stream:features>";

  private final Ledgers ledgers = new Ledgers();
  private final Ledger ledger = new Ledger(9, 2);
  private final Network network = new Network();
  private final List<InetSocketAddress> endpoints =
      List.of(
          InetSocketAddress.createUnresolved("a", 1), InetSocketAddress.createUnresolved("b", 1));
  private final ResumingClient client =
      new ResumingClient(
          0,
          new Account("romeo", "localhost", "pencil"),
          new Account("juliet", "localhost", "pencil"),
          endpoints,
          network,
          ledgers,
          new Random(1));

  @BeforeEach
  void logsIn() {
    ledgers.begin(ledger);
    client.connect();
    network.last.listener.connected();
    server(STREAM + FEATURES);
    server("<iq type='result' id='register'/>");
    server("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    server(STREAM + FEATURES);
    binds();
    assertTrue(client.isLive());
  }

  private void binds() {
    server("<iq type='result' id='bind'/>");
    server("<enabled xmlns='urn:xmpp:sm:3' id='s&lt;1' resume='1'/>");
  }

  @Test
  void onlyAcknowledgedMessagesCount() {
    client.sendMessage();
    client.sendMessage();
    assertEquals(0, tally().acked());
    server("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    assertEquals(0, tally().acked(), "that was the presence");
    server("<a xmlns='urn:xmpp:sm:3' h='2'/>");
    assertEquals(1, tally().acked());
    server("<a xmlns='urn:xmpp:sm:3' h='9'/>");
    assertEquals(1, tally().acked());
    assertEquals(1, tally().violations());
  }

  @Test
  void resumesElsewhereAndSendsWhatIsNotAcknowledged() {
    client.sendMessage();
    client.sendMessage();
    server("<a xmlns='urn:xmpp:sm:3' h='2'/>");
    server(messageFromJuliet(0));
    InetSocketAddress before = network.last.endpoint;
    drops();
    assertFalse(client.isLive());
    assertFalse(before.equals(network.last.endpoint), "the same connector");
    client.sendMessage();
    String asked = authenticates();
    assertTrue(asked.contains("previd='s&lt;1' h='1'"), asked);
    String sent = server("<resumed xmlns='urn:xmpp:sm:3' previd='s' h='3'/>");
    assertEquals(2, tally().acked());
    assertEquals(1, tally().resumptions());
    assertFalse(sent.contains("9-0-1") || sent.contains("<presence"), sent);
    assertTrue(sent.contains("id='9-0-2'"), sent);
  }

  @Test
  void failedResumptionIsCountedAndSendsUnderTheSameIdInANewSession() {
    client.sendMessage();
    client.sendMessage();
    drops();
    authenticates();
    server("<failed xmlns='urn:xmpp:sm:3' h='2'/>");
    binds();
    assertEquals(1, tally().failedResumptions());
    assertEquals(1, tally().acked(), "what the old session had handled");
    String sent = network.last.taken();
    assertTrue(sent.indexOf("<presence/>") < sent.indexOf("id='9-0-1'"), sent);
    assertFalse(sent.contains("id='9-0-0'"), sent);
    server("<a xmlns='urn:xmpp:sm:3' h='2'/>");
    assertEquals(2, tally().acked());
  }

  @Test
  void refusedLoginKeepsTheSession() {
    client.sendMessage();
    drops();
    network.last.listener.connected();
    server(STREAM + FEATURES);
    server("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><temporary-auth-failure/></failure>");
    assertTrue(network.last.dropped);
    network.runsLater();
    assertTrue(authenticates().contains("previd='s&lt;1'"));
    assertEquals(0, tally().failedResumptions());
  }

  @Test
  void silenceEndsTheConnection() {
    client.sendMessage();
    network.now += TimeUnit.SECONDS.toNanos(11);
    client.tick();
    assertFalse(client.isLive());
    assertTrue(network.last.dropped);
  }

  @Test
  void answersRequests() {
    network.last.taken();
    server(messageFromJuliet(0));
    assertTrue(server("<r xmlns='urn:xmpp:sm:3'/>").contains("<a xmlns='urn:xmpp:sm:3' h='1'/>"));
    String pong =
        server("<iq type='get' id='p' from='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
    assertTrue(pong.contains("<iq id='p' to='localhost' type='result'"), pong);
  }

  @Test
  void strangeReceptionsAreSeen() {
    server(messageFromJuliet(0).replace("juliet@", "paris@"));
    server(messageFromJuliet(0).replace("9-1-0", "other"));
    server("<message from='juliet@localhost/x' to='romeo@localhost'><body>hi</body></message>");
    assertEquals(3, tally().unexpected());
    assertEquals(0, tally().received());
    server("<message from='juliet@localhost' type='error' id='9-0-0'><error/></message>");
    assertEquals(1, tally().refused());
  }

  private String messageFromJuliet(int sequence) {
    ledger.send(1, network.now);
    Tag tag = new Tag(9, 1, sequence, 0);
    return "<message from='juliet@localhost/x' to='romeo@localhost' id='%s'><body>%s</body></message>"
        .formatted(tag.id(), tag.body());
  }

  private Tally tally() {
    return ledger.tally(network.now);
  }

  private void drops() {
    network.last.listener.closed("reset");
    network.runsLater();
  }

  /** Gives what the client asks for then. */
  private String authenticates() {
    network.last.listener.connected();
    server(STREAM + FEATURES);
    server("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    return server(STREAM + FEATURES);
  }

  /** The server says something; gives what the client has sent since it was last asked. */
  private String server(String xml) {
    network.last.taken();
    try {
      network.last.feed.feed(xml.getBytes(StandardCharsets.UTF_8));
    } catch (XMLStreamException e) {
      throw new AssertionError(e);
    }
    return network.last.sent();
  }

  private static final class Network implements Wire.Network {
    private final Queue<Runnable> later = new ArrayDeque<>();
    private Connection last;
    private long now = TimeUnit.HOURS.toNanos(1);

    @Override
    public Wire connect(InetSocketAddress endpoint, Wire.Listener listener) {
      last = new Connection(endpoint, listener);
      return last;
    }

    @Override
    public void after(long millis, Runnable task) {
      later.add(task);
    }

    private void runsLater() {
      later.remove().run();
    }

    @Override
    public long nanos() {
      return now;
    }
  }

  private static final class Connection implements Wire {
    private final InetSocketAddress endpoint;
    private final Listener listener;
    private final XmlFeed feed;
    private final List<String> sent = new ArrayList<>();
    private boolean dropped;

    private Connection(InetSocketAddress endpoint, Listener listener) {
      this.endpoint = endpoint;
      this.listener = listener;
      this.feed = new XmlFeed(listener::element);
    }

    private String sent() {
      return String.join("", sent);
    }

    private String taken() {
      String all = sent();
      sent.clear();
      return all;
    }

    @Override
    public void send(String xml) {
      sent.add(xml);
    }

    @Override
    public void restart() {
      feed.restart();
    }

    @Override
    public void drop() {
      dropped = true;
    }
  }
}

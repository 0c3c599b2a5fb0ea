package io.rookery.connector.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cluster.Loop;
import io.rookery.cluster.SoloNode;
import io.rookery.connector.Cidr;
import io.rookery.connector.ConnectorConfig;
import io.rookery.connector.ConnectorConfig.Listener;
import io.rookery.connector.node.Connector;
import io.rookery.connector.tls.CertificateFiles;
import io.rookery.connector.tls.SelfSigned;
import io.rookery.connector.tls.TlsContexts;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.RouterInbox;
import io.rookery.protocol.wire.ToRouter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The PROXY protocol, version 2: who a client is, told by a load balancer in front. */
class ProxyProtocolTest {
  private static final String OPENING =
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
          + " to='capulet.example' version='1.0'>"
          + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>";
  private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<String> peers = new LinkedBlockingQueue<>();
  private Connector connector;
  private int port;

  @BeforeEach
  void listens() throws Exception {
    open("127.0.0.0/8");
  }

  private void open(String trusted) throws Exception {
    CertificateFiles files =
        new CertificateFiles(
            "capulet.example",
            directory.resolve(trusted.length() + ".crt"),
            directory.resolve(trusted.length() + ".key"));
    new SelfSigned(new SecureRandom(), Clock.systemUTC())
        .write(List.of("capulet.example"), files.chain(), files.key());
    ConnectorConfig config =
        new ConnectorConfig(
            List.of(new Listener(Listener.Kind.STARTTLS, true, "127.0.0.1", 0)),
            List.of(new ConnectorConfig.Domain("capulet.example", files.chain(), files.key())),
            ConnectorConfig.TlsPolicy.OPTIONAL,
            false,
            false,
            List.of(Cidr.parse(trusted)),
            new ConnectorConfig.Timeouts(
                Duration.ofSeconds(2),
                Duration.ZERO,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ZERO),
            new ConnectorConfig.StreamLimits(
                10_000, 10_000, 64, 64, 0, 10_000, 20_000, 64, 100_000, 100, 100_000),
            new ConnectorConfig.AddressLimits(2, 10, Duration.ofMinutes(1)),
            Set.of());
    SoloNode node = new SoloNode("solo", 1);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    connector =
        new Connector(
            vertx,
            config,
            node,
            node,
            new TlsContexts(List.of(files), "xmpp-client", Clock.systemUTC()),
            Clock.systemUTC(),
            meters);
    Context context = vertx.getOrCreateContext();
    Loop loop = new Loop(context, new LoopAddress(node.self().id(), 0), meters);
    Loop.introduce(List.of(loop));
    loop.host(router());
    await(
        Future.future(
            installed ->
                context.runOnContext(
                    v -> {
                      connector.install(loop);
                      installed.complete();
                    })));
    port = await(connector.open()).get(0);
  }

  /** Remembers from where logins came. */
  private RouterInbox router() {
    return (RouterInbox)
        Proxy.newProxyInstance(
            RouterInbox.class.getClassLoader(),
            new Class<?>[] {RouterInbox.class},
            (proxy, method, arguments) -> {
              if (arguments[1] instanceof ToRouter.SaslStart start) {
                peers.add(start.peer());
              }
              return null;
            });
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void ends() throws Exception {
    await(connector.close(Duration.ZERO, Duration.ofMillis(100)));
    await(vertx.close());
  }

  private static byte[] header(String source) throws IOException {
    byte[] address = InetAddress.getByName(source).getAddress();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(SIGNATURE);
    out.write(0x21);
    out.write(address.length == 4 ? 0x11 : 0x21);
    out.write(0);
    out.write(address.length * 2 + 4);
    out.write(address);
    out.write(address);
    out.write(new byte[] {0x30, 0x39, 0x14, 0x66});
    return out.toByteArray();
  }

  private Socket connect(byte[] header) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(header);
    socket.getOutputStream().write(OPENING.getBytes(US_ASCII));
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    byte[] bytes = new byte[4096];
    InputStream in = socket.getInputStream();
    int length = in.read(bytes);
    return length < 0 ? "" : new String(bytes, 0, length, US_ASCII);
  }

  @Test
  void theClientIsWhomTheProxyNames() throws Exception {
    try (Socket v4 = connect(header("203.0.113.9"));
        Socket v6 = connect(header("2001:db8::7"))) {
      assertTrue(answer(v4).contains("stream:features"));
      assertTrue(answer(v6).contains("stream:features"));
      List<String> both =
          List.of(peers.poll(10, TimeUnit.SECONDS), peers.poll(10, TimeUnit.SECONDS));
      assertTrue(both.contains("203.0.113.9"), both::toString);
      assertTrue(both.stream().anyMatch(peer -> peer.contains("db8")), both::toString);
    }
  }

  @Test
  void limitsAreThoseOfTheClientsAddress() throws Exception {
    try (Socket first = connect(header("203.0.113.9"));
        Socket second = connect(header("203.0.113.9"))) {
      answer(first);
      answer(second);
      try (Socket third = connect(header("203.0.113.9"));
          Socket other = connect(header("203.0.113.10"))) {
        assertEquals("", answer(third), "one more than an address may have");
        assertTrue(answer(other).contains("stream:features"));
      }
    }
  }

  @Test
  void withoutAHeaderThereIsNoStream() throws Exception {
    try (Socket socket = connect(new byte[0])) {
      assertEquals("", answer(socket));
    }
  }

  @Test
  void aHeaderFromElsewhereIsNotBelieved() throws Exception {
    await(connector.close(Duration.ZERO, Duration.ofMillis(100)));
    open("10.0.0.0/8");
    try (Socket socket = connect(header("203.0.113.9"))) {
      assertEquals("", answer(socket));
    }
    assertTrue(peers.isEmpty());
  }
}

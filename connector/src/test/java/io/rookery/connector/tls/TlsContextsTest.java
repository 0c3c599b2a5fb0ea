package io.rookery.connector.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.rookery.connector.tls.TlsContexts.Reload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsContextsTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path directory;

  private CertificateFiles org;
  private CertificateFiles umlaut;
  private TlsContexts contexts;

  @BeforeEach
  void certificates() throws Exception {
    org = selfSigned("example.org", CLOCK);
    umlaut = selfSigned("b\u00fccher.example", CLOCK);
    contexts = new TlsContexts(List.of(org, umlaut), "xmpp-client", CLOCK);
  }

  private CertificateFiles selfSigned(String domain, Clock clock) throws IOException {
    Path chain = directory.resolve(domain.length() + "-" + clock.millis() + ".crt");
    Path key = directory.resolve(domain.length() + "-" + clock.millis() + ".key");
    new SelfSigned(new SecureRandom(), clock).write(List.of(domain), chain, key);
    return new CertificateFiles(domain, chain, key);
  }

  private TlsServer direct() {
    return new TlsServer(channel -> contexts.newDirectHandler());
  }

  private TlsServer startTls(String domain) {
    return new TlsServer(channel -> contexts.newHandler(domain, channel.alloc()));
  }

  private static SSLSocket connect(TlsServer server, SSLContext tls, String sni, String... alpn)
      throws Exception {
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket();
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    socket.setSoTimeout(10_000);
    SSLParameters parameters = socket.getSSLParameters();
    if (sni != null) {
      parameters.setServerNames(List.of(new SNIHostName(sni)));
    }
    parameters.setApplicationProtocols(alpn);
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static SSLContext jdk() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    return context;
  }

  private static SSLContext conscrypt() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS", Conscrypt.newProvider());
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    return context;
  }

  private static String name(SSLSocket socket) throws Exception {
    X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return (String) certificate.getSubjectAlternativeNames().iterator().next().get(1);
  }

  private static TlsHandler accepted(TlsServer server) throws InterruptedException {
    TlsServer.Outcome outcome = server.outcomes().poll(10, TimeUnit.SECONDS);
    assertNull(outcome.failure());
    return outcome.handler();
  }

  private static void assertEchoes(Socket socket, int bytes) throws IOException {
    byte[] sent = new byte[bytes];
    new Random(1).nextBytes(sent);
    socket.getOutputStream().write(sent);
    assertArrayEquals(sent, socket.getInputStream().readNBytes(bytes));
  }

  @Test
  void serverNamePicksTheCertificate() throws Exception {
    try (TlsServer server = direct()) {
      Map<String, String> expected =
          Map.of(
              "example.org", "example.org",
              "xn--bcher-kva.example", "xn--bcher-kva.example",
              "unknown.example", "example.org");
      for (Map.Entry<String, String> entry : expected.entrySet()) {
        try (SSLSocket socket = connect(server, jdk(), entry.getKey())) {
          assertEchoes(socket, 100_000);
          assertEquals(entry.getValue(), name(socket));
        }
      }
      try (SSLSocket socket = connect(server, jdk(), null)) {
        socket.startHandshake();
        assertEquals("example.org", name(socket));
      }
    }
  }

  @Test
  void streamHeaderPicksTheCertificateOfStartTls() throws Exception {
    try (TlsServer server = startTls("b\u00fccher.example");
        SSLSocket socket = connect(server, jdk(), "example.org")) {
      assertEchoes(socket, 10);
      assertEquals("xn--bcher-kva.example", name(socket));
    }
  }

  @Test
  void applicationProtocol() throws Exception {
    try (TlsServer server = direct()) {
      try (SSLSocket socket = connect(server, jdk(), null, "h2", "xmpp-client")) {
        assertEchoes(socket, 10);
        assertEquals("xmpp-client", socket.getApplicationProtocol());
      }
      try (SSLSocket socket = connect(server, jdk(), null)) {
        assertEchoes(socket, 10);
        assertEquals("", socket.getApplicationProtocol());
      }
      try (SSLSocket socket = connect(server, jdk(), null, "h2", "http/1.1")) {
        SSLException refused = assertThrows(SSLException.class, socket::startHandshake);
        assertTrue(refused.getMessage().contains("no_application_protocol"), refused::getMessage);
      }
    }
  }

  @Test
  void oldVersionsAreRefused() throws Exception {
    // OpenSSL's client, as JDK's does not even try.
    try (TlsServer server = direct()) {
      assertFalse(
          openssl(server, "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0").contains("Cipher is ECDHE"));
      String modern = openssl(server, "-tls1_3", "-alpn", "xmpp-client");
      assertTrue(modern.contains("ALPN protocol: xmpp-client"), modern);
    }
  }

  private static String openssl(TlsServer server, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + server.port()));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      abort("no openssl here");
      throw e;
    }
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    return output;
  }

  @Test
  void exporterIsTheSameOnBothSides() throws Exception {
    try (TlsServer server = direct()) {
      for (int i = 0; i < 3; i++) {
        try (SSLSocket socket = connect(server, conscrypt(), "example.org")) {
          assertEchoes(socket, 10);
          assertEquals("TLSv1.3", socket.getSession().getProtocol());
          byte[] expected =
              Conscrypt.exportKeyingMaterial(socket, "EXPORTER-Channel-Binding", new byte[0], 32);
          Map<String, byte[]> bindings = accepted(server).channelBindings();
          assertEquals(
              List.of("tls-exporter", "tls-server-end-point"), List.copyOf(bindings.keySet()));
          assertArrayEquals(expected, bindings.get("tls-exporter"));
        }
      }
      assertEquals(0, contexts.pendingSecrets());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"})
  void exporterFollowsTheHashOfTheCipher(String suite) throws Exception {
    try (TlsServer server = direct()) {
      String hash = suite.endsWith("384") ? "384" : "256";
      String output =
          openssl(
              server,
              "-tls1_3",
              "-ciphersuites",
              suite,
              "-keymatexport",
              "EXPORTER-Channel-Binding",
              "-keymatexportlen",
              "32");
      assertTrue(output.contains("Cipher is " + suite), hash);
      byte[] exported = accepted(server).channelBindings().get("tls-exporter");
      String hex = HexFormat.of().withUpperCase().formatHex(exported);
      assertTrue(output.contains("Keying material: " + hex), output);
    }
  }

  @Test
  void endPointIsTheHashOfTheCertificate() throws Exception {
    try (TlsServer server = direct();
        SSLSocket socket = connect(server, jdk(), null)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertEchoes(socket, 10);
      byte[] certificate = socket.getSession().getPeerCertificates()[0].getEncoded();
      Map<String, byte[]> bindings = accepted(server).channelBindings();
      assertEquals(List.of("tls-server-end-point"), List.copyOf(bindings.keySet()));
      assertArrayEquals(
          MessageDigest.getInstance("SHA-256").digest(certificate),
          bindings.get("tls-server-end-point"));
    }
  }

  @Test
  void failedHandshakeKeepsNoSecret() throws Exception {
    try (TlsServer server = direct()) {
      SSLContext distrusting = SSLContext.getInstance("TLS");
      distrusting.init(null, null, null);
      try (SSLSocket socket = connect(server, distrusting, null)) {
        assertThrows(SSLException.class, socket::startHandshake);
      }
      assertNull(server.outcomes().poll(10, TimeUnit.SECONDS).handler());
      assertEquals(0, contexts.pendingSecrets());
    }
  }

  @Test
  void newFilesAreForNewConnections() throws Exception {
    try (TlsServer server = direct();
        SSLSocket old = connect(server, jdk(), "example.org")) {
      assertEchoes(old, 10);
      Instant before = contexts.expiries().get("example.org");
      assertEquals(List.of(), contexts.reloadIfChanged());

      for (int days = 1; days < 4; days++) {
        replace(selfSigned("example.org", Clock.offset(CLOCK, Duration.ofDays(days))));
        assertEquals(
            List.of(new Reload("example.org", Optional.empty())), contexts.reloadIfChanged());
        assertEquals(List.of(), contexts.reloadIfChanged());
      }
      assertNotEquals(before, contexts.expiries().get("example.org"));
      assertEchoes(old, 50_000);
      Clock inFourDays = Clock.offset(CLOCK, Duration.ofDays(4));
      try (SSLSocket fresh = connect(server, jdk(), "example.org")) {
        assertEchoes(fresh, 10);
        assertNotEquals(
            old.getSession().getPeerCertificates()[0], fresh.getSession().getPeerCertificates()[0]);
        X509Certificate used = (X509Certificate) fresh.getSession().getPeerCertificates()[0];
        assertEquals(contexts.expiries().get("example.org"), used.getNotAfter().toInstant());
        assertTrue(used.getNotBefore().toInstant().isBefore(inFourDays.instant()));
      }
    }
  }

  private void replace(CertificateFiles source) throws IOException {
    Files.move(source.chain(), org.chain(), StandardCopyOption.REPLACE_EXISTING);
    Files.move(source.key(), org.key(), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void badFileKeepsTheOldCertificate() throws Exception {
    Instant before = contexts.expiries().get("example.org");
    byte[] good = Files.readAllBytes(org.key());
    Files.writeString(org.key(), "not a key");
    List<Reload> reloads = contexts.reloadIfChanged();
    assertEquals(1, reloads.size());
    assertTrue(reloads.get(0).problem().orElseThrow().startsWith(org.key().toString()));
    assertEquals(List.of(), contexts.reloadIfChanged(), "said once");
    assertEquals(before, contexts.expiries().get("example.org"));
    try (TlsServer server = direct();
        SSLSocket socket = connect(server, jdk(), "example.org")) {
      assertEchoes(socket, 10);
    }
    Files.write(org.key(), good);
    assertEquals(List.of(new Reload("example.org", Optional.empty())), contexts.reloadIfChanged());
  }

  @Test
  void problemsNameTheFile() throws Exception {
    assertProblem(
        org.key(), "not the key of", new CertificateFiles("d", org.chain(), umlaut.key()));
    Path missing = directory.resolve("missing");
    assertProblem(missing, "cannot be read", new CertificateFiles("d", missing, org.key()));
    assertProblem(missing, "cannot be read", new CertificateFiles("d", org.chain(), missing));
    assertProblem(org.key(), "certificate", new CertificateFiles("d", org.key(), org.key()));
    assertProblem(org.chain(), "no key", new CertificateFiles("d", org.chain(), org.chain()));
    CertificateFiles old = selfSigned("old.example", Clock.offset(CLOCK, Duration.ofDays(-400)));
    assertProblem(old.chain(), "expired", old);
  }

  private static void assertProblem(Path file, String problem, CertificateFiles files) {
    CertificateException e =
        assertThrows(
            CertificateException.class,
            () -> new TlsContexts(List.of(files), "xmpp-client", CLOCK));
    String expected = problem.startsWith("not the key") ? files.key().toString() : file.toString();
    assertTrue(e.getMessage().startsWith(expected), e::getMessage);
    assertTrue(e.getMessage().contains(problem), e::getMessage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ecparam -name prime256v1 -genkey", "genrsa -traditional 2048", "genrsa 2048"})
  void keysAsOpensslWritesThem(String command) throws Exception {
    Path key = directory.resolve("openssl.key");
    Path chain = directory.resolve("openssl.crt");
    run(("openssl " + command).split(" "), key);
    run(("openssl req -x509 -subj /CN=d -days 2 -key " + key).split(" "), chain);
    contexts =
        new TlsContexts(List.of(new CertificateFiles("d", chain, key)), "xmpp-client", CLOCK);
    try (TlsServer server = direct();
        SSLSocket socket = connect(server, jdk(), null)) {
      assertEchoes(socket, 10);
    }
  }

  private static void run(String[] command, Path output) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile());
    try {
      assertEquals(0, builder.redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor());
    } catch (IOException e) {
      abort("no openssl here");
    }
  }

  @Test
  void selfSignedKeyIsItsOwnersOnly() throws Exception {
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(org.key())));
    assertThrows(
        IOException.class,
        () ->
            new SelfSigned(new SecureRandom(), CLOCK)
                .write(List.of("example.org"), org.chain(), org.key()));
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

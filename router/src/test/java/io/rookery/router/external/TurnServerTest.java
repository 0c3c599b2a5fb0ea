package io.rookery.router.external;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.external.RelayCredentials.Credentials;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Credentials at a real TURN server, coturn's {@code turnserver}. Where there is none on the PATH
 * they are not tried, unless {@code -Dturnserver=required} says that there has to be one.
 */
class TurnServerTest {
  private static final String SECRET = "a secret, shared";
  private static final Jid ROMEO = Jid.parse("romeo@montague.example");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);

  @TempDir private static Path directory;

  private static Process process;
  private static InetSocketAddress server;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = onPath("turnserver");
    assumeTrue(
        program.isPresent() || "required".equals(System.getProperty("turnserver")),
        "no turnserver on the PATH");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
    }
    Path log = directory.resolve("log");
    process =
        new ProcessBuilder(
                program.orElseThrow().toString(),
                "-n",
                "--listening-ip=127.0.0.1",
                "--relay-ip=127.0.0.1",
                "--listening-port=" + server.getPort(),
                "--realm=montague.example",
                "--use-auth-secret",
                "--static-auth-secret=" + SECRET,
                "--userdb=" + directory.resolve("users"),
                "--pidfile=" + directory.resolve("pid"),
                "--log-file=stdout",
                "--no-tls",
                "--no-dtls",
                "--no-cli")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    awaitListening(log);
  }

  private static Optional<Path> onPath(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static void awaitListening(Path log) throws Exception {
    long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
    while (!answers()) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() - deadline > 0) {
        throw new AssertionError("turnserver does not listen: " + Files.readString(log));
      }
    }
  }

  private static boolean answers() {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false; // not yet
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  private static int allocate(String secret, Duration lifetime, Clock clock) throws Exception {
    Credentials credentials = new RelayCredentials(secret, lifetime, clock).of(ROMEO);
    return TurnClient.allocate(server, credentials.username(), credentials.password());
  }

  @Test
  void freshCredentialsAreGood() throws Exception {
    assertEquals(0, allocate(SECRET, HOUR, Clock.systemUTC()));
  }

  @Test
  void expiredCredentialsAreNot() throws Exception {
    Clock early = Clock.offset(Clock.systemUTC(), HOUR.multipliedBy(-2));
    assertEquals(401, allocate(SECRET, HOUR, early));
  }

  @Test
  void credentialsOfAnotherSecretAreNot() throws Exception {
    assertEquals(401, allocate("another secret", HOUR, Clock.systemUTC()));
  }

  @Test
  void nobodyMakesThemLastLonger() throws Exception {
    Credentials credentials = new RelayCredentials(SECRET, HOUR, Clock.systemUTC()).of(ROMEO);
    String later = credentials.expires().plus(HOUR).getEpochSecond() + "";
    String longer = credentials.username().replaceFirst("\\d+", later);
    assertFalse(longer.equals(credentials.username()));
    assertEquals(401, TurnClient.allocate(server, longer, credentials.password()));
  }
}

package io.rookery.standalone.conversation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/** How Rookery's own processes are configured and started for a conversation: all of it is here. */
final class RookeryProcesses {
  private static final String MAIN = "io.rookery.standalone.Rookery";
  private static final Duration NEGOTIATION_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_STANZA_BYTES = 262_144;

  private RookeryProcesses() {}

  static Service standalone() {
    requireMain();
    try {
      Path directory = Files.createDirectories(Path.of("target", "conversation", "standalone"));
      int starttls = freePort();
      int directTls = freePort();
      int ops = freePort();
      Path config = directory.resolve("rookery.yml");
      Files.writeString(config, config(directory, starttls, directTls, ops));
      ChildProcess process =
          new ChildProcess(
              "standalone",
              command("standalone", config),
              Map.of(),
              directory.resolve("standalone.log"),
              URI.create("http://127.0.0.1:" + ops + "/health/ready"));
      return new ProcessService(
              "localhost",
              List.of(new Endpoint(loopback(starttls), loopback(directTls))),
              List.of(process),
              NEGOTIATION_TIMEOUT,
              MAX_STANZA_BYTES)
          .started();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String config(Path directory, int starttls, int directTls, int ops) {
    return """
        domains: [localhost]
        data: %s
        connector:
          starttls: 127.0.0.1:%d
          direct-tls: 127.0.0.1:%d
          negotiation-timeout: %ds
          max-stanza-size: %d
        registration:
          enabled: true
          per-address-per-hour: 0
        ops: 127.0.0.1:%d
        """
        .formatted(
            directory.resolve("data").toAbsolutePath(),
            starttls,
            directTls,
            NEGOTIATION_TIMEOUT.toSeconds(),
            MAX_STANZA_BYTES,
            ops);
  }

  private static List<String> command(String role, Path config) {
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-cp",
        System.getProperty("java.class.path"),
        MAIN,
        role,
        "--config",
        config.toString());
  }

  /** Conversations were written before the service; without it there is nothing to talk to. */
  private static void requireMain() {
    try {
      Class.forName(MAIN, false, RookeryProcesses.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new TestAbortedException(MAIN + " does not exist yet", e);
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

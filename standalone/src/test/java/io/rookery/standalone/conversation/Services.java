package io.rookery.standalone.conversation;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * The services the conversations run on. The system property {@code conversation.services} is a
 * comma-separated list of {@code standalone}, {@code cluster} and {@code
 * external:HOST:STARTTLS_PORT:DIRECT_TLS_PORT:DOMAIN}, the last for a server somebody else started;
 * the default is {@code standalone,cluster}.
 */
final class Services {
  private Services() {}

  static Stream<String> wanted() {
    return Arrays.stream(
        System.getProperty("conversation.services", "standalone,cluster").split(","));
  }

  static Service start(String name) {
    if (name.startsWith("external:")) {
      return External.of(name.split(":"));
    }
    return switch (name) {
      case "standalone" -> RookeryProcesses.standalone();
      case "cluster" -> RookeryProcesses.cluster();
      default -> throw new IllegalArgumentException("conversation.services: " + name);
    };
  }

  private record External(Endpoint only, String domain) implements Service {
    private static External of(String[] parts) {
      return new External(
          new Endpoint(
              new InetSocketAddress(parts[1], Integer.parseInt(parts[2])),
              new InetSocketAddress(parts[1], Integer.parseInt(parts[3]))),
          parts[4]);
    }

    @Override
    public Endpoint endpoint(int client) {
      return only;
    }

    @Override
    public void restart() {
      throw new TestAbortedException("started by somebody else");
    }

    @Override
    public Duration negotiationTimeout() {
      return Duration.ofSeconds(5);
    }

    @Override
    public int maxStanzaBytes() {
      return 262_144;
    }

    @Override
    public void close() {
      // Whoever started it ends it.
    }
  }
}

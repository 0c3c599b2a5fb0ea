package io.rookery.standalone.conversation;

import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.cassandra.NodeOptions;
import io.rookery.connector.tls.SelfSigned;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How Rookery's own processes are configured and started for a conversation: all of it is here. */
final class RookeryProcesses {
  private static final String MAIN = "io.rookery.standalone.RookeryMain";
  private static final String DOMAIN = "localhost";
  private static final Duration NEGOTIATION_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_STANZA_BYTES = 262_144;
  private static final int NODES_PER_ROLE = 2;
  private static final Path TARGET = Path.of("target", "conversation").toAbsolutePath();

  private RookeryProcesses() {}

  /** Everything in one process. */
  static Service standalone() {
    return standalone("standalone", "").service().started();
  }

  /**
   * A service in one process, for a test that has it for itself.
   *
   * @param service not started yet
   * @param ops base address of its ops port
   * @param config its file
   */
  record Lone(ProcessService service, URI ops, Path config) {

    /** Runs a command with the configuration of the service; gives its output and exit code. */
    Ended run(String input, String... arguments) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(command(arguments[0], config));
      command.addAll(List.of(arguments).subList(1, arguments.length));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output);
    }

    /** A command that has ended. */
    record Ended(int code, String output) {}
  }

  /**
   * @param name of its directory
   * @param more configuration, in YAML
   */
  static Lone standalone(String name, String more) {
    try {
      Path directory = Files.createDirectories(TARGET.resolve(name));
      Endpoint endpoint = new Endpoint(freeAddress(), freeAddress());
      InetSocketAddress ops = freeAddress();
      String config = common(directory, ops) + listeners(endpoint) + more;
      ChildProcess process = process("standalone", "standalone", directory, config, ops);
      return new Lone(
          new ProcessService(
              DOMAIN, List.of(endpoint), List.of(process), NEGOTIATION_TIMEOUT, MAX_STANZA_BYTES),
          process.ready().resolve("/"),
          directory.resolve("standalone.yml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A node that is not started; its ports are free. */
  static NodeOptions cassandra(String name) throws IOException {
    return NodeOptions.builder(
            Path.of(System.getProperty("cassandra.lib")), TARGET.resolve(name).resolve("cassandra"))
        .cache(TARGET.resolve("cache"))
        .ports(freeAddress().getPort(), freeAddress().getPort())
        .build();
  }

  /** Two connectors, two routers and one Cassandra. */
  static Service cluster() {
    return cluster("cluster");
  }

  /**
   * @param name of its directory
   */
  static Service cluster(String name) {
    try {
      Path directory = Files.createDirectories(TARGET.resolve(name));
      EmbeddedCassandra cassandra = cassandra(directory);
      try {
        return new ClusterService(started(directory, cassandra), cassandra, routers(directory));
      } catch (RuntimeException | IOException e) {
        cassandra.kill();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static EmbeddedCassandra cassandra(Path directory)
      throws IOException, InterruptedException {
    Path lib = Path.of(System.getProperty("cassandra.lib"));
    return EmbeddedCassandra.start(
        NodeOptions.builder(lib, directory.resolve("cassandra"))
            .cache(TARGET.resolve("cache"))
            .build());
  }

  private static ProcessService started(Path directory, EmbeddedCassandra cassandra)
      throws IOException {
    List<InetSocketAddress> members = new ArrayList<>();
    for (int i = 0; i < 2 * NODES_PER_ROLE; i++) {
      members.add(freeAddress());
    }
    List<ChildProcess> processes = new ArrayList<>();
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      boolean router = i < NODES_PER_ROLE;
      String name = (router ? "router-" : "connector-") + i % NODES_PER_ROLE;
      InetSocketAddress ops = freeAddress();
      String config = common(directory, ops) + member(name, members, i, cassandra);
      if (!router) {
        endpoints.add(new Endpoint(freeAddress(), freeAddress()));
        config += listeners(endpoints.get(endpoints.size() - 1));
        makeCertificate(directory.resolve("certificates"));
      } else {
        Files.writeString(directory.resolve(name + ".ops"), ops.getPort() + "");
      }
      processes.add(process(name, router ? "router" : "connector", directory, config, ops));
    }
    return new ProcessService(DOMAIN, endpoints, processes, NEGOTIATION_TIMEOUT, MAX_STANZA_BYTES)
        .started();
  }

  private static void makeCertificate(Path directory) throws IOException {
    Path chain = Files.createDirectories(directory).resolve(DOMAIN + ".crt");
    if (!Files.exists(chain)) {
      new SelfSigned(new SecureRandom(), Clock.systemUTC())
          .write(List.of(DOMAIN), chain, directory.resolve(DOMAIN + ".key"));
    }
  }

  private static List<URI> routers(Path directory) throws IOException {
    List<URI> ops = new ArrayList<>();
    for (int i = 0; i < NODES_PER_ROLE; i++) {
      String port = Files.readString(directory.resolve("router-" + i + ".ops"));
      ops.add(URI.create("http://127.0.0.1:" + port));
    }
    return ops;
  }

  private static ChildProcess process(
      String name, String role, Path directory, String config, InetSocketAddress ops)
      throws IOException {
    Path file = directory.resolve(name + ".yml");
    Files.writeString(file, config);
    return new ChildProcess(
        name,
        command(role, file),
        Map.of(),
        directory.resolve(name + ".log"),
        URI.create("http://127.0.0.1:" + ops.getPort() + "/health/ready"));
  }

  private static String common(Path directory, InetSocketAddress ops) {
    return """
        domains: [%s]
        data: %s
        ops.port: %d
        router.registration.enabled: true
        router.registration.per-address: 1000000
        router.contacts.abuse: ["mailto:abuse@localhost"]
        connector.timeouts.negotiation: %ds
        connector.stream.stanza-bytes: %d
        connector.address.failed-logins: 1000000
        """
        .formatted(
            DOMAIN, directory, ops.getPort(), NEGOTIATION_TIMEOUT.toSeconds(), MAX_STANZA_BYTES);
  }

  private static String listeners(Endpoint endpoint) {
    return "connector.listeners: [\"starttls://127.0.0.1:%d\", \"direct://127.0.0.1:%d\"]\n"
        .formatted(endpoint.starttls().getPort(), endpoint.directTls().getPort());
  }

  private static String member(
      String name, List<InetSocketAddress> members, int own, EmbeddedCassandra cassandra) {
    List<String> addresses =
        members.stream().map(member -> "127.0.0.1:" + member.getPort()).toList();
    return """
        cluster.name: conversation-%d
        cluster.node: %s
        cluster.member-port: %d
        cluster.bus-port: 0
        cluster.members: [%s]
        storage.contact-points: ["127.0.0.1:%d"]
        """
        .formatted(
            members.get(0).getPort(),
            name,
            members.get(own).getPort(),
            String.join(", ", addresses.stream().map(a -> '"' + a + '"').toList()),
            cassandra.contactPoint().getPort());
  }

  private static List<String> command(String role, Path config) {
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx512m",
        "-Dcassandra.lib=" + System.getProperty("cassandra.lib"),
        "-cp",
        System.getProperty("java.class.path"),
        MAIN,
        role,
        "--config",
        config.toString());
  }

  private static InetSocketAddress freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
  }
}

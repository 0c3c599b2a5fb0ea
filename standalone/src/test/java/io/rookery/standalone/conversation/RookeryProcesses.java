package io.rookery.standalone.conversation;

import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.cassandra.NodeOptions;
import io.rookery.connector.tls.SelfSigned;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
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
import java.util.stream.Stream;

/** How Rookery's own processes are configured and started for a conversation: all of it is here. */
final class RookeryProcesses {
  private static final String MAIN = "io.rookery.standalone.RookeryMain";
  static final String CLASS_PATH = System.getProperty("java.class.path");
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
    return standalone(name, DOMAIN, more);
  }

  /**
   * @param domains all that it serves, {@link #DOMAIN} among them
   */
  static Lone standalone(String name, String domains, String more) {
    try {
      Path directory = Files.createDirectories(TARGET.resolve(name));
      Endpoint endpoint = new Endpoint(Ports.freeAddress(), Ports.freeAddress());
      InetSocketAddress ops = Ports.freeAddress();
      String config = common(directory, ops, domains) + limits() + listeners(endpoint) + more;
      ChildProcess process =
          process(
              "standalone",
              command("standalone", write(directory, "standalone", config)),
              directory,
              URI.create("http://127.0.0.1:" + ops.getPort()));
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
        .jvmArguments("-XX:TieredStopAtLevel=1")
        .ports(Ports.freeAddress().getPort(), Ports.freeAddress().getPort())
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
        return started(directory, cassandra);
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
            .jvmArguments("-XX:TieredStopAtLevel=1")
            .build());
  }

  private static Service started(Path directory, EmbeddedCassandra cassandra) throws IOException {
    List<RookeryNode> routers = new ArrayList<>();
    List<RookeryNode> connectors = new ArrayList<>();
    for (int i = 0; i < NODES_PER_ROLE; i++) {
      routers.add(RookeryNode.router("router-" + i, "127.0.0.1"));
      connectors.add(RookeryNode.connector("connector-" + i, "127.0.0.1"));
    }
    List<RookeryNode> nodes = Stream.concat(routers.stream(), connectors.stream()).toList();
    var cluster =
        new RookeryNode.Cluster(directory, nodes, List.of(cassandra.contactPoint()), limits());
    List<ChildProcess> processes = new ArrayList<>();
    for (RookeryNode node : nodes) {
      processes.add(node.process(cluster, List.of()));
    }
    List<Endpoint> endpoints =
        connectors.stream().map(connector -> connector.endpoint().orElseThrow()).toList();
    return new ClusterService(
        new ProcessService(DOMAIN, endpoints, processes, NEGOTIATION_TIMEOUT, MAX_STANZA_BYTES)
            .started(),
        cassandra,
        routers.stream().map(RookeryNode::ops).toList());
  }

  static void makeCertificate(Path directory) throws IOException {
    Path chain = Files.createDirectories(directory).resolve(DOMAIN + ".crt");
    if (!Files.exists(chain)) {
      new SelfSigned(new SecureRandom(), Clock.systemUTC())
          .write(List.of(DOMAIN), chain, directory.resolve(DOMAIN + ".key"));
    }
  }

  static Path write(Path directory, String name, String config) throws IOException {
    return Files.writeString(directory.resolve(name + ".yml"), config);
  }

  static ChildProcess process(String name, List<String> command, Path directory, URI ops) {
    return new ChildProcess(
        name, command, Map.of(), directory.resolve(name + ".log"), ops.resolve("/health/ready"));
  }

  /** What every node of a test needs. */
  static String common(Path directory, InetSocketAddress ops) {
    return common(directory, ops, DOMAIN);
  }

  private static String common(Path directory, InetSocketAddress ops, String domains) {
    return """
        domains: [%s]
        data: %s
        ops.address: %s
        ops.port: %d
        router.registration.enabled: true
        router.registration.per-address: 1000000
        router.contacts.abuse: ["mailto:abuse@localhost"]
        router.outage-status: ["https://status.localhost/outage.json"]
        router.external-services: ["stun:127.0.0.1", "turn:127.0.0.1:3479?transport=tcp"]
        router.turn.secret: some secret
        router.user-search: true
        router.archive-search: 100
        connector.address.failed-logins: 1000000
        """
        .formatted(domains, directory, ops.getHostString(), ops.getPort());
  }

  /** Limits that conversations try out. */
  private static String limits() {
    return """
        connector.timeouts.negotiation: %ds
        connector.stream.stanza-bytes: %d
        """
        .formatted(NEGOTIATION_TIMEOUT.toSeconds(), MAX_STANZA_BYTES);
  }

  static String listeners(Endpoint endpoint) {
    String host = endpoint.starttls().getAddress().getHostAddress();
    return "connector.listeners: [\"starttls://%s:%d\", \"direct://%s:%d\"]\n"
        .formatted(host, endpoint.starttls().getPort(), host, endpoint.directTls().getPort());
  }

  static List<String> command(String role, Path config) {
    return command(role, config, CLASS_PATH);
  }

  static List<String> command(String role, Path config, String classPath) {
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx512m",
        "-XX:TieredStopAtLevel=1", // most of them end before more would be worth it
        "-XX:+UseSerialGC",
        "-Dcassandra.lib=" + System.getProperty("cassandra.lib"),
        "-cp",
        classPath,
        MAIN,
        role,
        "--config",
        config.toString());
  }
}

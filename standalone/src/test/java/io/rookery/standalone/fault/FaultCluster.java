package io.rookery.standalone.fault;

import io.rookery.standalone.conversation.ChildProcess;
import io.rookery.standalone.conversation.Endpoint;
import io.rookery.standalone.conversation.Ports;
import io.rookery.standalone.conversation.RookeryNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connectors and routers as processes, a Cassandra of one or three nodes, and a relay in front of
 * every connector, for clients. Whatever happens to a node is done here. Methods block.
 */
final class FaultCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FaultCluster.class);
  private static final int CONNECTORS = 2;
  private static final int ROUTERS = 3;
  private static final String SPARE = "router-spare";
  private static final long POLL_MILLIS = 200;

  private final Path directory;
  private final Hosts hosts;
  private final Database database;
  private final Map<String, RookeryNode> nodes = new LinkedHashMap<>();
  private final Map<String, ChildProcess> processes = new LinkedHashMap<>();
  private final Map<String, ChildProcess> nextRelease = new LinkedHashMap<>();
  private final RookeryNode.Cluster common;
  private final Map<String, ChildProcess.Running> running = new LinkedHashMap<>();
  private final Map<String, DroppingProxy> proxies = new LinkedHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * Nothing runs yet.
   *
   * @param directory for configuration, logs and Cassandra's data, which is deleted
   * @param cassandras 1 or 3
   */
  FaultCluster(Path directory, int cassandras, Hosts hosts) throws IOException {
    this.directory = directory;
    this.hosts = hosts;
    Files.createDirectories(directory);
    database =
        new Database(directory, cassandras, hosts.harness(), () -> Ports.freeAddress().getPort());
    for (int i = 0; i < ROUTERS; i++) {
      add(RookeryNode.router("router-" + i, hosts.add("router-" + i)));
    }
    add(RookeryNode.router(SPARE, hosts.add(SPARE)));
    for (int i = 0; i < CONNECTORS; i++) {
      add(RookeryNode.connector("connector-" + i, hosts.add("connector-" + i)));
    }
    common =
        new RookeryNode.Cluster(
            directory,
            List.copyOf(nodes.values()),
            database.contactPoints(),
            "storage.replication: {datacenter1: "
                + cassandras
                + "}\n"
                + "router.scram-iterations: 4096\n");
    for (RookeryNode node : nodes.values()) {
      processes.put(node.name(), node.process(common, hosts.launcher(node.name())));
      node.endpoint()
          .ifPresent(
              endpoint ->
                  proxies.put(node.name(), new DroppingProxy(List.of(endpoint.directTls()))));
    }
  }

  private void add(RookeryNode node) {
    nodes.put(node.name(), node);
  }

  /** Starts everything but the spare router. */
  void start() throws IOException {
    database.start();
    names().stream().filter(name -> !running.containsKey(name)).forEach(this::start);
  }

  /** All nodes but the spare one. */
  List<String> names() {
    return nodes.keySet().stream().filter(name -> !name.equals(SPARE)).toList();
  }

  List<String> routers() {
    return names().stream().filter(name -> name.startsWith("router")).toList();
  }

  List<String> connectors() {
    return List.copyOf(proxies.keySet());
  }

  /** A router that is not there unless it is started. */
  String spare() {
    return SPARE;
  }

  DroppingProxy proxy(String connector) {
    return proxies.get(connector);
  }

  /** Where clients find the connectors. */
  List<InetSocketAddress> endpoints() {
    return proxies.values().stream().map(DroppingProxy::address).toList();
  }

  /** Where the connectors take clients with STARTTLS, without a relay. */
  List<InetSocketAddress> starttls() {
    return nodes.values().stream()
        .flatMap(node -> node.endpoint().stream())
        .map(Endpoint::starttls)
        .toList();
  }

  Hosts hosts() {
    return hosts;
  }

  Database database() {
    return database;
  }

  void start(String name) {
    running.put(name, processes.get(name).start());
  }

  /** As the next release. */
  void startNextRelease(String name) throws IOException {
    if (nextRelease.isEmpty()) {
      Path changes = NextRelease.build(directory.resolve("next-release"));
      for (RookeryNode node : nodes.values()) {
        nextRelease.put(node.name(), node.process(common, hosts.launcher(node.name()), changes));
      }
    }
    running.put(name, nextRelease.get(name).start());
  }

  /** SIGKILL. */
  void kill(String name) {
    running.remove(name).kill();
  }

  /** SIGTERM; returns when the process has ended. */
  void terminate(String name) {
    running.remove(name).stop();
  }

  /** SIGSTOP. */
  void pause(String name) {
    signal(name, "STOP");
  }

  /** SIGCONT. */
  void proceed(String name) {
    signal(name, "CONT");
  }

  private void signal(String name, String signal) {
    String pid = Long.toString(running.get(name).process().pid());
    try {
      if (new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start().waitFor() != 0) {
        throw new IllegalStateException("no signal for " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Whether every node that runs is ready before the time is over. One that has ended without being
   * told is started again, as its supervisor would.
   */
  boolean awaitReady(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!allReady()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return true;
  }

  private boolean allReady() throws InterruptedException {
    for (Map.Entry<String, ChildProcess.Running> node : Map.copyOf(running).entrySet()) {
      Process process = node.getValue().process();
      if (!process.isAlive()) {
        LOG.warn("{} has ended with code {}", node.getKey(), process.exitValue());
        start(node.getKey());
        return false;
      }
      if (!node.getValue().isReady(http)) {
        return false;
      }
    }
    return true;
  }

  /** Keeps what can be told of every node that runs: its metrics, and its threads in its log. */
  void examine(String occasion) throws InterruptedException {
    for (Map.Entry<String, ChildProcess.Running> node : Map.copyOf(running).entrySet()) {
      signal(node.getKey(), "QUIT");
      Path file = directory.resolve(node.getKey() + "-" + occasion + ".metrics");
      try {
        Files.writeString(file, node.getValue().metrics(http));
      } catch (IOException e) {
        LOG.warn("no metrics of {}: {}", node.getKey(), e.toString());
      }
    }
  }

  /** SIGKILL for every node, and Cassandra. */
  void killAll() throws InterruptedException {
    List.copyOf(running.keySet()).forEach(this::kill);
    database.killAll();
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::kill);
    database.close();
    proxies.values().forEach(DroppingProxy::close);
    hosts.close();
  }
}

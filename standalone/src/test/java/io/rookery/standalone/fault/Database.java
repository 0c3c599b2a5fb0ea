package io.rookery.standalone.fault;

import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.cassandra.NodeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** One Cassandra or three as child processes on loopback; each can be killed and started again. */
final class Database implements AutoCloseable {
  private static final List<String> TOKENS =
      List.of("-9223372036854775808", "-3074457345618258603", "3074457345618258602");
  private static final String[] START_TOGETHER = {
    "-Dcassandra.consistent.rangemovement=false",
    "-Dcassandra.ring_delay_ms=2000",
    "-Dcassandra.skip_wait_for_gossip_to_settle=0"
  };

  private final String clientsReachItAt;
  private final List<NodeOptions> options;
  private final Map<Integer, EmbeddedCassandra> running = new TreeMap<>();

  /**
   * @param nodes 1 or 3
   * @param clientsReachItAt an address of this host; nodes talk to each other on loopback
   */
  Database(Path directory, int nodes, String clientsReachItAt, Ports ports) throws IOException {
    this.clientsReachItAt = clientsReachItAt;
    this.options = options(directory, nodes, clientsReachItAt, ports);
  }

  /** Gives a port that is free. */
  interface Ports {
    int free() throws IOException;
  }

  private static List<NodeOptions> options(Path directory, int nodes, String address, Ports ports)
      throws IOException {
    int storagePort = ports.free();
    List<NodeOptions> all = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      Path data = directory.resolve("cassandra-" + i);
      delete(data);
      NodeOptions.Builder builder =
          NodeOptions.builder(Path.of(System.getProperty("cassandra.lib")), data)
              .cache(directory.resolve("cache"))
              .address(InetAddress.getByName("127.0.0." + (i + 1)))
              .ports(ports.free(), storagePort)
              .settings(settings(i, nodes, storagePort, address));
      all.add(nodes == 1 ? builder.build() : builder.jvmArguments(START_TOGETHER).build());
    }
    return List.copyOf(all);
  }

  private static Map<String, String> settings(
      int node, int nodes, int storagePort, String address) {
    Map<String, String> settings = new TreeMap<>();
    if (!address.startsWith("127.")) {
      settings.put("rpc_address", "0.0.0.0");
      settings.put("broadcast_rpc_address", address);
    }
    if (nodes > 1) {
      List<String> seeds = new ArrayList<>();
      for (int i = 1; i <= nodes; i++) {
        seeds.add("127.0.0." + i + ":" + storagePort);
      }
      settings.put("initial_token", '"' + TOKENS.get(node) + '"');
      settings.put(
          "seed_provider",
          "[{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: \""
              + String.join(",", seeds)
              + "\"}]}]");
    }
    return settings;
  }

  int nodes() {
    return options.size();
  }

  /** Where the nodes of the service reach it. */
  List<InetSocketAddress> contactPoints() {
    return options.stream()
        .map(
            node ->
                clientsReachItAt.startsWith("127.")
                    ? new InetSocketAddress(node.address(), node.nativePort())
                    : new InetSocketAddress(clientsReachItAt, node.nativePort()))
        .toList();
  }

  /** Starts what is not running; returns when all answer. */
  void start() throws IOException {
    Map<Integer, CompletableFuture<EmbeddedCassandra>> starting = new TreeMap<>();
    for (int i = 0; i < options.size(); i++) {
      NodeOptions node = options.get(i);
      if (!running.containsKey(i)) {
        starting.put(i, CompletableFuture.supplyAsync(() -> start(node), task -> thread(task)));
      }
    }
    IOException failed = null;
    for (Map.Entry<Integer, CompletableFuture<EmbeddedCassandra>> node : starting.entrySet()) {
      try {
        running.put(node.getKey(), node.getValue().join());
      } catch (CompletionException e) {
        failed = new IOException(String.valueOf(e.getCause()));
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private static void thread(Runnable task) {
    new Thread(task, "start of Cassandra").start();
  }

  private static EmbeddedCassandra start(NodeOptions node) {
    try {
      return EmbeddedCassandra.start(node);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL for one node. */
  void kill(int node) throws InterruptedException {
    running.remove(node).kill();
  }

  /** SIGKILL for all nodes. */
  void killAll() throws InterruptedException {
    for (int node : List.copyOf(running.keySet())) {
      kill(node);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() {
    try {
      killAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

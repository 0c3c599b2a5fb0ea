package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Real members of a cluster of their own, on loopback, in this JVM. */
final class TestCluster implements AutoCloseable {
  final List<HazelcastNode> nodes = new ArrayList<>();
  private final List<InetSocketAddress> seeds = new ArrayList<>();

  ClusterConfig config(String name, ClusterConfig.Role role, int loops) throws IOException {
    int port = freePort();
    seeds.add(InetSocketAddress.createUnresolved("127.0.0.1", port));
    return new ClusterConfig(
        "test-" + seeds.get(0).getPort(),
        name,
        role,
        "127.0.0.1",
        port,
        0,
        new ClusterConfig.Discovery.Members(seeds),
        loops,
        Duration.ofSeconds(5),
        1 << 16,
        1 << 20);
  }

  HazelcastNode join(String name, ClusterConfig.Role role, int loops) throws IOException {
    HazelcastNode node = HazelcastNode.join(config(name, role, loops));
    nodes.add(node);
    return node;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** As a SIGKILL: nothing is said, nothing handed over. */
  void kill(HazelcastNode node) {
    nodes.remove(node);
    node.hazelcast().getLifecycleService().terminate();
  }

  /** Migrations have no event that says "all done"; the owners are read anew as in production. */
  void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "in time");
      TimeUnit.MILLISECONDS.sleep(50);
      nodes.forEach(HazelcastNode::refresh);
    }
  }

  /** Whether all know the same owner of each partition, and somebody does. */
  boolean agree() {
    for (int i = 0; i < Partitions.COUNT; i++) {
      int partition = i;
      if (nodes.get(0).ownerOf(partition) == null
          || nodes.stream().map(node -> node.ownerOf(partition)).distinct().count() != 1) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    nodes.forEach(HazelcastNode::leave);
  }
}

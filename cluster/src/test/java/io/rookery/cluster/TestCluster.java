package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Real members of a cluster of their own, on loopback, in this JVM. */
final class TestCluster implements AutoCloseable {
  final List<HazelcastNode> nodes = new ArrayList<>();
  final MemoryArbiter arbiter = new MemoryArbiter();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<InetSocketAddress> seeds = new ArrayList<>();

  ClusterConfig config(String name, ClusterConfig.Role role, int loops) throws IOException {
    int port = freePort();
    seeds.add(InetSocketAddress.createUnresolved("127.0.0.1", port));
    return config(name, role, loops, port, seeds);
  }

  /**
   * @param members whom it asks for the cluster
   */
  static ClusterConfig config(
      String name, ClusterConfig.Role role, int loops, int port, List<InetSocketAddress> members) {
    return new ClusterConfig(
        "test-" + members.get(0).getPort(),
        name,
        role,
        "127.0.0.1",
        port,
        0,
        new ClusterConfig.Discovery.Members(members),
        loops,
        Duration.ofSeconds(5),
        1 << 16,
        1 << 20,
        Optional.empty());
  }

  HazelcastNode join(String name, ClusterConfig.Role role, int loops) throws Exception {
    HazelcastNode node = HazelcastNode.join(config(name, role, loops), arbiter, meters);
    nodes.add(node);
    if (role == ClusterConfig.Role.ROUTER) {
      node.takePart();
    }
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

  /** Migrations have no event that says "all done". */
  void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "in time");
      TimeUnit.MILLISECONDS.sleep(20);
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

  /** Whether all agree, and each of these routers owns something. */
  boolean shared(HazelcastNode... routers) {
    return agree()
        && Arrays.stream(routers).allMatch(router -> owned(router) > 0)
        && nodes.stream().allMatch(node -> node.hazelcast().getPartitionService().isClusterSafe());
  }

  /** How many partitions a router owns, by its own account. */
  long owned(HazelcastNode router) {
    return IntStream.range(0, Partitions.COUNT)
        .mapToObj(router::ownerOf)
        .filter(owner -> owner != null && owner.node().equals(router.self().id()))
        .count();
  }

  @Override
  public void close() {
    nodes.forEach(HazelcastNode::leave);
  }
}

package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real members on loopback. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HazelcastNodeTest {
  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void leave() {
    cluster.close();
  }

  private static List<Jid> users() {
    return IntStream.range(0, 500).mapToObj(i -> Jid.parse("user" + i + "@a.example")).toList();
  }

  private long owned(HazelcastNode asked, HazelcastNode owner) {
    return users().stream()
        .filter(user -> asked.ownerOf(user) != null)
        .filter(user -> asked.ownerOf(user).node().equals(owner.self().id()))
        .count();
  }

  @Test
  void routersOwnConnectorsLookOnAndLeavingIsNoticed() throws Exception {
    HazelcastNode connector = cluster.join("c1", ClusterConfig.Role.CONNECTOR, 2);
    assertNull(connector.ownerOf(users().get(0)));
    assertFalse(connector.hasRouter());

    HazelcastNode router1 = cluster.join("r1", ClusterConfig.Role.ROUTER, 2);
    cluster.await(() -> owned(connector, router1) == users().size());
    HazelcastNode router2 = cluster.join("r2", ClusterConfig.Role.ROUTER, 3);
    cluster.await(() -> cluster.agree() && owned(connector, router2) > 150);
    assertEquals(users().size(), owned(connector, router1) + owned(connector, router2));
    assertEquals(3, connector.nodes().size());
    assertTrue(users().stream().anyMatch(user -> connector.ownerOf(user).loop() == 2));
    assertTrue(router2.self().router() && !router2.self().connector());
    assertTrue(connector.self().connector() && !connector.self().router());

    CompletableFuture<Membership.Node> left = new CompletableFuture<>();
    CompletableFuture<Void> changed = new CompletableFuture<>();
    connector.onLeave(left::complete);
    connector.onOwnersChanged(() -> changed.complete(null));
    cluster.nodes.remove(router2);
    router2.leave();
    assertEquals(router2.self(), left.get(30, TimeUnit.SECONDS));
    cluster.await(() -> cluster.agree() && owned(connector, router1) == users().size());
    changed.get(30, TimeUnit.SECONDS);
  }

  /** As one that is stopped: the kernel answers, nobody else does. */
  @Test
  void aMemberThatSaysNothingCostsNothing() throws Exception {
    int own = TestCluster.freePort();
    int other = TestCluster.freePort();
    List<InetSocketAddress> members =
        List.of(
            InetSocketAddress.createUnresolved("127.0.0.1", own),
            InetSocketAddress.createUnresolved("127.0.0.1", other));
    ClusterConfig config = TestCluster.config("r1", ClusterConfig.Role.ROUTER, 1, own, members);
    cluster.nodes.add(HazelcastNode.join(config, cluster.arbiter, cluster.meters));
    try (ServerSocket silent = new ServerSocket(other, 10, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout(60_000);
      try (Socket looksForOtherClusters = silent.accept()) {
        assertTrue(looksForOtherClusters.isConnected());
        long before = cpuOfWriters();
        TimeUnit.SECONDS.sleep(3);
        long spent = cpuOfWriters() - before;
        assertTrue(spent < TimeUnit.MILLISECONDS.toNanos(300), spent + " ns");
      }
    }
  }

  private static long cpuOfWriters() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("IO.thread-out"))
        .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.getId())))
        .sum();
  }
}

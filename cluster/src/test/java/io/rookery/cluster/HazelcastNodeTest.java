package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real members on loopback. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HazelcastNodeTest {
  private final List<HazelcastNode> nodes = new ArrayList<>();
  private final List<InetSocketAddress> seeds = new ArrayList<>();

  @AfterEach
  void leave() {
    nodes.forEach(HazelcastNode::leave);
  }

  private HazelcastNode join(String name, ClusterConfig.Role role, int loops) throws IOException {
    int port = freePort();
    seeds.add(InetSocketAddress.createUnresolved("127.0.0.1", port));
    HazelcastNode node =
        HazelcastNode.join(
            new ClusterConfig(
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
                1 << 20));
    nodes.add(node);
    return node;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static List<Jid> users() {
    return IntStream.range(0, 500).mapToObj(i -> Jid.parse("user" + i + "@a.example")).toList();
  }

  /** Migrations have no event that says "all done"; the owners are read anew as in production. */
  private void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "in time");
      TimeUnit.MILLISECONDS.sleep(50);
      nodes.forEach(HazelcastNode::refresh);
    }
  }

  private long owned(HazelcastNode asked, HazelcastNode owner) {
    return users().stream()
        .filter(user -> asked.ownerOf(user) != null)
        .filter(user -> asked.ownerOf(user).node().equals(owner.self().id()))
        .count();
  }

  private boolean agree() {
    return users().stream()
        .allMatch(user -> nodes.stream().map(node -> node.ownerOf(user)).distinct().count() == 1);
  }

  @Test
  void routersOwnConnectorsLookOnAndLeavingIsNoticed() throws Exception {
    HazelcastNode connector = join("c1", ClusterConfig.Role.CONNECTOR, 2);
    assertNull(connector.ownerOf(users().get(0)));
    assertFalse(connector.hasRouter());

    HazelcastNode router1 = join("r1", ClusterConfig.Role.ROUTER, 2);
    await(() -> owned(connector, router1) == users().size());
    HazelcastNode router2 = join("r2", ClusterConfig.Role.ROUTER, 3);
    await(() -> agree() && owned(connector, router2) > 150);
    assertEquals(users().size(), owned(connector, router1) + owned(connector, router2));
    assertEquals(3, connector.nodes().size());
    assertTrue(users().stream().anyMatch(user -> connector.ownerOf(user).loop() == 2));
    assertTrue(router2.self().router() && !router2.self().connector());
    assertTrue(connector.self().connector() && !connector.self().router());

    CompletableFuture<Membership.Node> left = new CompletableFuture<>();
    CompletableFuture<Void> changed = new CompletableFuture<>();
    connector.onLeave(left::complete);
    connector.onOwnersChanged(() -> changed.complete(null));
    nodes.remove(router2);
    router2.leave();
    assertEquals(router2.self(), left.get(30, TimeUnit.SECONDS));
    await(() -> agree() && owned(connector, router1) == users().size());
    changed.get(30, TimeUnit.SECONDS);
  }
}

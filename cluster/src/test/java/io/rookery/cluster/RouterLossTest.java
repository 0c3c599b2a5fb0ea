package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cluster.Arbiter.View;
import io.rookery.cluster.ClusterConfig.Role;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real members on loopback that come and go. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RouterLossTest {
  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private HazelcastNode router(String name) throws Exception {
    return cluster.join(name, Role.ROUTER, 1);
  }

  @Test
  void aKilledRouterIsReplacedWithinSeconds() throws Exception {
    HazelcastNode first = router("r1");
    HazelcastNode second = router("r2");
    HazelcastNode connector = cluster.join("c1", Role.CONNECTOR, 1);
    cluster.await(() -> cluster.shared(first, second));
    CompletableFuture<Boolean> settled = new CompletableFuture<>();
    first.onLeave(node -> settled.complete(cluster.owned(first) == Partitions.COUNT));
    CompletableFuture<Boolean> noticed = new CompletableFuture<>();
    connector.onLeave(node -> noticed.complete(connector.ownerOf(0) != null));

    long begin = System.nanoTime();
    cluster.kill(second);
    assertTrue(noticed.get(10, TimeUnit.SECONDS), "who sends has a new owner to send to");
    assertTrue(settled.get(10, TimeUnit.SECONDS), "told when the owners are settled");
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    assertTrue(millis < 5000, millis + " ms");
    assertEquals(Set.of(first.self().id()), cluster.arbiter.view().members());
    assertTrue(cluster.agree());
  }

  @Test
  void withoutTheArbiterNobodyTakesOver() throws Exception {
    HazelcastNode first = router("r1");
    HazelcastNode second = router("r2");
    cluster.await(() -> cluster.shared(first, second));
    long before = cluster.owned(first);
    cluster.arbiter.down(true);
    cluster.kill(second);
    cluster.await(() -> first.nodes().size() == 1);
    TimeUnit.SECONDS.sleep(4); // that nothing happens has no event
    assertEquals(before, cluster.owned(first));
    cluster.arbiter.down(false);
    cluster.await(() -> cluster.owned(first) == Partitions.COUNT);
  }

  @Test
  void whoIsNotInTheViewIsFenced() throws Exception {
    HazelcastNode router = router("r1");
    cluster.await(() -> cluster.shared(router));
    assertEquals(0, cluster.meters.get("rookery.cluster.fenced").gauge().value());
    CompletableFuture<Void> fenced = new CompletableFuture<>();
    router.onFenced(() -> fenced.complete(null));
    View view;
    do {
      view = cluster.arbiter.view(); // which is renewed now and then
    } while (!cluster.arbiter.install(view.epoch(), view.next(Set.of("another"))).result());
    fenced.get(10, TimeUnit.SECONDS);
    assertNull(router.ownerOf(0));
    assertFalse(router.mayAct());
    assertEquals(1, cluster.meters.get("rookery.cluster.fenced").gauge().value());
  }

  /** Hazelcast gives a member that joins another cluster a new id, and takes its data. */
  @Test
  void whoseClusterIsMergedIntoAnotherIsFenced() throws Exception {
    InetSocketAddress one = InetSocketAddress.createUnresolved("127.0.0.1", TestCluster.freePort());
    InetSocketAddress two = InetSocketAddress.createUnresolved("127.0.0.1", TestCluster.freePort());
    InetSocketAddress nobody =
        InetSocketAddress.createUnresolved("127.0.0.1", TestCluster.freePort());
    CompletableFuture<Void> fenced = new CompletableFuture<>();
    // The first does not find the second, which is not there yet; the second does not ask the
    // first.
    for (ClusterConfig config :
        List.of(
            TestCluster.config("c1", Role.CONNECTOR, 1, one.getPort(), List.of(nobody, two)),
            TestCluster.config("c2", Role.CONNECTOR, 1, two.getPort(), List.of(nobody)))) {
      HazelcastNode node = HazelcastNode.join(config, cluster.arbiter, new SimpleMeterRegistry());
      cluster.nodes.add(node);
      node.onFenced(() -> fenced.complete(null));
      assertEquals(1, node.nodes().size());
    }
    fenced.get(60, TimeUnit.SECONDS);
  }

  @Test
  void leavingInOrderMovesThePartitionsFirst() throws Exception {
    HazelcastNode first = router("r1");
    HazelcastNode second = router("r2");
    HazelcastNode connector = cluster.join("c1", Role.CONNECTOR, 1);
    cluster.await(() -> cluster.shared(first, second));
    CompletableFuture<Long> began = new CompletableFuture<>();
    first.onLeaving(() -> began.complete(cluster.owned(first)));
    first.resign(Duration.ofSeconds(20));
    assertTrue(began.get(1, TimeUnit.SECONDS) > 0);
    assertEquals(0, cluster.owned(first));
    assertTrue(first.mayAct(), "it still knows the owners");
    assertEquals(second.self().id(), first.ownerOf(0).node());
    assertEquals(Set.of(second.self().id()), cluster.arbiter.view().members());
    assertTrue(second.nodes().stream().noneMatch(n -> n.router() && n.name().equals("r1")));
    cluster.nodes.remove(first);
    first.leave();
    cluster.await(() -> cluster.agree() && cluster.owned(second) == Partitions.COUNT);

    second.resign(Duration.ofSeconds(20));
    assertEquals(Set.of(), cluster.arbiter.view().members(), "the last one");
    cluster.nodes.remove(second);
    second.leave();
    cluster.await(() -> !connector.hasRouter() && connector.ownerOf(0) == null);
  }

  @Test
  void aNodeWithAnotherWireVersionDoesNotJoin() throws Exception {
    HazelcastNode router = router("r1");
    WireVersions later = new WireVersions(WireVersions.OURS.written() + 2, 0);
    ClusterConfig config = cluster.config("r2", Role.ROUTER, 1);
    IncompatibleNodeException refused =
        assertThrows(
            IncompatibleNodeException.class,
            () -> HazelcastNode.join(config, cluster.arbiter, cluster.meters, later));
    assertTrue(refused.getMessage().contains("r1"), refused.getMessage());
    cluster.await(() -> router.nodes().size() == 1);
    assertEquals(Set.of(router.self().id()), cluster.arbiter.view().members());
  }

  @Test
  void versionsThatOverlapUnderstandEachOther() {
    assertTrue(new WireVersions(2, 1).understand(new WireVersions(2, 2)));
    assertFalse(new WireVersions(2, 1).understand(new WireVersions(1, 1)));
    assertFalse(new WireVersions(3, 2).understand(new WireVersions(1, 1)));
  }
}

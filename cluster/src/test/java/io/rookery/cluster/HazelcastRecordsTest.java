package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records of real members on loopback. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HazelcastRecordsTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestCluster cluster = new TestCluster();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<HazelcastNode, HazelcastRecords> records = new HashMap<>();

  @AfterEach
  void close() throws Exception {
    cluster.close();
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private HazelcastNode join(String name) throws Exception {
    HazelcastNode node = cluster.join(name, ClusterConfig.Role.ROUTER, 1);
    records.put(node, new HazelcastRecords(vertx, node, meters));
    node.awaitBackups();
    cluster.await(
        () -> cluster.agree() && cluster.nodes.stream().allMatch(n -> !partitionsOf(n).isEmpty()));
    return node;
  }

  private static List<Integer> partitionsOf(HazelcastNode node) {
    return IntStream.range(0, Partitions.COUNT)
        .filter(i -> node.ownerOf(i) != null && node.ownerOf(i).node().equals(node.self().id()))
        .boxed()
        .toList();
  }

  private static List<Jid> sessions() {
    return IntStream.range(0, 400)
        .mapToObj(i -> Jid.parse("user" + i + "@a.example/phone"))
        .toList();
  }

  private static byte[] bytes(Jid session) {
    return session.toString().getBytes(StandardCharsets.UTF_8);
  }

  private HazelcastNode ownerOf(Jid session) {
    return cluster.nodes.stream()
        .filter(node -> node.self().id().equals(node.ownerOf(session).node()))
        .findFirst()
        .orElseThrow();
  }

  private void putAll() throws Exception {
    for (Jid session : sessions()) {
      assertTrue(await(records.get(ownerOf(session)).put(session, 7, bytes(session))));
    }
  }

  /** Each node holds exactly the records of the accounts it owns, and reads them. */
  private void assertEachOwnerHasItsRecords() throws Exception {
    int found = 0;
    for (HazelcastNode node : cluster.nodes) {
      int read = 0;
      for (int partition : partitionsOf(node)) {
        for (SessionRecords.Stored stored : await(records.get(node).read(partition))) {
          assertEquals(partition, Partitions.of(stored.session()));
          assertEquals(7, stored.version());
          assertArrayEquals(bytes(stored.session()), stored.bytes());
          read++;
        }
      }
      assertEquals(
          read, node.hazelcast().getMap("rookery.sessions").localKeySet().size(), "not elsewhere");
      found += read;
    }
    assertEquals(sessions().size(), found);
  }

  @Test
  void recordsFollowTheirOwners() throws Exception {
    HazelcastNode first = join("r1");
    HazelcastNode second = join("r2");
    putAll();
    assertEachOwnerHasItsRecords();
    join("r3");
    assertEachOwnerHasItsRecords();
    assertTrue(partitionsOf(first).size() < Partitions.COUNT / 2);

    List<Integer> lost = partitionsOf(second);
    cluster.kill(second);
    cluster.await(
        () ->
            cluster.agree()
                && lost.stream()
                    .noneMatch(i -> first.ownerOf(i).node().equals(second.self().id())));
    assertEachOwnerHasItsRecords();
  }

  @Test
  void aStaleOwnerIsRefused() throws Exception {
    HazelcastRecords there = records.get(join("r1"));
    Jid session = sessions().get(0);
    assertTrue(await(there.put(session, 5, new byte[] {5})));
    assertFalse(await(there.put(session, 4, new byte[] {4})));
    assertFalse(await(there.remove(session, 4)));
    assertTrue(await(there.put(session, 5, new byte[] {55})));
    SessionRecords.Stored stored = await(there.read(Partitions.of(session))).get(0);
    assertArrayEquals(new byte[] {55}, stored.bytes());
    assertEquals(2, meters.counter("rookery.records.refused").count());
    assertEquals(1, meters.get("rookery.records").gauge().value());

    assertTrue(await(there.remove(session, 6)));
    assertTrue(await(there.remove(session, 6)), "it may be gone already");
    assertEquals(List.of(), await(there.read(Partitions.of(session))));
    assertTrue(await(there.put(session, 1, new byte[] {1})), "nothing is left of it");
  }

  @Test
  void answersComeOnTheContextOfTheCaller() throws Exception {
    HazelcastRecords there = records.get(join("r1"));
    Context context = vertx.getOrCreateContext();
    CompletableFuture<Context> put = new CompletableFuture<>();
    CompletableFuture<Context> read = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          there
              .put(sessions().get(0), 1, new byte[0])
              .onComplete(done -> put.complete(Vertx.currentContext()));
          there.read(0).onComplete(done -> read.complete(Vertx.currentContext()));
        });
    assertSame(context, put.get(10, TimeUnit.SECONDS));
    assertSame(context, read.get(10, TimeUnit.SECONDS));
  }
}

package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.StorageOverloadedException;
import io.rookery.storage.mailbox.MailboxEntry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a node of its own, which is killed. */
class OutageTest {
  private static final Jid USER = Jid.parse("romeo@montague.example");

  @TempDir Path data;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private EmbeddedCassandra node;
  private StorageConfig config;

  @BeforeEach
  void start() throws Exception {
    node = EmbeddedCassandra.start(CassandraServer.node(data).build());
    config =
        StorageConfig.singleNode(node.contactPoint(), "rookery")
            .withLimits(Duration.ofSeconds(5), 64, 256);
  }

  @AfterEach
  void end() throws Exception {
    node.kill();
    get(vertx.close());
  }

  @Test
  void requestsFailWhileStorageIsGoneAndNothingAcknowledgedIsLost() throws Exception {
    CassandraStorage storage = get(CassandraStorage.open(vertx, config, meters));
    List<Future<Void>> appended = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      appended.add(storage.mailboxes().append(USER, entry(i)));
      if (i % 200 == 0) {
        get(appended.get(i));
      }
    }
    node.kill();
    for (Future<Void> append : appended) {
      append
          .toCompletionStage()
          .toCompletableFuture()
          .handle((done, failure) -> done)
          .get(10, TimeUnit.SECONDS);
    }
    assertThrows(ExecutionException.class, () -> get(storage.ping()));
    assertThrows(ExecutionException.class, () -> get(CassandraStorage.open(vertx, config, meters)));

    node = EmbeddedCassandra.start(node.options());
    awaitAnswer(storage);
    Set<Long> kept = new HashSet<>();
    for (long after = 0; kept.addAll(ids(storage, after)); ) {
      after = kept.stream().max(Long::compare).orElseThrow();
    }
    int acknowledged = 0;
    for (int i = 0; i < appended.size(); i++) {
      if (appended.get(i).succeeded()) {
        acknowledged++;
        assertTrue(kept.contains(entry(i).id()), "lost " + i);
      }
    }
    assertTrue(acknowledged > 0);
    get(storage.close());
  }

  private static List<Long> ids(CassandraStorage storage, long after) throws Exception {
    return get(storage.mailboxes().read(USER, after, 1000)).stream().map(MailboxEntry::id).toList();
  }

  /** The driver connects again on its own; its first attempt is at an unknown time. */
  private static void awaitAnswer(CassandraStorage storage) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    Future<Void> ping = storage.ping();
    while (!answered(ping) && System.nanoTime() < end) {
      Thread.sleep(50);
      ping = storage.ping();
    }
    assertTrue(ping.succeeded());
  }

  private static boolean answered(Future<Void> ping) throws Exception {
    return ping.map(true)
        .otherwise(false)
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  @Test
  void moreThanTheQueueTakesIsRefusedAtOnce() throws Exception {
    CassandraStorage storage = get(CassandraStorage.open(vertx, config, meters));
    get(storage.mailboxes().append(USER, entry(0)));
    List<Future<Void>> appended = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      appended.add(storage.mailboxes().append(USER, entry(i)));
    }
    ExecutionException refused =
        assertThrows(ExecutionException.class, () -> get(Future.join(appended)));
    assertInstanceOf(StorageOverloadedException.class, refused.getCause());
    long overloaded = appended.stream().filter(Future::failed).count();
    assertEquals(
        overloaded,
        meters.get("rookery.storage.errors").tag("kind", "overloaded").counter().count());
    assertTrue(appended.size() - overloaded >= 64 + 256);
    get(storage.ping());
    get(storage.close());
  }

  private static MailboxEntry entry(int number) {
    return new MailboxEntry(
        (1_700_000_000_000L + number) << 16,
        0,
        Jid.parse("juliet@capulet.example"),
        false,
        true,
        false,
        new byte[] {'<', 'm', '/', '>'});
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}

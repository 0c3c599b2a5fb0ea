package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.rookery.storage.cluster.ClusterViews;
import io.rookery.storage.cluster.View;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClusterViewsTest {
  @RegisterExtension static final CassandraServer SERVER = new CassandraServer();

  private static final Vertx VERTX = Vertx.vertx();
  private static StorageConfig config;
  private static CassandraStorage storage;

  private final String cluster = UUID.randomUUID().toString();

  @BeforeAll
  static void open() throws Exception {
    config = StorageConfig.singleNode(SERVER.contactPoint(), SERVER.freshKeyspace());
    storage = get(CassandraStorage.open(VERTX, config, new SimpleMeterRegistry()));
  }

  @AfterAll
  static void close() throws Exception {
    get(storage.close());
    get(VERTX.close());
  }

  @Test
  void aViewReplacesTheOneItWasMadeFrom() throws Exception {
    ClusterViews views = storage.clusterViews();
    assertEquals(Optional.empty(), get(views.current(cluster)));
    View first = new View(1, Set.of("a", "b", "c"));
    View second = new View(2, Set.of("a", "b"));
    assertFalse(get(views.install(cluster, 1, second)));
    assertTrue(get(views.install(cluster, 0, first)));
    assertFalse(get(views.install(cluster, 0, first)));
    assertTrue(get(views.install(cluster, 1, second)));
    assertFalse(get(views.install(cluster, 1, new View(5, Set.of("c")))));
    assertEquals(Optional.of(second), get(views.current(cluster)));
    assertTrue(get(views.install(cluster, 2, new View(7, Set.of()))));
    assertEquals(Optional.of(new View(7, Set.of())), get(views.current(cluster)));
    assertThrows(IllegalArgumentException.class, () -> views.install(cluster, 7, second));
  }

  @Test
  void ofManyInstallsAtATimeOneSucceeds() throws Exception {
    for (long epoch = 0; epoch < 3; epoch++) {
      List<Future<Boolean>> attempts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        View next = new View(epoch + 1, Set.of("router-" + i));
        attempts.add(storage.clusterViews().install(cluster, epoch, next));
      }
      get(Future.all(attempts));
      List<Integer> winners = new ArrayList<>();
      for (int i = 0; i < attempts.size(); i++) {
        if (attempts.get(i).result()) {
          winners.add(i);
        }
      }
      assertEquals(1, winners.size());
      View expected = new View(epoch + 1, Set.of("router-" + winners.get(0)));
      assertEquals(Optional.of(expected), get(storage.clusterViews().current(cluster)));
    }
  }

  @Test
  void aLostAnswerIsFoundOut() throws Exception {
    try (LossyProxy proxy = new LossyProxy(SERVER.contactPoint())) {
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      CassandraStorage lossy =
          get(CassandraStorage.open(VERTX, config.withContactPoint(proxy.address()), meters));
      ClusterViews views = lossy.clusterViews();
      for (int attempt = 0; attempt < 3; attempt++) {
        proxy.loseTheNextAnswer();
        View next = new View(attempt + 1, Set.of("a" + attempt));
        assertTrue(get(views.install(cluster, attempt, next)));
        assertEquals(Optional.of(next), get(storage.clusterViews().current(cluster)));
      }
      proxy.loseTheNextAnswer();
      assertFalse(get(views.install(cluster, 1, new View(9, Set.of("late")))));
      double errors =
          meters.get("rookery.storage.errors").counters().stream()
              .mapToDouble(Counter::count)
              .sum();
      assertTrue(errors >= 4, "lost answers " + errors);
      get(lossy.close());
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}

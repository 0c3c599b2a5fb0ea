package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.hazelcast.core.DistributedObject;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusNodesTest {
  private final TestCluster cluster = new TestCluster();
  private final List<Vertx> buses = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (Vertx bus : buses) {
      await(bus.close());
    }
    cluster.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private Vertx bus(HazelcastNode node) throws Exception {
    Vertx bus = await(node.startVertx(new VertxOptions()));
    buses.add(bus);
    return bus;
  }

  /** With the routers that held it, or because a node that was cut off tidied up after others. */
  @Test
  void aNodeIsReachedWhateverBecameOfWhatTheClusterKept() throws Exception {
    HazelcastNode first = cluster.join("r1", ClusterConfig.Role.ROUTER, 1);
    HazelcastNode second = cluster.join("r2", ClusterConfig.Role.ROUTER, 1);
    HazelcastNode connector = cluster.join("c1", ClusterConfig.Role.CONNECTOR, 1);
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    String address = BusNodes.busAddress(connector.self().id(), 0);
    MessageConsumer<String> consumer =
        bus(connector).eventBus().consumer(address, m -> got.add(m.body()));
    await(consumer.completion());
    bus(first).eventBus().send(address, "before");
    assertEquals("before", got.poll(30, TimeUnit.SECONDS));

    cluster.kill(first);
    cluster.kill(second);
    cluster.await(() -> connector.nodes().size() == 1);
    HazelcastNode later = cluster.join("r3", ClusterConfig.Role.ROUTER, 1);
    Vertx bus = bus(later);
    later.hazelcast().getDistributedObjects().forEach(DistributedObject::destroy);
    bus.eventBus().send(address, "after");

    assertEquals("after", got.poll(30, TimeUnit.SECONDS));
  }
}

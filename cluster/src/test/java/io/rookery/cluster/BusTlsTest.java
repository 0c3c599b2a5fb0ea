package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.rookery.cluster.ClusterConfig.BusTls;
import io.rookery.cluster.ClusterConfig.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of one Hazelcast cluster, some of them without the right certificate. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BusTlsTest {
  private final TestCluster cluster = new TestCluster();
  private final List<Vertx> buses = new ArrayList<>();
  @TempDir private Path directory;

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

  private Vertx bus(String name, Optional<BusTls> tls) throws Exception {
    ClusterConfig plain = cluster.config(name, Role.ROUTER, 1);
    ClusterConfig config =
        new ClusterConfig(
            plain.name(),
            plain.node(),
            plain.role(),
            plain.address(),
            plain.memberPort(),
            plain.busPort(),
            plain.discovery(),
            plain.eventLoops(),
            plain.failureTimeout(),
            plain.frameBytes(),
            plain.windowBytes(),
            tls);
    HazelcastNode node = HazelcastNode.join(config, cluster.arbiter, cluster.meters);
    cluster.nodes.add(node);
    node.takePart();
    Vertx bus = await(node.startVertx(new VertxOptions()));
    buses.add(bus);
    return bus;
  }

  private static Optional<BusTls> tls(Identity own, Path trust) {
    return Optional.of(new BusTls(own.certificate(), own.key(), trust));
  }

  @Test
  void onlyWhoHasACertificateDelivers() throws Exception {
    Identity first = Identity.make(directory, "first");
    Identity second = Identity.make(directory, "second");
    Identity stranger = Identity.make(directory, "stranger");
    Path trust = directory.resolve("trust.pem");
    Files.writeString(
        trust, Files.readString(first.certificate()) + Files.readString(second.certificate()));
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    Vertx receiver = bus("r1", tls(first, trust));
    String address = BusNodes.busAddress(cluster.nodes.get(0).self().id(), 0);
    await(receiver.eventBus().<String>consumer(address, m -> got.add(m.body())).completion());

    bus("r2", Optional.empty()).eventBus().send(address, "without TLS");
    bus("r3", tls(stranger, trust)).eventBus().send(address, "with an unknown certificate");
    assertNull(got.poll(5, TimeUnit.SECONDS));

    bus("r4", tls(second, trust)).eventBus().send(address, "with a known one");
    assertEquals("with a known one", got.poll(30, TimeUnit.SECONDS));
    assertEquals(List.of(), List.copyOf(got));
  }
}

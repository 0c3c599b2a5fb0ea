package io.rookery.standalone.fault;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.standalone.fault.client.Account;
import io.rookery.standalone.fault.client.Fleet;
import io.rookery.storage.cassandra.CassandraStorage;
import io.rookery.storage.cassandra.StorageConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole run, from a cluster that does not exist to one that does not exist any more.
 *
 * @param faults in this order
 * @param times each is injected
 * @param clients an even number
 * @param rate messages of each client in a second
 * @param cassandras 1 or 3
 * @param seed of chance: what is hit, and when
 */
record Faults(
    List<Fault> faults,
    int times,
    int clients,
    double rate,
    int cassandras,
    long seed,
    Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  Report run() throws Exception {
    LOG.info("seed {}", seed);
    Hosts hosts = Namespaces.areAvailable() ? new Namespaces() : Hosts.loopback();
    try (FaultCluster cluster = new FaultCluster(directory.toAbsolutePath(), cassandras, hosts)) {
      cluster.start();
      if (!cluster.awaitReady(START_LIMIT)) {
        throw new IllegalStateException("no cluster, see " + directory);
      }
      Vertx vertx = Vertx.vertx();
      CassandraStorage storage = await(open(vertx, cluster));
      try (Fleet fleet = new Fleet(accounts(), cluster.endpoints(), rate, seed)) {
        return inject(
            new Scene(cluster, fleet, new Random(seed)), new LogAudit(storage.mailboxes()));
      } finally {
        await(storage.close());
        await(vertx.close());
      }
    }
  }

  private Report inject(Scene scene, LogAudit audit) throws Exception {
    scene.fleet().begin(0);
    scene.fleet().connect();
    if (!scene.fleet().awaitLive(START_LIMIT)) {
      throw new IllegalStateException("clients do not get in: " + scene.fleet().loginsRefused());
    }
    FaultRun run = new FaultRun(scene, audit);
    for (Fault fault : faults) {
      if (fault.needsCuts() && !scene.cluster().hosts().canCut()) {
        LOG.warn("{} needs a network that can be cut: not done", fault.label());
      } else if (fault.needsThreeCassandras() && cassandras < 3) {
        LOG.warn("{} needs three nodes of Cassandra: not done", fault.label());
      } else {
        run.inject(fault, times);
      }
    }
    return run.report();
  }

  private List<Account> accounts() {
    String of = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    return IntStream.range(0, clients)
        .mapToObj(i -> new Account("user" + i + "-" + of, "localhost", "pencil"))
        .toList();
  }

  private static Future<CassandraStorage> open(Vertx vertx, FaultCluster cluster) {
    StorageConfig config =
        StorageConfig.singleNode(cluster.database().contactPoints().get(0), "rookery");
    return CassandraStorage.open(vertx, config, new SimpleMeterRegistry());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}

package io.rookery.standalone.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.cassandra.NodeOptions;
import io.rookery.standalone.config.Config;
import io.rookery.storage.cassandra.CassandraStorage;
import io.rookery.storage.cassandra.SchemaTooNewException;
import io.rookery.storage.cassandra.StorageConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to Cassandra, and Cassandra itself where it is embedded. */
public final class Database {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final long FIRST_DELAY_MILLIS = 250;
  private static final long MAX_DELAY_MILLIS = 10_000;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

  private final EmbeddedCassandra embedded;
  private final CassandraStorage storage;

  private Database(EmbeddedCassandra embedded, CassandraStorage storage) {
    this.embedded = embedded;
    this.storage = storage;
  }

  /**
   * Blocks until Cassandra answers, however long that takes.
   *
   * @throws SchemaTooNewException when the database belongs to a newer version
   */
  public static Database open(Vertx vertx, Config config, MeterRegistry meters) throws Exception {
    EmbeddedCassandra embedded = config.embedsCassandra() ? startEmbedded(config.data()) : null;
    long delay = FIRST_DELAY_MILLIS;
    while (true) {
      try {
        return new Database(
            embedded,
            Await.result(CassandraStorage.open(vertx, storageConfig(config, embedded), meters)));
      } catch (SchemaTooNewException | InterruptedException e) {
        stop(embedded);
        throw e;
      } catch (Exception e) {
        LOG.warn("Cassandra does not answer, again in {} ms: {}", delay, e.toString());
        Thread.sleep(delay);
        delay = Math.min(2 * delay, MAX_DELAY_MILLIS);
      }
    }
  }

  private static StorageConfig storageConfig(Config config, EmbeddedCassandra embedded) {
    return embedded == null
        ? config.storage()
        : config.storage().withContactPoint(embedded.contactPoint());
  }

  private static EmbeddedCassandra startEmbedded(Path data)
      throws IOException, InterruptedException {
    String lib = System.getProperty("cassandra.lib");
    if (lib == null) {
      throw new IOException("the system property cassandra.lib does not say where Cassandra is");
    }
    LOG.info("starting the embedded Cassandra in {}", data);
    return EmbeddedCassandra.start(
        NodeOptions.builder(Path.of(lib), data.resolve("cassandra")).build());
  }

  public CassandraStorage storage() {
    return storage;
  }

  /** Blocking. */
  public void close() throws Exception {
    Await.result(storage.close());
    stop(embedded);
  }

  private static void stop(EmbeddedCassandra embedded) throws IOException, InterruptedException {
    if (embedded != null) {
      embedded.stop(STOP_LIMIT);
    }
  }
}

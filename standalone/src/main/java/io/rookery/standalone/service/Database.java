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
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to Cassandra, and Cassandra itself where it is embedded. */
public final class Database {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final long FIRST_DELAY_MILLIS = 250;
  private static final long MAX_DELAY_MILLIS = 10_000;

  private final EmbeddedCassandra embedded;
  private final AddressFile address;
  private final CassandraStorage storage;

  private Database(EmbeddedCassandra embedded, AddressFile address, CassandraStorage storage) {
    this.embedded = embedded;
    this.address = address;
    this.storage = storage;
  }

  /**
   * Opens the database for a service. Blocks until Cassandra answers, however long that takes.
   *
   * @throws SchemaTooNewException when the database belongs to a newer version
   */
  public static Database open(Vertx vertx, Config config, MeterRegistry meters) throws Exception {
    if (!config.embedsCassandra()) {
      return connect(vertx, config.storage(), null, null, meters);
    }
    EmbeddedCassandra embedded = startEmbedded(config.data());
    AddressFile address = AddressFile.write(config.data(), embedded.contactPoint());
    StorageConfig storage = config.storage().withContactPoint(embedded.contactPoint());
    return connect(vertx, storage, embedded, address, meters);
  }

  /**
   * Opens the database for a command, which uses the embedded Cassandra of the running service if
   * there is one. Otherwise as {@link #open}.
   */
  static Database openBeside(Vertx vertx, Config config, MeterRegistry meters) throws Exception {
    Optional<InetSocketAddress> running =
        config.embedsCassandra() ? AddressFile.read(config.data()) : Optional.empty();
    return running.isPresent()
        ? connect(vertx, config.storage().withContactPoint(running.get()), null, null, meters)
        : open(vertx, config, meters);
  }

  private static Database connect(
      Vertx vertx,
      StorageConfig config,
      EmbeddedCassandra embedded,
      AddressFile address,
      MeterRegistry meters)
      throws Exception {
    long delay = FIRST_DELAY_MILLIS;
    while (true) {
      try {
        return new Database(
            embedded, address, Await.result(CassandraStorage.open(vertx, config, meters)));
      } catch (SchemaTooNewException | InterruptedException e) {
        stop(embedded, address);
        throw e;
      } catch (Exception e) {
        LOG.warn("Cassandra does not answer, again in {} ms: {}", delay, e.toString());
        Thread.sleep(delay);
        delay = Math.min(2 * delay, MAX_DELAY_MILLIS);
      }
    }
  }

  static EmbeddedCassandra startEmbedded(Path data) throws IOException, InterruptedException {
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
    stop(embedded, address);
  }

  private static void stop(EmbeddedCassandra embedded, AddressFile address)
      throws IOException, InterruptedException {
    if (embedded != null) {
      address.close();
      embedded.stop(EmbeddedCassandra.STOP_LIMIT);
    }
  }
}

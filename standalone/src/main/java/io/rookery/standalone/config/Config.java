package io.rookery.standalone.config;

import io.rookery.cluster.ClusterConfig;
import io.rookery.connector.ConnectorConfig;
import io.rookery.router.RouterConfig;
import io.rookery.standalone.logging.LoggingConfig;
import io.rookery.standalone.ops.OpsConfig;
import io.rookery.storage.cassandra.StorageConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The whole configuration of a process.
 *
 * @param data what {@code standalone} keeps between runs: certificates, the embedded Cassandra
 * @param shutdownTimeout an orderly shutdown that takes longer is cut short; default 30 s
 */
public record Config(
    Path data,
    Duration shutdownTimeout,
    ConnectorConfig connector,
    RouterConfig router,
    StorageConfig storage,
    ClusterConfig cluster,
    OpsConfig ops,
    LoggingConfig logging) {

  /** Whether an embedded Cassandra is started, whose contact point is to be added to storage. */
  public boolean embedsCassandra() {
    return storage.contactPoints().isEmpty();
  }
}

package io.rookery.standalone.cli;

import io.rookery.standalone.config.Config;
import io.vertx.core.Future;
import java.util.List;

/** What the command line can do; the composition root implements it. */
public interface Roles {

  /**
   * Starts what {@code config.cluster().role()} says.
   *
   * @return succeeds when started, if not yet ready for work; fails, with nothing left running,
   *     when it cannot be started
   */
  Future<? extends RunningService> start(Config config);

  /**
   * Starts a small cluster on this machine: two routers, two connectors, each a process of its own,
   * and an embedded Cassandra.
   *
   * @param config as of {@code standalone}
   * @param options of the command line, for the processes
   */
  Future<? extends RunningService> startLocalCluster(Config config, List<String> options);

  /**
   * Opens the accounts for one command, while the service runs or not. With the embedded Cassandra
   * the running one is used, or one is started until {@link AccountAccess#close}.
   */
  Future<? extends AccountAccess> openAccounts(Config config);
}

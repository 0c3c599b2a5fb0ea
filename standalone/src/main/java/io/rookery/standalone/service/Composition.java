package io.rookery.standalone.service;

import io.rookery.standalone.cli.AccountAccess;
import io.rookery.standalone.cli.Roles;
import io.rookery.standalone.cli.RunningService;
import io.rookery.standalone.config.Config;
import io.vertx.core.Future;
import java.util.List;

/** What the command line starts, for real. */
public final class Composition implements Roles {

  @Override
  public Future<RunningService> start(Config config) {
    try {
      return Future.succeededFuture(RejoiningService.start(config));
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<RunningService> startLocalCluster(Config config, List<String> options) {
    try {
      return Future.succeededFuture(LocalCluster.start(config, options));
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<AccountAccess> openAccounts(Config config) {
    try {
      return Future.succeededFuture(StoredAccounts.open(config));
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }
}

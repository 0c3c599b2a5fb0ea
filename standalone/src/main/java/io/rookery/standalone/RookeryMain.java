package io.rookery.standalone;

import io.rookery.standalone.cli.AccountAccess;
import io.rookery.standalone.cli.Roles;
import io.rookery.standalone.cli.Rookery;
import io.rookery.standalone.cli.RunningService;
import io.rookery.standalone.cli.Terminal;
import io.rookery.standalone.config.Config;
import io.vertx.core.Future;

/** The process. */
public final class RookeryMain {

  private RookeryMain() {}

  public static void main(String[] arguments) {
    Rookery rookery = new Rookery(new NoRoles(), System.getenv(), Terminal.system());
    System.exit(rookery.run(arguments));
  }

  // TODO the composition root puts the real ones here.
  private static final class NoRoles implements Roles {
    @Override
    public Future<RunningService> start(Config config) {
      return Future.failedFuture("not composed yet");
    }

    @Override
    public Future<AccountAccess> openAccounts(Config config) {
      return Future.failedFuture("not composed yet");
    }
  }
}

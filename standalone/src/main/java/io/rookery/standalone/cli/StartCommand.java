package io.rookery.standalone.cli;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.config.InvalidConfigException;
import io.rookery.standalone.logging.Logging;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** Runs a role until the process is told to end (SIGTERM, SIGINT), then stops it in order. */
abstract sealed class StartCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(StartCommand.class);

  private final Rookery rookery;
  private final Role role;

  private StartCommand(Rookery rookery, Role role) {
    this.rookery = rookery;
    this.role = role;
  }

  @Command(name = "standalone", description = "Runs everything in one process, Cassandra included.")
  static final class Standalone extends StartCommand {
    Standalone(Rookery rookery) {
      super(rookery, Role.STANDALONE);
    }
  }

  @Command(name = "connector", description = "Runs a node that clients connect to.")
  static final class Connector extends StartCommand {
    Connector(Rookery rookery) {
      super(rookery, Role.CONNECTOR);
    }
  }

  @Command(name = "router", description = "Runs a node that owns users.")
  static final class Router extends StartCommand {
    Router(Rookery rookery) {
      super(rookery, Role.ROUTER);
    }
  }

  @Command(
      name = "cluster",
      description = "Runs two routers, two connectors and a Cassandra on this machine, to try out.")
  static final class LocalCluster extends StartCommand {
    LocalCluster(Rookery rookery) {
      super(rookery, Role.STANDALONE);
    }

    @Override
    Future<? extends RunningService> start(Rookery rookery, Config config) {
      return rookery.roles().startLocalCluster(config, rookery.options());
    }
  }

  Future<? extends RunningService> start(Rookery commands, Config config) {
    return commands.roles().start(config);
  }

  @Override
  public Integer call() throws InvalidConfigException, CommandFailure, InterruptedException {
    Config config = rookery.config(role);
    Logging.apply(config.logging());
    Promise<RunningService> service = Promise.promise();
    // Before the start, so that a signal during it finds the hook.
    Thread hook = new Thread(() -> stop(service.future(), config.shutdownTimeout()), "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    Future.succeededFuture(config)
        .<RunningService>compose(loaded -> start(rookery, loaded).map(started -> started))
        .onComplete(service);
    Blocking.await(service.future());
    // For ever: what ends the process is the signal that runs the hook.
    new CountDownLatch(1).await();
    return 0;
  }

  private static void stop(Future<RunningService> service, Duration limit) {
    try {
      if (!service.failed()) {
        service
            .compose(RunningService::stop)
            .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
            .toCompletionStage()
            .toCompletableFuture()
            .join();
      }
    } catch (RuntimeException e) {
      LOG.error("The shutdown was not orderly", e);
    } finally {
      Logging.stop();
    }
  }
}

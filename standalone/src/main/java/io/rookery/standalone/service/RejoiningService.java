package io.rookery.standalone.service;

import io.rookery.cluster.IncompatibleNodeException;
import io.rookery.standalone.cli.RunningService;
import io.rookery.standalone.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Service} that is started anew in this process, as another node, when the cluster went on
 * without it. What cannot be started the first time ends the process.
 */
final class RejoiningService implements RunningService {
  private static final Logger LOG = LoggerFactory.getLogger(RejoiningService.class);
  private static final long FIRST_DELAY_MILLIS = 1000;
  private static final long MAX_DELAY_MILLIS = 30_000;
  private static final Duration SETTLED = Duration.ofMinutes(1);
  private static final int CANNOT_START = 1;
  private static final int INCOMPATIBLE = 3;

  private final Config config;
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private Service service;
  private Thread rejoining;
  private boolean rejoined;
  private long startedAt;
  private long delay = FIRST_DELAY_MILLIS;

  private RejoiningService(Config config) {
    this.config = config;
  }

  /** As {@link Service#start}. */
  static RunningService start(Config config) throws Exception {
    RejoiningService rejoining = new RejoiningService(config);
    rejoining.run();
    return rejoining;
  }

  private void run() throws Exception {
    Service started = Service.start(config);
    synchronized (this) {
      service = started;
      startedAt = System.nanoTime();
    }
    started.ended().onComplete(end -> over(started, end.cause()));
  }

  private synchronized void over(Service ended, Throwable failure) {
    if (stopRequested.getCount() == 0) {
      return;
    }
    if (failure instanceof IncompatibleNodeException || failure != null && !rejoined) {
      int code = failure instanceof IncompatibleNodeException ? INCOMPATIBLE : CANNOT_START;
      new Thread(() -> System.exit(code), "exit").start();
      return;
    }
    service = null;
    rejoined = true;
    if (System.nanoTime() - startedAt > SETTLED.toNanos()) {
      delay = FIRST_DELAY_MILLIS;
    }
    rejoining = new Thread(() -> rejoin(ended), "rejoin");
    rejoining.start();
  }

  private void rejoin(Service ended) {
    try {
      Await.result(
          ended.stop().timeout(config.shutdownTimeout().toMillis(), TimeUnit.MILLISECONDS));
      while (!stopRequested.await(delay, TimeUnit.MILLISECONDS)) {
        delay = Math.min(2 * delay, MAX_DELAY_MILLIS);
        if (started()) {
          return;
        }
      }
    } catch (Exception e) {
      LOG.error("this node cannot stop what it has to start anew", e);
      new Thread(() -> System.exit(CANNOT_START), "exit").start();
    }
  }

  private boolean started() {
    LOG.warn("starting anew");
    try {
      run();
      return true;
    } catch (Exception e) {
      LOG.error("cannot start, again in {} ms", delay, e);
      return false;
    }
  }

  @Override
  public Future<Void> stop() {
    stopRequested.countDown();
    Promise<Void> stopped = Promise.promise();
    new Thread(() -> stop(stopped), "stop").start();
    return stopped.future();
  }

  private void stop(Promise<Void> stopped) {
    try {
      Thread running;
      synchronized (this) {
        running = rejoining;
      }
      if (running != null) {
        running.join();
      }
      synchronized (this) {
        (service == null ? Future.<Void>succeededFuture() : service.stop()).onComplete(stopped);
      }
    } catch (InterruptedException e) {
      stopped.fail(e);
    }
  }
}

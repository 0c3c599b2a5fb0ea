package io.rookery.router.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what must be done once storage is back. While it repeats, the stanzas behind it are not
 * handled, so the window of their streams fills and clients are slowed down: nothing is
 * acknowledged that is not kept.
 */
public final class Retries {
  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
  private static final long FIRST_DELAY_MILLIS = 100;
  private static final long MAX_DELAY_MILLIS = 5000;

  private final Vertx vertx;
  private final Counter repeated;

  public Retries(Vertx vertx, MeterRegistry meters) {
    this.vertx = vertx;
    this.repeated =
        Counter.builder("rookery.storage.retries")
            .description("Storage operations that failed and are tried again")
            .register(meters);
  }

  /** Runs the operation until it succeeds; what still fails when Vert.x is closed never ends. */
  public <T> Future<T> untilDone(String what, Supplier<Future<T>> operation) {
    Future<T> first = operation.get();
    if (first.succeeded()) {
      return first;
    }
    Promise<T> promise = Promise.promise();
    first.onComplete(done -> check(what, operation, promise, done, FIRST_DELAY_MILLIS));
    return promise.future();
  }

  private <T> void check(
      String what,
      Supplier<Future<T>> operation,
      Promise<T> promise,
      AsyncResult<T> done,
      long delay) {
    if (done.succeeded()) {
      promise.complete(done.result());
    } else {
      repeated.increment();
      LOG.warn("{} failed, again in {} ms: {}", what, delay, done.cause().toString());
      vertx.setTimer(
          delay,
          id ->
              operation
                  .get()
                  .onComplete(
                      next ->
                          check(
                              what,
                              operation,
                              promise,
                              next,
                              Math.min(delay * 2, MAX_DELAY_MILLIS))));
    }
  }
}

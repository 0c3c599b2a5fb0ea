package io.rookery.router.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what must be done once storage is back. While it repeats, the stanzas behind it are not
 * handled, so the window of their streams fills and clients are slowed down: nothing is
 * acknowledged that is not kept.
 *
 * <p>Before each repetition it is confirmed that this router still is in charge: storage may have
 * been out of its reach only, and others may have taken over.
 */
public final class Retries {
  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
  private static final long FIRST_DELAY_MILLIS = 100;
  private static final long MAX_DELAY_MILLIS = 5000;

  private final Vertx vertx;
  private final Supplier<CompletionStage<Void>> inCharge;
  private final Counter repeated;
  private int failing;

  /**
   * @param inCharge completes, after it was asked for, if what failed may be tried again
   */
  public Retries(Vertx vertx, Supplier<CompletionStage<Void>> inCharge, MeterRegistry meters) {
    this.vertx = vertx;
    this.inCharge = inCharge;
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
    first.onComplete(
        done -> {
          if (done.succeeded()) {
            promise.complete(done.result());
          } else {
            begin(what, done.cause());
            again(operation, promise, FIRST_DELAY_MILLIS);
          }
        });
    return promise.future();
  }

  /** An outage is a line in the log, not one for each of the thousands of operations in it. */
  private void begin(String what, Throwable cause) {
    if (failing++ == 0) {
      LOG.warn("{} failed, and is tried until it succeeds: {}", what, cause.toString());
    }
  }

  private void end() {
    if (--failing == 0) {
      LOG.info("storage answers again, all that had failed is done");
    }
  }

  private <T> void again(Supplier<Future<T>> operation, Promise<T> promise, long delay) {
    repeated.increment();
    vertx.setTimer(
        delay,
        id ->
            Future.fromCompletionStage(inCharge.get(), vertx.getOrCreateContext())
                .compose(v -> operation.get())
                .onComplete(
                    next -> {
                      if (next.succeeded()) {
                        end();
                        promise.complete(next.result());
                      } else {
                        again(operation, promise, Math.min(delay * 2, MAX_DELAY_MILLIS));
                      }
                    }));
  }
}

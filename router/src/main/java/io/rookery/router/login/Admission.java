package io.rookery.router.login;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps logins from taking the database away from those who are logged in. So many of their reads
 * run at a time as it answers in good time: the limit grows while it does and shrinks when it does
 * not. Others queue, for a while and in a bounded number, and then are refused with a hint when to
 * try again. Lives on one loop.
 */
public final class Admission {
  private static final int MIN_RUNNING = 2;
  private static final int MAX_RUNNING = 128;
  private static final int MAX_QUEUED = 2000;
  private static final long QUEUED_WITHIN_MILLIS = 8000;

  /** A read that takes longer says that there are too many. */
  private static final long GOOD_MILLIS = 30;

  private record Queued(Runnable start, Promise<?> answer, long since) {}

  private final LongSupplier millis;
  private final ArrayDeque<Queued> queue = new ArrayDeque<>();
  private final Counter refused;
  private volatile int queued;
  private double limit = 32;
  private int running;

  /**
   * @param millis a clock that does not go back
   * @param loop number of the loop, for the metrics
   */
  public Admission(LongSupplier millis, int loop, MeterRegistry meters) {
    this.millis = millis;
    this.refused =
        Counter.builder("rookery.logins.refused")
            .description("Logins refused because too many waited for storage")
            .register(meters);
    Gauge.builder("rookery.logins.queued", this, admission -> admission.queued)
        .description("Logins that wait for their turn at storage")
        .tag("loop", Integer.toString(loop))
        .register(meters);
  }

  /**
   * Runs work of a login now or in its turn.
   *
   * @return fails with {@link OverloadedException} when the turn does not come in time
   */
  public <T> Future<T> admit(Supplier<Future<T>> work) {
    if (running < (int) limit && queue.isEmpty()) {
      return run(work);
    }
    if (queue.size() >= MAX_QUEUED) {
      refused.increment();
      return Future.failedFuture(new OverloadedException());
    }
    Promise<T> answer = Promise.promise();
    queue.add(new Queued(() -> run(work).onComplete(answer), answer, millis.getAsLong()));
    queued = queue.size();
    return answer.future();
  }

  private <T> Future<T> run(Supplier<Future<T>> work) {
    running++;
    long begin = millis.getAsLong();
    return work.get().onComplete(done -> ended(millis.getAsLong() - begin, done.succeeded()));
  }

  private void ended(long took, boolean succeeded) {
    running--;
    limit =
        took > GOOD_MILLIS || !succeeded
            ? Math.max(MIN_RUNNING, limit * 0.9)
            : Math.min(MAX_RUNNING, limit + 1 / limit);
    next();
  }

  private void next() {
    long now = millis.getAsLong();
    Queued first;
    while ((first = queue.peek()) != null) {
      if (now - first.since > QUEUED_WITHIN_MILLIS) {
        queue.poll();
        refused.increment();
        first.answer.fail(new OverloadedException());
      } else if (running < (int) limit) {
        queue.poll();
        first.start.run();
      } else {
        break;
      }
    }
    queued = queue.size();
  }

  /** To be called about once a second: those who have waited too long. */
  public void check() {
    next();
  }

  /** Too many log in. */
  public static final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private OverloadedException() {
      super("too many logins", null, false, false);
    }
  }
}

package io.rookery.router.session;

import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/** Work for one account that is done one after the other. On the account's loop. */
final class Turns {
  /** What may wait for its turn. */
  static final int MAX_WAITING = 1000;

  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);
  private boolean working;
  private boolean beginning;

  /**
   * Does the work when all before it has ended, however it ended. Who waits for the result learns
   * it before the next begins.
   *
   * @return fails with {@link StorageOverloadedException} when too much waits
   */
  <T> Future<T> take(Supplier<Future<T>> work) {
    if (waiting.size() >= MAX_WAITING) {
      return Future.failedFuture(new StorageOverloadedException("work for one account"));
    }
    Promise<T> done = Promise.promise();
    waiting.add(
        () ->
            begin(work)
                .onComplete(
                    result -> {
                      working = false;
                      done.handle(result);
                      next();
                    }));
    next();
    return done.future();
  }

  private static <T> Future<T> begin(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** A loop and no recursion: what ends at once would fill the stack when much has waited. */
  private void next() {
    if (beginning) {
      return;
    }
    beginning = true;
    try {
      while (!working && !waiting.isEmpty()) {
        working = true;
        waiting.poll().run();
      }
    } finally {
      beginning = false;
    }
  }

  boolean isQuiet() {
    return !working && waiting.isEmpty();
  }
}

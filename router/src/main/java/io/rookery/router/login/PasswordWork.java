package io.rookery.router.login;

import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs what computes on passwords on worker threads: some 25 ms each that no event loop may spend.
 * At most so many wait; a storm of them is refused rather than queued.
 */
public final class PasswordWork {
  private final WorkerExecutor workers;
  private final int maxWaiting;
  private final AtomicInteger waiting = new AtomicInteger();

  public PasswordWork(WorkerExecutor workers, int maxWaiting) {
    this.workers = workers;
    this.maxWaiting = maxWaiting;
  }

  /** Fails with {@link StorageOverloadedException} when too many wait already. */
  public <T> Future<T> run(Callable<T> work) {
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      return Future.failedFuture(new StorageOverloadedException("password checks"));
    }
    return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
  }
}

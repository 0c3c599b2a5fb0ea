package io.rookery.standalone.portable;

import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Requests under way, bounded in number and in bytes; for one thread that may wait. What fails is
 * repeated some times over half a minute, then nothing more is begun.
 */
final class Window {
  private static final int KIBIBYTES = 8192;
  private static final int PER_REQUEST = 64;
  private static final long[] PAUSES_MILLIS = {100, 500, 2_000, 8_000, 20_000};

  private final Semaphore room = new Semaphore(KIBIBYTES);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** Begins a request when there is room for it. */
  void add(int bytes, Supplier<Future<Void>> request)
      throws TransferException, InterruptedException {
    int size = Math.min(KIBIBYTES, PER_REQUEST + bytes / 1024);
    room.acquire(size);
    if (failure.get() != null) {
      room.release(size);
      throw failed();
    }
    request
        .get()
        .onComplete(
            done -> {
              if (done.failed()) {
                failure.compareAndSet(null, done.cause());
              }
              room.release(size);
            });
  }

  /** Waits until all requests are done, failed ones included. */
  void settle() throws InterruptedException {
    room.acquire(KIBIBYTES);
    room.release(KIBIBYTES);
  }

  /** As {@link #settle}, and fails when one of them has. */
  void finish() throws TransferException, InterruptedException {
    settle();
    if (failure.get() != null) {
      throw failed();
    }
  }

  private DatabaseException failed() {
    return new DatabaseException(failure.get());
  }

  /** Repeats what fails. */
  static <T> Future<T> persistently(Supplier<Future<T>> request) {
    return persistently(request, 0);
  }

  private static <T> Future<T> persistently(Supplier<Future<T>> request, int tried) {
    return request
        .get()
        .recover(
            failure ->
                tried == PAUSES_MILLIS.length
                    ? Future.failedFuture(failure)
                    : pause(PAUSES_MILLIS[tried]).compose(v -> persistently(request, tried + 1)));
  }

  private static Future<Void> pause(long millis) {
    Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    return Future.fromCompletionStage(CompletableFuture.runAsync(() -> {}, later));
  }
}

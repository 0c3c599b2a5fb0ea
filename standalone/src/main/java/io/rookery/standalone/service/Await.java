package io.rookery.standalone.service;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;

/** Waits for futures on a thread that may wait: the one that brings a service up or down. */
final class Await {
  private Await() {}

  static <T> T result(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}

package io.rookery.standalone.cli;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;

/** Waits for futures on the main thread, which is nobody's event loop. */
final class Blocking {

  private Blocking() {}

  /**
   * @throws CommandFailure with the message of a failed future
   */
  static <T> T await(Future<T> future) throws CommandFailure, InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      CommandFailure failure = new CommandFailure(String.valueOf(e.getCause().getMessage()));
      failure.initCause(e.getCause());
      throw failure;
    }
  }
}

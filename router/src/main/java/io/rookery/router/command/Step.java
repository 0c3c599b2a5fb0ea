package io.rookery.router.command;

import io.rookery.router.extension.IqRequest;
import io.rookery.router.form.Submission;
import io.vertx.core.Future;

/** What a command does between two stages. */
@FunctionalInterface
public interface Step {

  /**
   * Decides the next stage. A failed future is a technical failure, and the end of the command.
   *
   * @param request of the one who executes the command, to the server
   * @param answers to the form of the stage before; null in the first step
   */
  Future<Stage> take(IqRequest request, Submission answers);
}

package io.rookery.standalone.cli;

import io.vertx.core.Future;

/** A started role. */
public interface RunningService {

  /** Stops in order; the future completes when everything has ended. Called once. */
  Future<Void> stop();
}

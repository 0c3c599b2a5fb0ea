package io.rookery.cluster;

import io.vertx.core.Future;
import java.util.Optional;

/** A register in memory that can be made to fail. */
final class MemoryArbiter implements Arbiter {
  private View view;
  private boolean down;

  synchronized void down(boolean yes) {
    down = yes;
  }

  synchronized View view() {
    return view;
  }

  @Override
  public synchronized Future<Optional<View>> current() {
    return down ? Future.failedFuture("down") : Future.succeededFuture(Optional.ofNullable(view));
  }

  @Override
  public synchronized Future<Boolean> install(long expectedEpoch, View next) {
    if (down) {
      return Future.failedFuture("down");
    }
    boolean expected = (view == null ? 0 : view.epoch()) == expectedEpoch;
    view = expected ? next : view;
    return Future.succeededFuture(expected);
  }
}

package io.rookery.router.session;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The entries of a mailbox on their way to the log. On the account's loop only. */
final class Appending {

  /** Those under way when somebody asked, without what has ended since. */
  private record Waiter(Set<Long> left, Promise<Void> done) {}

  private final Set<Long> ids = new HashSet<>(2);
  private List<Waiter> waiters = List.of();

  void begin(long id) {
    ids.add(id);
  }

  void end(long id) {
    ids.remove(id);
    if (waiters.isEmpty()) {
      return;
    }
    List<Waiter> before = waiters;
    before.forEach(waiter -> waiter.left.remove(id));
    waiters = before.stream().filter(waiter -> !waiter.left.isEmpty()).toList();
    before.stream()
        .filter(waiter -> waiter.left.isEmpty())
        .forEach(waiter -> waiter.done.complete());
  }

  boolean isNothing() {
    return ids.isEmpty();
  }

  /** Completes when what is under way now has ended, whatever begins meanwhile. */
  Future<Void> ended() {
    if (ids.isEmpty()) {
      return Future.succeededFuture();
    }
    Waiter waiter = new Waiter(new HashSet<>(ids), Promise.promise());
    waiters = Stream.concat(waiters.stream(), Stream.of(waiter)).toList();
    return waiter.done.future();
  }
}

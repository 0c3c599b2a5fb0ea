package io.rookery.router.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What changes an account's stored state is done one after the other. */
class TurnsTest {
  private final LiveAccount juliet = Given.account(Given.JULIET, true);
  private final List<String> begun = new ArrayList<>();

  private Future<Void> turn(String name, Future<Void> work) {
    return juliet.inTurn(
        () -> {
          begun.add(name);
          return work;
        });
  }

  @Test
  void eachBeginsWhenTheOneBeforeHasEndedHoweverItEnds() {
    Promise<Void> first = Promise.promise();
    Promise<Void> second = Promise.promise();
    turn("first", first.future());
    turn("second", second.future());
    assertEquals(List.of("first"), begun);
    first.fail("no matter");
    assertEquals(List.of("first", "second"), begun);
    assertFalse(juliet.isQuiet());
    second.complete();
    assertTrue(juliet.isQuiet());
  }

  @Test
  void tooManyAreRefused() {
    Promise<Void> first = Promise.promise();
    turn("first", first.future());
    Future<Void> last = Future.succeededFuture();
    for (int i = 0; i <= Turns.MAX_WAITING; i++) {
      last = turn("more", Future.succeededFuture());
    }
    assertInstanceOf(StorageOverloadedException.class, last.cause());
    first.complete();
    assertTrue(juliet.isQuiet());
    assertEquals(1 + Turns.MAX_WAITING, begun.size());
  }
}

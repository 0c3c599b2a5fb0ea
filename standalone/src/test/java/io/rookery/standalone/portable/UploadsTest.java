package io.rookery.standalone.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is under way, and what is told of it. */
class UploadsTest {

  @Test
  void nothingIsBegunAfterAFailure() throws Exception {
    Window window = new Window();
    window.add(0, () -> Future.succeededFuture());
    window.finish();
    window.add(0, () -> Future.failedFuture("no disk"));
    List<String> begun = new ArrayList<>();
    TransferException failure =
        assertThrows(
            DatabaseException.class,
            () ->
                window.add(
                    0,
                    () -> {
                      begun.add("more");
                      return Future.succeededFuture();
                    }));
    assertTrue(failure.getMessage().contains("no disk"), failure.getMessage());
    assertEquals(List.of(), begun);
    assertThrows(DatabaseException.class, window::finish);
  }

  @Test
  void aLargeRequestWaitsForOthers() throws Exception {
    Window window = new Window();
    Promise<Void> first = Promise.promise();
    window.add(0, first::future);
    List<String> begun = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              try {
                window.add(
                    100 << 20,
                    () -> {
                      begun.add(first.future().isComplete() ? "after it" : "too early");
                      return Future.succeededFuture();
                    });
              } catch (TransferException | InterruptedException e) {
                begun.add(e.toString());
              }
            });
    other.start();
    while (other.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    first.complete();
    other.join();
    assertEquals(List.of("after it"), begun);
  }

  @Test
  void repeatsWhatFails() throws Exception {
    List<String> tries = new ArrayList<>();
    Future<String> result =
        Window.persistently(
            () -> {
              tries.add("try");
              return tries.size() < 3
                  ? Future.failedFuture("time-out")
                  : Future.succeededFuture("done");
            });
    assertEquals("done", result.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES));
    assertEquals(3, tries.size());
  }

  @Test
  void tellsHowFarItIs() {
    StringWriter lines = new StringWriter();
    long[] nanos = {0};
    Progress plain = new Progress(new PrintWriter(lines, true), false, () -> nanos[0]);
    plain.begin("Importing", 4, () -> 2);
    plain.piece();
    assertEquals("", lines.toString(), "not yet");
    nanos[0] = TimeUnit.SECONDS.toNanos(10);
    plain.piece();
    assertEquals(
        "Importing [" + "#".repeat(15) + "-".repeat(15) + "] 2 of 4 accounts, 0/s, 2 pieces, 0/s\n",
        lines.toString());
    Progress terminal = new Progress(new PrintWriter(lines, true), true, () -> nanos[0]);
    terminal.begin("Checking", 0, () -> 20);
    nanos[0] += TimeUnit.SECONDS.toNanos(4);
    terminal.piece();
    assertTrue(lines.toString().endsWith("\r\u001b[KChecking 20 accounts, 5/s, 1 pieces, 0/s"));
  }
}

package io.rookery.router.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final Progress progress = new Progress(0);

  @Test
  void theCountStopsAtTheFirstThatIsNotHandled() {
    Progress.Pending first = progress.begin(1);
    Progress.Pending second = progress.begin(2);
    progress.done(second);
    assertEquals(0, progress.handled());
    progress.done(first);
    assertEquals(2, progress.handled());
  }

  @Test
  void everyExpectedEffectCounts() {
    Progress.Pending pending = progress.begin(1);
    pending.expect();
    pending.expect();
    progress.done(pending);
    progress.done(pending);
    assertEquals(0, progress.handled());
    progress.done(pending);
    assertEquals(1, progress.handled());
  }

  @Test
  void aRepetitionIsRecognized() {
    progress.begin(1);
    progress.begin(2);
    assertNull(progress.begin(2));
    assertNull(progress.begin(1));
    assertEquals(3, progress.begin(3).counter());
  }

  @Test
  void whatComesBeforeItsPredecessorsIsToldOnce() {
    progress.begin(1);
    assertFalse(progress.isAhead(1));
    assertFalse(progress.isAhead(2));
    assertTrue(progress.isAhead(3));
    assertTrue(progress.missing());
    assertFalse(progress.missing());
    progress.begin(2);
    assertTrue(progress.missing(), "the next ones that are missing");
  }

  @Test
  void whatWasReportedIsNotReportedAgain() {
    progress.done(progress.begin(1));
    progress.done(progress.begin(2));
    assertEquals(2, progress.unreported());
    assertEquals(2, progress.report());
    assertEquals(0, progress.unreported());
  }

  @Test
  void itIsSettledWhenNothingIsOpen() {
    assertTrue(progress.settled().succeeded());
    Progress.Pending first = progress.begin(1);
    Progress.Pending second = progress.begin(2);
    Future<Void> settled = progress.settled();
    progress.done(second);
    assertFalse(settled.isComplete());
    progress.done(first);
    assertTrue(settled.succeeded());
    progress.begin(3);
    assertFalse(progress.settled().isComplete());
  }

  @Test
  void aReportIsWantedOnceWhatWasAskedForIsHandled() {
    Progress.Pending first = progress.begin(1);
    Progress.Pending second = progress.begin(2);
    progress.wanted(2);
    progress.done(first);
    assertFalse(progress.isReportWanted());
    progress.done(second);
    assertTrue(progress.isReportWanted());
    progress.report();
    assertFalse(progress.isReportWanted());
    progress.wanted(1);
    assertFalse(progress.isReportWanted(), "that is reported already");
  }

  /** Whatever the order, the count is that of the stanzas before the first open one. */
  @Test
  void anyOrderComesToTheSameEnd() {
    Random random = new Random(3);
    List<Progress.Pending> open = new ArrayList<>();
    for (long counter = 1; counter <= 1000 || !open.isEmpty(); counter++) {
      if (counter <= 1000) {
        open.add(progress.begin(counter));
      }
      if (random.nextBoolean() || counter > 1000) {
        progress.done(open.remove(random.nextInt(open.size())));
      }
      long began = Math.min(counter, 1000);
      long expected =
          open.stream().mapToLong(Progress.Pending::counter).min().orElse(began + 1) - 1;
      assertEquals(expected, progress.handled());
    }
    assertEquals(1000, progress.handled());
  }
}

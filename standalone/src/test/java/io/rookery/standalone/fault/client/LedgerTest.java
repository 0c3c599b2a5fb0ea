package io.rookery.standalone.fault.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final int FLOWS = 2;

  private final Ledger ledger = new Ledger(7, FLOWS);
  private long now = TimeUnit.SECONDS.toNanos(1000);

  @Test
  void whatArrivesOnceIsClean() {
    sends(3);
    acks(0, 1, 2);
    receives(0, 1, 2);
    assertTrue(ledger.isSettled());
    Tally tally = ledger.tally(now);
    assertEquals(3, tally.sent());
    assertEquals(3, tally.acked());
    assertEquals(3, tally.received());
    assertEquals(0, tally.lost() + tally.duplicated() + tally.reordered() + tally.unexpected());
  }

  @Test
  void acknowledgedAndNeverReceivedIsLost() {
    sends(4);
    acks(0, 1, 2);
    receives(0, 2);
    Tally tally = ledger.tally(now);
    assertEquals(1, tally.lost());
    assertEquals(3, tally.acked());
    assertTrue(tally.examples().contains("lost 0:[1]"), () -> tally.examples().toString());
    assertFalse(ledger.isSettled());
  }

  @Test
  void lossOfTheLastMessagesIsSeen() {
    sends(2);
    acks(0, 1);
    assertEquals(2, ledger.tally(now).lost());
  }

  @Test
  void notAcknowledgedIsNotLostButNotSettled() {
    sends(1);
    assertEquals(0, ledger.tally(now).lost());
    assertFalse(ledger.isSettled());
    receives(0);
    assertFalse(ledger.isSettled());
    acks(0);
    assertTrue(ledger.isSettled());
  }

  @Test
  void repetitionsAreCountedEachAndWithAnotherIdApart() {
    sends(1);
    ledger.received(0, 0, "a", now);
    ledger.received(0, 0, "a", now);
    ledger.received(0, 0, "b", now);
    Tally tally = ledger.tally(now);
    assertEquals(1, tally.received());
    assertEquals(2, tally.duplicated());
    assertEquals(1, tally.renamed());
  }

  @Test
  void orderIsThatOfFirstReceptions() {
    sends(4);
    receives(0, 2, 1, 3, 2);
    Tally tally = ledger.tally(now);
    assertEquals(1, tally.reordered());
    assertEquals(1, tally.duplicated());
  }

  @Test
  void flowsDoNotMix() {
    ledger.send(0, now);
    ledger.send(1, now);
    ledger.acked(0, 0, now);
    ledger.received(1, 0, null, now);
    assertEquals(1, ledger.tally(now).lost());
  }

  @Test
  void whatWasNeverSentIsUnexpected() {
    sends(1);
    ledger.received(0, 1, null, now);
    ledger.received(FLOWS, 0, null, now);
    assertEquals(2, ledger.tally(now).unexpected());
    assertEquals(0, ledger.tally(now).received());
  }

  @Test
  void pausesAreBetweenEventsAndUpToNowWhileSomethingIsDue() {
    sends(2);
    now += TimeUnit.SECONDS.toNanos(2);
    receives(0);
    now += TimeUnit.SECONDS.toNanos(5);
    acks(0);
    assertEquals(5000, ledger.tally(now).pauseMillis());
    assertEquals(7000, ledger.tally(now).ackPauseMillis());
    receives(1);
    now += TimeUnit.SECONDS.toNanos(60);
    assertEquals(5000, ledger.tally(now).pauseMillis(), "nothing is due");
    assertEquals(60_000, ledger.tally(now).ackPauseMillis());
  }

  @Test
  void tagSurvivesTheWay() {
    Tag tag = new Tag(1795572171001L, 12, 34, 56);
    assertEquals(tag, Tag.find("<body>" + tag.body() + "</body>").orElseThrow());
    assertTrue(Tag.find("wherefore art thou").isEmpty());
  }

  private void sends(int count) {
    for (int i = 0; i < count; i++) {
      assertEquals(i, ledger.send(0, now));
    }
  }

  private void acks(int... sequences) {
    for (int sequence : sequences) {
      ledger.acked(0, sequence, now);
    }
  }

  private void receives(int... sequences) {
    for (int sequence : sequences) {
      ledger.received(0, sequence, "id-" + sequence, now);
    }
  }
}

package io.rookery.router.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.Unacked;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final Outbox outbox = new Outbox("id", true, 300, 0);
  private final List<String> taken = new ArrayList<>();

  private static Unacked stanza(int id, long position, long origin) {
    Stanza message =
        Stanza.of(StanzaType.MESSAGE_CHAT, Given.ROMEO, Given.JULIET, Integer.toString(id));
    return new Unacked(message, position, origin, false);
  }

  private void add(int count) {
    for (int i = 1; i <= count; i++) {
      outbox.add(stanza(i, 0, i));
    }
  }

  private void acknowledge(long count) {
    outbox.acknowledge(count, one -> taken.add(one.stanza().id()));
  }

  @Test
  void anAcknowledgementTakesWhatItCountsOnce() {
    add(3);
    acknowledge(2);
    acknowledge(2);
    acknowledge(1);
    assertEquals(List.of("1", "2"), taken);
    assertEquals(1, outbox.size());
    assertEquals(2, outbox.acked());
    assertEquals(3, outbox.sent());
    acknowledge(9);
    assertEquals(3, outbox.acked(), "not more than was sent");
    assertEquals(0, outbox.bytes());
  }

  @Test
  void theCountOfAClientWrapsAround() {
    long before = (1L << 32) - 2;
    outbox.restore(before, List.of());
    add(5);
    assertEquals(before, outbox.count(0xFFFFFFFEL));
    assertEquals(before + 1, outbox.count(0xFFFFFFFFL));
    assertEquals(before + 2, outbox.count(0));
    assertEquals(before + 5, outbox.count(3));
    assertEquals(-1, outbox.count(4));
    assertEquals(-1, outbox.count(0xFFFFFFFDL), "less than it had acknowledged");
  }

  @Test
  void anotherHoldersWordReplacesAll() {
    add(3);
    outbox.restore(7, List.of(stanza(9, 0, 9)));
    assertEquals(7, outbox.acked());
    assertEquals(1, outbox.size());
    assertEquals(stanza(9, 0, 9).stanza().weight(), outbox.bytes());
  }

  @Test
  void theOldestPlaceInTheLogNeedNotComeFirst() {
    assertEquals(0, outbox.oldestPosition());
    outbox.add(stanza(1, 200, 0));
    outbox.add(stanza(2, 0, 0));
    outbox.add(stanza(3, 100, 0));
    assertEquals(100, outbox.oldestPosition());
    outbox.takenElsewhere(stanza(3, 100, 0));
    assertEquals(200, outbox.oldestPosition(), "somebody has what is there");
  }

  @Test
  void whatAnotherSessionTookIsKnownByItsOriginOrItsPlace() {
    outbox.add(stanza(1, 0, 11));
    outbox.add(stanza(2, 50, 0));
    outbox.add(stanza(3, 0, 0));
    assertTrue(outbox.holds(stanza(1, 0, 11)));
    assertFalse(outbox.holds(stanza(3, 0, 0)), "nothing names it");
    outbox.takenElsewhere(stanza(1, 0, 11));
    outbox.takenElsewhere(stanza(2, 50, 0));
    assertEquals(
        List.of(true, true, false), outbox.unacked().stream().map(Unacked::shared).toList());
    assertEquals(3, outbox.size());
  }
}

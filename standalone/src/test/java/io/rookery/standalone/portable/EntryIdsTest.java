package io.rookery.standalone.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EntryIdsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant THEN = Instant.parse("2025-01-01T00:00:00Z");
  private static final long FIRST = THEN.toEpochMilli() << 16;

  private final EntryIds ids = new EntryIds(NOW);

  @Test
  void countsMessagesOfOneTime() {
    assertEquals(FIRST, ids.archived("a", THEN, 1));
    assertEquals(FIRST + 1, ids.archived(null, THEN, 2));
    assertEquals(FIRST + (1 << 16), ids.archived("c", THEN.plusMillis(1), 3));
    assertEquals(FIRST + 0xc000, ids.waiting("d", THEN, 4), "not one of the archive's");
    assertEquals(FIRST + 0xc001, ids.waiting("e", THEN, 4));
    assertEquals(FIRST + (1 << 16), ids.greatest());
  }

  @Test
  void goesOnAfterMoreThanFitIntoOneTime() {
    for (int i = 0; i < 70_000; i++) {
      assertEquals(FIRST + i, ids.archived(null, THEN, i));
    }
  }

  @Test
  void keepsTheTimeOfWhatIsOutOfOrder() {
    ids.archived("a", THEN, 1);
    long late = ids.archived("b", THEN.minusSeconds(1), 77);
    assertEquals(THEN.minusSeconds(1).toEpochMilli(), late >>> 16);
    assertNotEquals(late, ids.archived("c", THEN.minusSeconds(1), 78));
    assertEquals(FIRST + 1, ids.archived("d", THEN, 1));
  }

  @Test
  void keepsIdsOfThisService() {
    long own = FIRST + 12345;
    assertEquals(own, ids.archived(Long.toString(own), THEN, 1));
    assertEquals(own, ids.waiting(Long.toString(own), THEN, 1));
    String others = Long.toString(own);
    assertNotEquals(own, ids.archived(others, THEN.plusMillis(1), 1), "of another time");
    for (String none : new String[] {"", "-1", "0" + own, "99999999999999999999", "x"}) {
      assertEquals(
          THEN.plusMillis(1).toEpochMilli(), ids.archived(none, THEN.plusMillis(1), 1) >>> 16);
    }
  }

  @Test
  void takesNoTimeThatAnIdCannotHave() {
    assertEquals(1L, ids.waiting(null, Instant.parse("1469-07-21T00:32:29Z"), 1) >>> 16);
    assertTrue(ids.archived(null, Instant.MIN, 1) > 0);
    assertEquals(
        NOW.toEpochMilli(), ids.archived(null, Instant.parse("+300000-01-01T00:00:00Z"), 1) >>> 16);
  }
}

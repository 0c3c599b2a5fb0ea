package io.rookery.connector.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StreamClockTest {
  private final StreamClock clock = new StreamClock(1000);

  @Test
  void whatIsHeardEndsSilenceAndPings() {
    assertEquals(500, clock.silence(1500));
    assertEquals(-1, clock.unanswered(1500));
    clock.pinged(1500);
    assertEquals(100, clock.unanswered(1600));
    clock.heard(1700);
    assertEquals(-1, clock.unanswered(1800));
    assertEquals(100, clock.silence(1800));
    assertEquals(800, clock.age(1800));
  }

  @Test
  void onlyAPeerThatTakesNothingStalls() {
    assertEquals(0, clock.stalled(1000, 0));
    assertEquals(0, clock.stalled(2000, 50));
    assertEquals(1000, clock.stalled(3000, 50));
    assertEquals(2000, clock.stalled(4000, 70));
    assertEquals(0, clock.stalled(5000, 60));
    assertEquals(1000, clock.stalled(6000, 60));
    assertEquals(0, clock.stalled(7000, 0));
    assertEquals(0, clock.stalled(9000, 10), "the wait starts with what is pending");
  }

  @Test
  void theBurstIsFreeThenTheRateApplies() {
    clock.charge(1000, 500, 100, 500);
    assertFalse(clock.isThrottled());
    clock.charge(1000, 200, 100, 500);
    assertTrue(clock.isThrottled());
    clock.refill(2999, 100, 500);
    assertTrue(clock.isThrottled());
    clock.refill(3010, 100, 500);
    assertFalse(clock.isThrottled());
    clock.charge(1_000_000, 501, 100, 500);
    assertTrue(clock.isThrottled(), "silence earns no more than a burst");
  }
}

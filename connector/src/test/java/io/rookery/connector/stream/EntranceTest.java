package io.rookery.connector.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntranceTest {
  private final List<String> seen = new ArrayList<>();
  private long now = 1000;
  private final Entrance entrance =
      new Entrance(() -> now, 500, 10_000, 0, new SimpleMeterRegistry());

  private final class Guest implements Entrance.Guest {
    private final String name;
    private boolean gone;

    private Guest(String name) {
      this.name = name;
    }

    @Override
    public void letIn() {
      seen.add(name);
    }

    @Override
    public void turnAway() {
      seen.add("not " + name);
    }

    @Override
    public boolean isGone() {
      return gone;
    }
  }

  private void arrive(int count) {
    for (int i = 0; i < count; i++) {
      entrance.arrive(new Guest(Integer.toString(i)));
    }
  }

  private void tick(long lag) {
    now += Entrance.TICK_MILLIS + lag;
    entrance.tick();
  }

  @Test
  void whoComesAloneNeedNotWait() {
    entrance.arrive(new Guest("a"));
    assertEquals(List.of("a"), seen);
  }

  @Test
  void aCrowdIsLetInTickByTickAndInOrder() {
    arrive(25);
    assertEquals(10, seen.size());
    tick(0);
    assertEquals(20, seen.size());
    tick(0);
    assertEquals(25, seen.size());
    assertEquals("24", seen.get(24));
  }

  @Test
  void aBusyLoopLetsInFewAndACalmOneMoreAgain() {
    arrive(500);
    for (int i = 0; i < 20; i++) {
      tick(100);
    }
    int before = seen.size();
    tick(100);
    tick(100);
    assertTrue(seen.size() - before <= 2, "few");
    for (int i = 0; i < 40; i++) {
      tick(0);
    }
    assertTrue(seen.size() > before + 300, "more and more");
  }

  @Test
  void tooManyAreTurnedAway() {
    arrive(511);
    assertEquals("not 510", seen.get(seen.size() - 1));
  }

  @Test
  void whoHasWaitedTooLongIsTurnedAway() {
    arrive(11);
    now += 20_000;
    entrance.tick();
    assertEquals("not 10", seen.get(10));
  }

  @Test
  void whoIsGoneTakesNobodysPlace() {
    arrive(10);
    Guest gone = new Guest("gone");
    entrance.arrive(gone);
    entrance.arrive(new Guest("b"));
    gone.gone = true;
    tick(0);
    assertEquals("b", seen.get(10));
    assertEquals(11, seen.size());
  }
}

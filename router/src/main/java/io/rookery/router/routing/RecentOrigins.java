package io.rookery.router.routing;

import java.util.Arrays;

/**
 * The origins of the client stanzas that one loop has dealt with lately, to tell repetitions: what
 * is sent again after a router died comes within seconds. Two generations, so that remembering and
 * forgetting cost no time of their own; bounded.
 */
public final class RecentOrigins {
  /** Entries of a generation, half of its slots: 4 MiB each, allocated when they are used. */
  private static final int CAPACITY = 1 << 18;

  private static final int SMALLEST = 1 << 10;

  private Generation current = new Generation();
  private Generation before = new Generation();

  /** A set of numbers other than 0, by open addressing. */
  private static final class Generation {
    private long[] slots = new long[SMALLEST];
    private int size;

    boolean contains(long origin) {
      int mask = slots.length - 1;
      for (int i = hash(origin) & mask; slots[i] != 0; i = i + 1 & mask) {
        if (slots[i] == origin) {
          return true;
        }
      }
      return false;
    }

    void add(long origin) {
      if (size * 2 >= slots.length) {
        long[] old = slots;
        slots = new long[old.length * 2];
        Arrays.stream(old).filter(slot -> slot != 0).forEach(this::put);
      }
      put(origin);
      size++;
    }

    private void put(long origin) {
      int mask = slots.length - 1;
      int i = hash(origin) & mask;
      while (slots[i] != 0) {
        i = i + 1 & mask;
      }
      slots[i] = origin;
    }

    private static int hash(long origin) {
      long h = origin * 0x9E3779B97F4A7C15L;
      return (int) (h >>> 32);
    }
  }

  /** Remembers an origin; the caller knows that it is not remembered yet. */
  public void add(long origin) {
    if (origin == 0) {
      return;
    }
    if (current.size >= CAPACITY) {
      rotate();
    }
    current.add(origin);
  }

  public boolean contains(long origin) {
    return current.contains(origin) || before.contains(origin);
  }

  /** Forgets the older half; to be called every half a minute. */
  public void rotate() {
    before = current;
    current = new Generation();
  }
}

package io.rookery.storage.cassandra;

import io.rookery.protocol.jid.Jid;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Remembers which users' current bucket is in the index of their mailbox, so that appending writes
 * the index now and then only. Two generations of bounded size; an entry is forgotten after {@link
 * #MEMORY}, because another node can have removed the account meanwhile.
 */
final class WrittenBuckets {
  private static final int GENERATION_SIZE = 100_000;
  static final Duration MEMORY = Duration.ofMinutes(10);

  private static final long GENERATION_NANOS = MEMORY.toNanos() / 2;

  private record Generation(Map<Jid, Integer> buckets, AtomicInteger size, long begin) {}

  private final LongSupplier nanoTime;
  private volatile Generation current;
  private volatile Generation previous;

  WrittenBuckets(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.current = fresh();
    this.previous = current;
  }

  boolean contains(Jid user, int bucket) {
    long now = nanoTime.getAsLong();
    turn(now);
    Integer known = current.buckets.get(user);
    if (known == null && now - previous.begin <= MEMORY.toNanos()) {
      known = previous.buckets.get(user);
    }
    return known != null && known == bucket;
  }

  void add(Jid user, int bucket) {
    Generation now = current;
    if (now.buckets.put(user, bucket) == null) {
      now.size.incrementAndGet(); // the map's own count is slow to read
    }
  }

  void forget(Jid user) {
    current.buckets.remove(user);
    previous.buckets.remove(user);
  }

  private void turn(long now) {
    Generation full = current;
    if (full.size.get() >= GENERATION_SIZE || now - full.begin > GENERATION_NANOS) {
      replace(full);
    }
  }

  private synchronized void replace(Generation full) {
    if (current == full) {
      previous = full;
      current = fresh();
    }
  }

  private Generation fresh() {
    return new Generation(new ConcurrentHashMap<>(), new AtomicInteger(), nanoTime.getAsLong());
  }
}

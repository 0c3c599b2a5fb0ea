package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WrittenBucketsTest {
  private final AtomicLong now = new AtomicLong();
  private final WrittenBuckets written = new WrittenBuckets(now::get);
  private final Jid user = Jid.parse("romeo@montague.example");

  @Test
  void knowsWhatWasWrittenForAWhileOnly() {
    assertFalse(written.contains(user, 1));
    written.add(user, 1);
    assertTrue(written.contains(user, 1));
    assertFalse(written.contains(user, 2));
    pass(Duration.ofMinutes(6));
    assertTrue(written.contains(user, 1));
    pass(Duration.ofMinutes(5));
    assertFalse(written.contains(user, 1));
  }

  @Test
  void forgetsAlsoWhenNobodyAskedMeanwhile() {
    written.add(user, 1);
    pass(WrittenBuckets.MEMORY.plusSeconds(1));
    assertFalse(written.contains(user, 1));
  }

  @Test
  void forgetsARemovedUser() {
    written.add(user, 1);
    written.forget(user);
    assertFalse(written.contains(user, 1));
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}

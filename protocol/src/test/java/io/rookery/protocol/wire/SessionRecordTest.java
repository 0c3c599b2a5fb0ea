package io.rookery.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rookery.protocol.jid.Jid;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What one owner writes of a session, the next one reads. */
class SessionRecordTest {
  private static SessionRecord random(int seed) {
    Random random = new Random(seed);
    RandomMessages content = new RandomMessages(seed);
    return new SessionRecord(
        random.nextLong(),
        random.nextBoolean() ? null : new LoopAddress("node", 3),
        random.nextLong(),
        "192.0.2.1",
        random.nextLong(),
        random.nextLong(),
        random.nextBoolean() ? null : content.stanza(),
        random.nextInt(256) - 128,
        random.nextBoolean(),
        random.nextBoolean(),
        new Jid[] {Jid.parse("romeo@montague.example/orchard")},
        random.nextBoolean() ? Map.of() : Map.of("carbons", "1"),
        random.nextBoolean() ? null : "id",
        random.nextBoolean(),
        300,
        random.nextInt(9),
        random.nextInt(900),
        random.nextInt(900),
        random.nextLong(),
        new Unacked[] {content.unacked(), content.unacked()});
  }

  @Test
  void whatIsWrittenIsRead() {
    for (int seed = 0; seed < 500; seed++) {
      byte[] bytes = random(seed).toBytes();
      SessionRecord read = SessionRecord.parse(bytes);
      assertArrayEquals(bytes, read.toBytes(), "seed " + seed);
      assertEquals(random(seed).priority(), read.priority());
      assertEquals(random(seed).connector(), read.connector());
      assertEquals(random(seed).state(), read.state());
    }
  }

  @Test
  void whatALaterVersionAddsIsIgnored() {
    byte[] bytes = random(1).toBytes();
    byte[] more = Arrays.copyOf(bytes, bytes.length + 5);
    assertArrayEquals(bytes, SessionRecord.parse(more).toBytes());
  }

  /** The last byte says that nothing is held back, which older versions do not know. */
  @Test
  void anOlderRecordHoldsNothingBack() {
    byte[] bytes = random(1).toBytes();
    SessionRecord read = SessionRecord.parse(Arrays.copyOf(bytes, bytes.length - 1));
    assertEquals(0, read.held().length);
    assertArrayEquals(bytes, read.toBytes());
  }

  @Test
  void aTruncatedRecordIsRefused() {
    byte[] bytes = random(2).toBytes();
    for (int length = 1; length < bytes.length - 1; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(WireFormatException.class, () -> SessionRecord.parse(cut), "at " + length);
    }
  }
}

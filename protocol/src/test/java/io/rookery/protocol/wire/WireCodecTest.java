package io.rookery.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stanza.StanzaError;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire contract: what is written is read, and what is not of it is refused. */
class WireCodecTest {
  static final List<Class<?>> TYPES = RandomMessages.TYPES;

  private static byte[] bytes(WireMessage message) {
    WireWriter w = new WireWriter(16);
    WireCodec.write(w, message);
    return w.toByteArray();
  }

  /** How many groups of fields a type has that not every release of this version has written. */
  private static final Map<Class<?>, Integer> EXTENDED =
      Map.of(
          ToRouter.SaslStart.class, 1,
          ToRouter.Bind.class, 1,
          ToRouter.Registration.class, 1,
          ToConnector.SaslSuccess.class, 2,
          ToConnector.Bound.class, 1);

  private static WireReader reader(byte[] bytes) {
    return new WireReader(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void whatIsWrittenIsRead(Class<?> type) {
    for (int seed = 0; seed < 500; seed++) {
      WireMessage message = new RandomMessages(seed).next(type);
      byte[] bytes = bytes(message);
      WireReader reader = reader(bytes);
      WireMessage read = WireCodec.read(reader);
      assertEquals(Described.of(message), Described.of(read), "seed " + seed);
      assertFalse(reader.hasMore());
      assertArrayEquals(bytes, bytes(read), "seed " + seed);
    }
  }

  @Test
  void messagesFollowEachOther() {
    RandomMessages random = new RandomMessages(7);
    WireWriter w = new WireWriter(0);
    List<WireMessage> messages =
        TYPES.stream().map(random::next).peek(message -> WireCodec.write(w, message)).toList();
    WireReader reader = reader(w.toByteArray());
    for (WireMessage message : messages) {
      assertEquals(Described.of(message), Described.of(WireCodec.read(reader)));
    }
    assertFalse(reader.hasMore());
  }

  @Test
  void aMessageOfALaterVersionIsSkipped() {
    WireWriter w = new WireWriter(16);
    w.u8(255);
    int at = w.reserveLength();
    w.string("what nobody knows yet");
    w.fillLength(at);
    WireCodec.write(w, new ToRouter.SaslAbort(5));
    WireReader reader = reader(w.toByteArray());
    assertNull(WireCodec.read(reader));
    assertEquals(new ToRouter.SaslAbort(5), WireCodec.read(reader));
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void fieldsOfALaterVersionAreIgnored(Class<?> type) {
    WireMessage message = new RandomMessages(1).next(type);
    WireWriter w = new WireWriter(16);
    w.raw(bytes(message), 0, 1);
    int at = w.reserveLength();
    w.raw(bytes(message), 5, bytes(message).length - 5);
    w.string("added later");
    w.fillLength(at);
    w.u8(99);
    WireReader reader = reader(w.toByteArray());
    assertEquals(Described.of(message), Described.of(WireCodec.read(reader)));
    assertEquals(99, reader.u8());
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void aTruncatedMessageIsRefused(Class<?> type) {
    for (int seed = 0; seed < 20; seed++) {
      byte[] bytes = bytes(new RandomMessages(seed).next(type));
      for (int length = 0; length < bytes.length; length++) {
        WireReader reader = reader(Arrays.copyOf(bytes, length));
        assertThrows(WireFormatException.class, () -> WireCodec.read(reader));
      }
    }
  }

  /** Truncated fields inside of a section whose length is right. */
  @ParameterizedTest
  @FieldSource("TYPES")
  void missingFieldsAreRefused(Class<?> type) {
    byte[] bytes = bytes(new RandomMessages(3).next(type));
    int read = 0;
    for (int length = 5; length < bytes.length; length++) {
      WireWriter w = new WireWriter(16);
      w.raw(bytes, 0, 1);
      int at = w.reserveLength();
      w.raw(bytes, 5, length - 5);
      w.fillLength(at);
      read += isRefused(w.toByteArray()) ? 0 : 1;
    }
    assertEquals(EXTENDED.getOrDefault(type, 0), read, "as an older node sends it");
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void garbledBytesAreReadOrRefusedAndNothingElse(Class<?> type) {
    Random random = new Random(type.getSimpleName().hashCode());
    int refused = 0;
    for (int seed = 0; seed < 3000; seed++) {
      byte[] bytes = bytes(new RandomMessages(seed).next(type));
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        bytes[5 + random.nextInt(bytes.length - 5)] =
            (byte) (random.nextBoolean() ? 0xff : random.nextInt());
      }
      refused += isRefused(bytes) ? 1 : 0;
    }
    assertTrue(refused > 0, "garbling does something");
  }

  private static boolean isRefused(byte[] bytes) {
    try {
      WireMessage read = WireCodec.read(reader(bytes));
      return read == null || Described.of(read).isEmpty();
    } catch (WireFormatException e) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, -5, Long.MIN_VALUE, -(1L << 32) + 6, 1L << 62, (1L << 62) + 1, 1 << 30})
  void anImpossibleLengthIsRefused(long length) {
    WireWriter w = new WireWriter(16);
    w.number(length);
    w.raw(new byte[32], 0, 32);
    byte[] bytes = w.toByteArray();
    assertThrows(WireFormatException.class, () -> reader(bytes).bytes());
    assertThrows(WireFormatException.class, () -> reader(bytes).string());
    assertThrows(WireFormatException.class, () -> reader(bytes).count(4));
  }

  @Test
  void nothingIsAllocatedForWhatIsNotThere() {
    byte[] bytes = new byte[64];
    Random random = new Random(11);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 20_000; i++) {
      random.nextBytes(bytes);
      bytes[0] = (byte) random.nextInt(TYPES.size());
      bytes[1] = bytes[2] = bytes[3] = 0;
      bytes[4] = (byte) (bytes.length - 5);
      isRefused(bytes);
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / 20_000;
    assertTrue(each < 10_000, each + " bytes for each message of 64");
  }

  @Test
  void anUnknownConditionOfALaterVersionIsUndefined() {
    WireWriter w = new WireWriter(16);
    byte[] bytes =
        bytes(new ToConnector.BindRefused(1, StanzaError.of(StanzaError.Condition.GONE)));
    w.u8(bytes[0]);
    int at = w.reserveLength();
    w.number(1);
    w.string("SHRUG");
    w.string("OUT_OF_CHEESE");
    w.string(null);
    w.string(null);
    w.fillLength(at);
    WireMessage read = WireCodec.read(reader(w.toByteArray()));
    assertEquals(
        StanzaError.of(StanzaError.Condition.UNDEFINED_CONDITION),
        assertInstanceOf(ToConnector.BindRefused.class, read).error());
  }
}

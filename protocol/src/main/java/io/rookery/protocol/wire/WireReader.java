package io.rookery.protocol.wire;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Reads what {@link WireWriter} wrote. Every malformation is a {@link WireFormatException}. */
public final class WireReader {
  private static final int MAX_LOOPS = 1 << 16;

  private final byte[] buffer;
  private final int end;
  private int position;

  public WireReader(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.position = offset;
    this.end = offset + length;
  }

  public boolean hasMore() {
    return position < end;
  }

  public int position() {
    return position;
  }

  public byte[] array() {
    return buffer;
  }

  public int u8() {
    need(1);
    return buffer[position++] & 0xff;
  }

  public boolean bool() {
    return u8() != 0;
  }

  public long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = u8();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new WireFormatException("number too long");
  }

  /** A count of things of at least {@code minBytes} each that are still to come. */
  public int count(int minBytes) {
    long count = number();
    if (count < 0 || count > (end - position) / minBytes) {
      throw new WireFormatException("count beyond the end");
    }
    return (int) count;
  }

  public byte[] bytes() {
    int size = size();
    if (size < 0) {
      return null;
    }
    position += size;
    return Arrays.copyOfRange(buffer, position - size, position);
  }

  public String string() {
    int size = size();
    if (size < 0) {
      return null;
    }
    position += size;
    return new String(buffer, position - size, size, StandardCharsets.UTF_8);
  }

  public Jid jid() {
    String text = string();
    try {
      return text == null ? null : Jid.parse(text);
    } catch (InvalidJidException e) {
      throw new WireFormatException("not a JID");
    }
  }

  /** A string that is there. */
  String required() {
    String text = string();
    if (text == null) {
      throw new WireFormatException("a name is missing");
    }
    return text;
  }

  LoopAddress address() {
    String node = string();
    long loop = number();
    if (loop < 0 || loop > MAX_LOOPS) {
      throw new WireFormatException("no such loop");
    }
    return node == null ? null : new LoopAddress(node, (int) loop);
  }

  /** What {@link WireWriter#optional} wrote; null also from an older node, which did not. */
  <T> T optional(Function<WireReader, T> how) {
    return hasMore() && bool() ? how.apply(this) : null;
  }

  /** Strings that are all there. */
  List<String> strings() {
    List<String> strings = new ArrayList<>();
    for (int i = count(1); i > 0; i--) {
      strings.add(required());
    }
    return strings;
  }

  Jid[] jids() {
    Jid[] jids = new Jid[count(1)];
    for (int i = 0; i < jids.length; i++) {
      jids[i] = jid();
    }
    return jids;
  }

  long[] numbers() {
    long[] numbers = new long[count(1)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number();
    }
    return numbers;
  }

  /** Length of a byte string whose bytes follow, or -1 for null. */
  int size() {
    long size = number() - 1;
    if (size < -1 || size > end - position) {
      throw new WireFormatException("byte string beyond the end");
    }
    return (int) size;
  }

  void skip(int count) {
    need(count);
    position += count;
  }

  /** A reader of the next bytes, whose number was written by {@link WireWriter#fillLength}. */
  WireReader section() {
    need(4);
    int count =
        (buffer[position] & 0xff) << 24
            | (buffer[position + 1] & 0xff) << 16
            | (buffer[position + 2] & 0xff) << 8
            | buffer[position + 3] & 0xff;
    position += 4;
    if (count < 0) {
      throw new WireFormatException("negative length");
    }
    skip(count);
    return new WireReader(buffer, position - count, count);
  }

  private void need(int count) {
    if (count < 0 || end - position < count) {
      throw new WireFormatException("truncated");
    }
  }
}

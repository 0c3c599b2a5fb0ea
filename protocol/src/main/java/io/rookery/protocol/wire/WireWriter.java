package io.rookery.protocol.wire;

import io.rookery.protocol.jid.Jid;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** A growable buffer with the primitives of the wire codec. Not thread-safe. */
public final class WireWriter {
  private byte[] buffer;
  private int length;

  public WireWriter(int capacity) {
    buffer = new byte[capacity];
  }

  public int length() {
    return length;
  }

  /** The bytes from 0 to {@link #length()}; valid until the next write. */
  public byte[] array() {
    return buffer;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  public void reset() {
    length = 0;
  }

  public void u8(int value) {
    ensure(1);
    buffer[length++] = (byte) value;
  }

  /** An unsigned number in groups of seven bits, lowest first. */
  public void number(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[length++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
  }

  public void bool(boolean value) {
    u8(value ? 1 : 0);
  }

  /** Null is told from empty. */
  public void bytes(byte[] value) {
    if (value == null) {
      number(0);
      return;
    }
    number(value.length + 1L);
    raw(value, 0, value.length);
  }

  public void bytes(byte[] value, int offset, int count) {
    number(count + 1L);
    raw(value, offset, count);
  }

  /** Null is told from empty. */
  public void string(String value) {
    if (value == null) {
      number(0);
      return;
    }
    int chars = value.length();
    if (!ascii(value, chars)) {
      bytes(value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Writes an ASCII string without an intermediate array; undoes it when it was not ASCII. */
  @SuppressWarnings("deprecation") // getBytes(int, int, byte[], int) is exact for ASCII, and fast
  private boolean ascii(String value, int chars) {
    int start = length;
    number(chars + 1L);
    ensure(chars);
    value.getBytes(0, chars, buffer, length);
    for (int i = 0; i < chars; i++) {
      if (value.charAt(i) > 0x7f) {
        length = start;
        return false;
      }
    }
    length += chars;
    return true;
  }

  /** Null is told from every address. */
  public void jid(Jid jid) {
    string(jid == null ? null : jid.toString());
  }

  /** Null is told from every address. */
  void address(LoopAddress address) {
    string(address == null ? null : address.node());
    number(address == null ? 0 : address.loop());
  }

  /** A group of fields that was added later and may be null. */
  <T> void optional(T fields, BiConsumer<T, WireWriter> how) {
    bool(fields != null);
    if (fields != null) {
      how.accept(fields, this);
    }
  }

  void strings(List<String> strings) {
    number(strings.size());
    strings.forEach(this::string);
  }

  void jids(Jid[] jids) {
    number(jids.length);
    for (Jid jid : jids) {
      jid(jid);
    }
  }

  void numbers(long[] numbers) {
    number(numbers.length);
    for (long number : numbers) {
      number(number);
    }
  }

  public void raw(byte[] value, int offset, int count) {
    ensure(count);
    System.arraycopy(value, offset, buffer, length, count);
    length += count;
  }

  /** Leaves four bytes to be filled with a length later; returns where they are. */
  int reserveLength() {
    ensure(4);
    length += 4;
    return length - 4;
  }

  /** Fills reserved bytes with the number of bytes written since. */
  void fillLength(int at) {
    int count = length - at - 4;
    buffer[at] = (byte) (count >>> 24);
    buffer[at + 1] = (byte) (count >>> 16);
    buffer[at + 2] = (byte) (count >>> 8);
    buffer[at + 3] = (byte) count;
  }

  private void ensure(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}

package io.rookery.protocol.xml;

import java.util.Arrays;

/**
 * The namespace declarations of the open elements as byte ranges, relative to the start of the
 * top-level element, so that keeping them makes no garbage.
 */
final class Bindings {
  private static final int WIDTH = 4;

  private int[] ranges = new int[2 * WIDTH];
  private int count;

  int count() {
    return count;
  }

  /** Forgets all declarations but the first {@code newCount}. */
  void truncate(int newCount) {
    count = newCount;
  }

  /** Adds a declaration; an empty prefix range is the default namespace. */
  void add(int prefixStart, int prefixEnd, int valueStart, int valueEnd) {
    int at = count++ * WIDTH;
    if (at == ranges.length) {
      ranges = Arrays.copyOf(ranges, at * 2);
    }
    ranges[at] = prefixStart;
    ranges[at + 1] = prefixEnd;
    ranges[at + 2] = valueStart;
    ranges[at + 3] = valueEnd;
  }

  /** The innermost declaration of the prefix in {@code [from, to)}, or -1. */
  int find(byte[] b, int base, int from, int to) {
    int length = to - from;
    for (int i = count - 1; i >= 0; i--) {
      int start = ranges[i * WIDTH];
      int end = ranges[i * WIDTH + 1];
      if (end - start == length
          && Arrays.equals(b, base + start, base + end, b, base + from, base + to)) {
        return i;
      }
    }
    return -1;
  }

  int valueStart(int i) {
    return ranges[i * WIDTH + 2];
  }

  int valueEnd(int i) {
    return ranges[i * WIDTH + 3];
  }
}

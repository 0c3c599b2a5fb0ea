package io.rookery.standalone.portable;

import java.util.function.Consumer;

/**
 * What of a file is left out, for the operator: the first of them with their places, then a number.
 */
final class Notices {
  private static final int SHOWN = 20;

  private final Consumer<String> lines;
  private long count;

  Notices(Consumer<String> lines) {
    this.lines = lines;
  }

  /** For a file that was looked at before. */
  static Notices silent() {
    return new Notices(line -> {});
  }

  void leftOut(String what, Where where) {
    count++;
    if (count <= SHOWN) {
      lines.accept("left out: " + what + " (" + where + ")");
    }
    if (count == SHOWN) {
      lines.accept("... more is counted only");
    }
  }

  long count() {
    return count;
  }
}

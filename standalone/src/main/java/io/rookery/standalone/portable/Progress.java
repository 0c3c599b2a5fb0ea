package io.rookery.standalone.portable;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells an operator how far it is: a line that changes on a terminal, otherwise one now and then.
 */
public final class Progress {
  private static final long TERMINAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int WIDTH = 30;

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private String doing = "";
  private LongSupplier done = () -> 0;
  private long total;
  private long pieces;
  private long begin;
  private long shown;

  /**
   * @param terminal lines can be written over
   * @param nanoTime as {@link System#nanoTime}
   */
  public Progress(PrintWriter err, boolean terminal, LongSupplier nanoTime) {
    this.err = err;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /**
   * A step begins.
   *
   * @param step such as Importing
   * @param accounts of all, 0 for unknown
   * @param finished accounts so far
   */
  void begin(String step, long accounts, LongSupplier finished) {
    clear();
    doing = step;
    total = accounts;
    done = finished;
    pieces = 0;
    begin = nanoTime.getAsLong();
    shown = begin;
  }

  /** A message, an item or something like that is done. */
  void piece() {
    pieces++;
    long now = nanoTime.getAsLong();
    if (now - shown >= (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
      shown = now;
      show(now);
    }
  }

  private void show(long now) {
    if (terminal) {
      err.print("\r\033[K" + text(now));
      err.flush();
    } else {
      err.println(text(now));
    }
  }

  private String text(long now) {
    long accounts = done.getAsLong();
    double seconds = Math.max(1e-3, (now - begin) / 1e9);
    String all =
        total == 0
            ? "%d accounts".formatted(accounts)
            : "%s %d of %d accounts".formatted(bar(accounts), accounts, total);
    return String.format(
        Locale.ROOT,
        "%s %s, %.0f/s, %d pieces, %.0f/s",
        doing,
        all,
        accounts / seconds,
        pieces,
        pieces / seconds);
  }

  private String bar(long accounts) {
    int filled = (int) Math.min(WIDTH, WIDTH * accounts / total);
    return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "]";
  }

  /** A line of its own. */
  void line(String text) {
    clear();
    err.println(text);
  }

  /** Removes the line. */
  public void clear() {
    if (terminal) {
      err.print("\r\033[K");
      err.flush();
    }
  }
}

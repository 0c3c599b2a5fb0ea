package io.rookery.bench.scenario;

import java.util.function.LongConsumer;

/**
 * Starts operations at a fixed rate, whatever becomes of the earlier ones. Each is told the time it
 * was scheduled for, so that a generator or server that falls behind shows in the latency.
 */
final class Pacer implements Runnable {
  private static final int MOST_AT_ONCE = 20_000;

  private final double perNano;
  private final LongConsumer operation;
  private final long start = System.nanoTime();
  private long started;

  /**
   * @param rate operations a second
   * @param operation takes its scheduled time, in {@link System#nanoTime} terms
   */
  Pacer(double rate, LongConsumer operation) {
    this.perNano = rate / 1e9;
    this.operation = operation;
  }

  /** Starts what is due; to be called every millisecond or so. */
  @Override
  public void run() {
    long due = (long) ((System.nanoTime() - start) * perNano);
    long end = Math.min(due, started + MOST_AT_ONCE);
    while (started < end) {
      operation.accept(start + (long) (started / perNano));
      started++;
    }
  }
}

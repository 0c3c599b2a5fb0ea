package io.rookery.bench.scenario;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Times between sending and arrival while they count; used on the event loop only. */
final class Latencies {
  private final Histogram micros = new Histogram(TimeUnit.HOURS.toMicros(1), 3);
  private boolean counting;

  void begin() {
    micros.reset();
    counting = true;
  }

  void end() {
    counting = false;
  }

  void add(long nanos) {
    if (counting) {
      micros.recordValue(Math.min(nanos / 1000, micros.getHighestTrackableValue()));
    }
  }

  /** In microseconds; to be read after {@link #end}. */
  Histogram micros() {
    return micros;
  }
}

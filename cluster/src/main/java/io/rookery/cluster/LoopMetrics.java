package io.rookery.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What one loop counts. */
final class LoopMetrics {
  private final Counter received;
  private final Counter bugs;

  LoopMetrics(MeterRegistry meters, int loop) {
    received =
        Counter.builder("rookery.loop.messages")
            .description("Messages received from other loops and nodes")
            .tag("loop", Integer.toString(loop))
            .register(meters);
    bugs =
        Counter.builder("rookery.bugs")
            .description("Messages whose handling failed unexpectedly")
            .tag("loop", Integer.toString(loop))
            .register(meters);
  }

  void received(int count) {
    received.increment(count);
  }

  void bug() {
    bugs.increment();
  }
}

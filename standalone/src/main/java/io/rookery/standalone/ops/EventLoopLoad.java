package io.rookery.standalone.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Measures how much of its processor an event loop uses: the CPU time of its thread over the last
 * period, from 0 (it waits) to 1 (it has nothing left), as {@code rookery.eventloop.busy.ratio}. A
 * loop that is blocked uses nothing; {@link EventLoopLag} shows it.
 */
public final class EventLoopLoad {
  private final Vertx sampler;
  private final MeterRegistry meters;
  private final Duration period;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  /**
   * @param sampler reads the times; another Vert.x than that of the loops, which may be busy
   */
  public EventLoopLoad(Vertx sampler, MeterRegistry meters, Duration period) {
    this.sampler = sampler;
    this.meters = meters;
    this.period = period;
  }

  /**
   * Measures the event loop of a context until the sampler is closed.
   *
   * @param loop name of the loop, the value of the tag {@code loop}
   */
  public void watch(String loop, Context context) {
    context.runOnContext(v -> watch(loop, Thread.currentThread().getId()));
  }

  private void watch(String loop, long thread) {
    Load load = new Load(thread);
    Gauge.builder("rookery.eventloop.busy.ratio", load, Load::ratio)
        .description("Share of the time in which the thread of an event loop computed")
        .tag("loop", loop)
        .strongReference(true)
        .register(meters);
    sampler.setPeriodic(period.toMillis(), id -> load.sample());
  }

  private final class Load {
    private final long thread;
    private long begin = System.nanoTime();
    private long used;
    private volatile double ratio;

    Load(long thread) {
      this.thread = thread;
      this.used = threads.getThreadCpuTime(thread);
    }

    void sample() {
      long now = System.nanoTime();
      long usedNow = threads.getThreadCpuTime(thread);
      ratio = Math.min(1, Math.max(0, (usedNow - used) / (double) (now - begin)));
      begin = now;
      used = usedNow;
    }

    double ratio() {
      return ratio;
    }
  }
}

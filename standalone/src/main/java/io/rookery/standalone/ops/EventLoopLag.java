package io.rookery.standalone.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures by how much event loops are late: a timer on every loop is expected every 100 ms, and
 * what it comes later is recorded as {@code rookery.eventloop.lag}.
 */
public final class EventLoopLag {
  private static final Duration PERIOD = Duration.ofMillis(100);

  private final MeterRegistry meters;
  private final List<AtomicLong> lastTicks = new CopyOnWriteArrayList<>();

  public EventLoopLag(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * Measures the event loop of a context until its Vert.x is closed.
   *
   * @param loop name of the loop, the value of the tag {@code loop}
   */
  public void watch(String loop, Context context) {
    Timer lag =
        Timer.builder("rookery.eventloop.lag")
            .description("How late timers run on an event loop")
            .tag("loop", loop)
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5))
            .register(meters);
    AtomicLong lastTick = new AtomicLong(System.nanoTime());
    lastTicks.add(lastTick);
    context.runOnContext(start -> tick(context, lag, lastTick));
  }

  /** Time since the latest tick of the loop that is stuck for longest. */
  public Duration longestStall() {
    long now = System.nanoTime();
    return Duration.ofNanos(lastTicks.stream().mapToLong(tick -> now - tick.get()).max().orElse(0));
  }

  /** Sets the timer anew each time: a periodic one makes up for missed ticks and hides the lag. */
  private void tick(Context context, Timer lag, AtomicLong lastTick) {
    long armed = System.nanoTime();
    lastTick.set(armed);
    context
        .owner()
        .setTimer(
            PERIOD.toMillis(),
            id -> {
              long late = System.nanoTime() - armed - PERIOD.toNanos();
              lag.record(Math.max(0, late), TimeUnit.NANOSECONDS);
              tick(context, lag, lastTick);
            });
  }
}

package io.rookery.connector.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * Lets new connections in at the pace that one event loop can bear: a login costs a hundred times
 * what a message does, so that thousands who come at once, after a node was lost, would take the
 * loop from those who are here. Who has to wait is not read from; TLS has not begun.
 *
 * <p>The pace follows the lag of the loop: how late it comes to do what was due. Lives on the loop.
 */
public final class Entrance {
  /** To be called so often. */
  public static final int TICK_MILLIS = 20;

  private static final int MAX_PER_TICK = 20;
  private static final long CALM_MILLIS = 4;
  private static final long BUSY_MILLIS = 10;

  /** Who waits to be let in. */
  public interface Guest {
    void letIn();

    /** Too many wait, or this one has waited too long: the connection is closed. */
    void turnAway();

    boolean isGone();
  }

  private record Waiting(Guest guest, long since) {}

  private final LongSupplier millis;
  private final int maxWaiting;
  private final long maxWaitMillis;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Counter turnedAway;
  private volatile int queued;
  private double perTick = MAX_PER_TICK / 2;
  private double left = MAX_PER_TICK / 2;
  private long due;

  /**
   * @param millis a clock that does not go back
   * @param maxWaiting connections; further ones are turned away
   * @param maxWaitMillis then a connection is turned away
   */
  public Entrance(
      LongSupplier millis, int maxWaiting, long maxWaitMillis, int loop, MeterRegistry meters) {
    this.millis = millis;
    this.maxWaiting = maxWaiting;
    this.maxWaitMillis = maxWaitMillis;
    this.due = millis.getAsLong() + TICK_MILLIS;
    this.turnedAway =
        Counter.builder("rookery.connector.refused").tag("cause", "busy").register(meters);
    Gauge.builder("rookery.connector.entering", this, entrance -> entrance.queued)
        .description("Connections that wait to be served because the event loop is busy")
        .tag("loop", Integer.toString(loop))
        .register(meters);
  }

  /** A connection has come. */
  public void arrive(Guest guest) {
    if (waiting.isEmpty() && left >= 1) {
      left--;
      guest.letIn();
    } else if (waiting.size() < maxWaiting) {
      waiting.add(new Waiting(guest, millis.getAsLong()));
      queued = waiting.size();
    } else {
      turnAway(guest);
    }
  }

  private void turnAway(Guest guest) {
    turnedAway.increment();
    guest.turnAway();
  }

  /** Adapts the pace to how late this call comes, and lets in as many as that allows. */
  public void tick() {
    long now = millis.getAsLong();
    long lag = now - due;
    due = now + TICK_MILLIS;
    if (lag > BUSY_MILLIS) {
      perTick = Math.max(0.5, perTick / 2);
    } else if (lag < CALM_MILLIS) {
      perTick = Math.min(MAX_PER_TICK, perTick + 0.5);
    }
    left = Math.min(left, 1) + perTick;
    Waiting next;
    while ((next = waiting.peek()) != null && (left >= 1 || next.guest.isGone())) {
      waiting.poll();
      if (next.guest.isGone()) {
        continue;
      }
      if (now - next.since > maxWaitMillis) {
        turnAway(next.guest);
      } else {
        left--;
        next.guest.letIn();
      }
    }
    queued = waiting.size();
  }
}

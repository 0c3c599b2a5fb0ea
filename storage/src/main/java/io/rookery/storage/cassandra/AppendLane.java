package io.rookery.storage.cassandra;

import io.rookery.storage.cassandra.Appends.Append;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The appends of one event loop, made into groups like commits of a database: what comes in a tick
 * goes at its end, so a lone append does not wait; while enough requests are under way, what comes
 * waits and goes together when one of them is back. Touched on its context only.
 */
final class AppendLane {
  private static final int MAX_UNDER_WAY = 4;
  static final int MAX_ROWS = 32;

  /** Cassandra refuses batches of 50 KiB, unless told otherwise. A larger row goes alone. */
  static final int MAX_BYTES = 32 * 1024;

  private final Context context;
  private final Appends appends;
  private final ArrayDeque<Append> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean scheduled;

  AppendLane(Context context, Appends appends) {
    this.context = context;
    this.appends = appends;
  }

  void add(Append append) {
    waiting.add(append);
    if (!scheduled && underWay < MAX_UNDER_WAY) {
      scheduled = true;
      context.runOnContext(tick -> endOfTick());
    }
  }

  private void endOfTick() {
    scheduled = false;
    while (!waiting.isEmpty() && underWay < MAX_UNDER_WAY) {
      underWay++;
      appends.write(this, nextGroup());
    }
  }

  private List<Append> nextGroup() {
    List<Append> group = new ArrayList<>(Math.min(waiting.size(), MAX_ROWS));
    int bytes = 0;
    do {
      Append next = waiting.poll();
      bytes += next.bytes();
      group.add(next);
    } while (!waiting.isEmpty()
        && group.size() < MAX_ROWS
        && bytes + waiting.peek().bytes() <= MAX_BYTES);
    return group;
  }

  /** On any thread. */
  void written(List<Append> group, Throwable failure) {
    context.runOnContext(back -> finish(group, failure));
  }

  /** What the listeners append now goes along with what has waited. */
  private void finish(List<Append> group, Throwable failure) {
    underWay--;
    appends.finish(group, failure);
    if (!scheduled) {
      endOfTick();
    }
  }
}

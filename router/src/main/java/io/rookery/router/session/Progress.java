package io.rookery.router.session;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;

/**
 * How far the stanzas of one stream have been handled. Stanzas are handled when their effects are
 * durable, in any order; what the client may be told (XEP-0198) is the count up to the first that
 * is not.
 */
public final class Progress {

  /** A stanza whose effects are not all durable yet. */
  public static final class Pending {
    private final long counter;
    private int outstanding = 1;

    private Pending(long counter) {
      this.counter = counter;
    }

    public long counter() {
      return counter;
    }

    /** One more effect has to become durable. */
    public void expect() {
      outstanding++;
    }
  }

  private final ArrayDeque<Pending> pending = new ArrayDeque<>(0);
  private long last;
  private long handled;
  private long reported;
  private long wanted;
  private boolean missing;
  private Promise<Void> settled;

  /**
   * @param handled counter of the last stanza that has been handled before
   */
  public Progress(long handled) {
    this.last = handled;
    this.handled = handled;
    this.reported = handled;
  }

  /**
   * True when stanzas before this one have not come, though they were sent: to take it would mean
   * to report them as handled.
   */
  public boolean isAhead(long counter) {
    return counter > last + 1;
  }

  /**
   * A stanza has come, and all before it.
   *
   * @return null when it has been seen before: a repetition
   */
  public Pending begin(long counter) {
    if (counter <= last) {
      return null;
    }
    last = counter;
    missing = false;
    Pending p = new Pending(counter);
    pending.add(p);
    return p;
  }

  /**
   * One has come that {@link #isAhead}.
   *
   * @return true for the first of them
   */
  public boolean missing() {
    boolean first = !missing;
    missing = true;
    return first;
  }

  /** One effect of the stanza is durable, or the stanza itself has been dealt with. */
  public void done(Pending p) {
    p.outstanding--;
    Pending head;
    while ((head = pending.peek()) != null && head.outstanding <= 0) {
      handled = head.counter;
      pending.poll();
    }
    if (settled != null && pending.isEmpty()) {
      Promise<Void> waiters = settled;
      settled = null;
      waiters.complete();
    }
  }

  /** Completes when all that has come is handled. */
  public Future<Void> settled() {
    if (pending.isEmpty()) {
      return Future.succeededFuture();
    }
    if (settled == null) {
      settled = Promise.promise();
    }
    return settled.future();
  }

  /** The client waits for this stanza to be handled. */
  public void wanted(long counter) {
    wanted = Math.max(wanted, counter);
  }

  /** True when the client waits for something that is handled and not reported. */
  public boolean isReportWanted() {
    return wanted > reported && handled >= wanted;
  }

  /** All stanzas up to this one are handled. */
  public long handled() {
    return handled;
  }

  /** Stanzas handled since the connector was last told. */
  public long unreported() {
    return handled - reported;
  }

  /** The connector is being told. */
  public long report() {
    reported = handled;
    return handled;
  }
}

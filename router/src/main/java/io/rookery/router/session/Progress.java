package io.rookery.router.session;

import java.util.ArrayDeque;

/**
 * How far the stanzas of one stream have been handled. Stanzas are handled when their effects are
 * durable, in any order; what the client may be told (XEP-0198) is the count up to the first that is
 * not.
 */
public final class Progress {

  /** A stanza whose effects are not all durable yet. */
  public static final class Pending {
    private final long counter;
    private int outstanding = 1;

    private Pending(long counter) {
      this.counter = counter;
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

  /**
   * A stanza has come.
   *
   * @return null when it has been seen before: a repetition
   */
  public Pending begin(long counter) {
    if (counter <= last) {
      return null;
    }
    last = counter;
    Pending p = new Pending(counter);
    pending.add(p);
    return p;
  }

  /** One effect of the stanza is durable, or the stanza itself has been dealt with. */
  public void done(Pending p) {
    p.outstanding--;
    Pending head;
    while ((head = pending.peek()) != null && head.outstanding <= 0) {
      handled = head.counter;
      pending.poll();
    }
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

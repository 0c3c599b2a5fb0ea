package io.rookery.connector.stream;

/** The times that matter to one stream, in milliseconds of the loop's clock. */
final class StreamClock {
  private final long opened;
  private long heard;
  private long pinged;
  private long pending;
  private long pendingSince;
  private long allowance;
  private long allowanceAt;

  StreamClock(long now) {
    opened = now;
    heard = now;
    allowanceAt = now;
    allowance = Long.MIN_VALUE;
  }

  void heard(long now) {
    heard = now;
    pinged = 0;
  }

  long age(long now) {
    return now - opened;
  }

  /** Silence of the peer. */
  long silence(long now) {
    return now - heard;
  }

  void pinged(long now) {
    pinged = now;
  }

  /** How long a ping has been without any answer, -1 when none is out. */
  long unanswered(long now) {
    return pinged == 0 ? -1 : now - pinged;
  }

  /** How long the peer has taken nothing of what is pending. */
  long stalled(long now, long pendingBytes) {
    if (pendingBytes == 0 || pendingBytes < pending) {
      pendingSince = now;
    } else if (pending == 0) {
      pendingSince = now;
    }
    pending = pendingBytes;
    return now - pendingSince;
  }

  /**
   * Counts bytes read against a rate.
   *
   * @param rate bytes a second
   * @param burst bytes that may come at once after a silence
   */
  void charge(long now, int bytes, long rate, int burst) {
    refill(now, rate, burst);
    allowance -= bytes;
  }

  void refill(long now, long rate, int burst) {
    if (allowance == Long.MIN_VALUE) {
      allowance = burst;
    }
    allowance = Math.min(burst, allowance + (now - allowanceAt) * rate / 1000);
    allowanceAt = now;
  }

  /** True while more was read than the rate allows. */
  boolean isThrottled() {
    return allowance < 0 && allowance != Long.MIN_VALUE;
  }
}

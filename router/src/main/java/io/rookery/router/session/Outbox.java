package io.rookery.router.session;

import io.rookery.protocol.wire.Unacked;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a client under stream management (XEP-0198) has been sent and has not acknowledged, at the
 * owner: for the case that its connector dies. While the connector lives it has the same, for the
 * case that the owner dies.
 */
public final class Outbox {
  private static final long MODULO = 0xFFFFFFFFL;

  private final String id;
  private final boolean resumable;
  private final long maxSeconds;
  private final long base;
  private final ArrayDeque<Unacked> unacked = new ArrayDeque<>(0);
  private int bytes;
  private long acked;

  /**
   * @param id names the session to its client
   * @param resumable the client wants to resume it
   * @param maxSeconds how long it then waits for that
   * @param base counter of the client's last stanza before it enabled stream management
   */
  public Outbox(String id, boolean resumable, long maxSeconds, long base) {
    this.id = id;
    this.resumable = resumable;
    this.maxSeconds = maxSeconds;
    this.base = base;
  }

  public String id() {
    return id;
  }

  public boolean isResumable() {
    return resumable;
  }

  public long maxSeconds() {
    return maxSeconds;
  }

  public long base() {
    return base;
  }

  /** Stanzas the client has acknowledged, over all streams of the session. */
  public long acked() {
    return acked;
  }

  /** All that was sent, acknowledged or not. */
  public long sent() {
    return acked + unacked.size();
  }

  public int size() {
    return unacked.size();
  }

  public int bytes() {
    return bytes;
  }

  public Collection<Unacked> unacked() {
    return Collections.unmodifiableCollection(unacked);
  }

  /** A stanza is being sent, or would be if the client were there. */
  public void add(Unacked stanza) {
    unacked.add(stanza);
    bytes += stanza.stanza().weight();
  }

  /**
   * The client has acknowledged so many in all, over all streams; what is known already is ignored.
   */
  public void acknowledge(long count) {
    while (acked < count && !unacked.isEmpty()) {
      bytes -= unacked.poll().stanza().weight();
      acked++;
    }
  }

  /**
   * The count that a client means by h, which wraps around (section 4); -1 when it is more than was
   * sent.
   */
  public long count(long h) {
    long more = h - acked & MODULO;
    return more > unacked.size() ? -1 : acked + more;
  }

  /** Takes over what another holder knows. */
  public void restore(long ackedCount, List<Unacked> all) {
    unacked.clear();
    bytes = 0;
    acked = ackedCount;
    all.forEach(this::add);
  }

  /** Replaces each stanza, for example by one that has a place in the log now. */
  public void replaceAll(UnaryOperator<Unacked> change) {
    List<Unacked> changed = unacked.stream().map(change).toList();
    restore(acked, changed);
  }

  /** The first id in the log that is not acknowledged, 0 when there is none. */
  public long oldestPosition() {
    for (Unacked one : unacked) {
      if (one.position() != 0) {
        return one.position();
      }
    }
    return 0;
  }
}

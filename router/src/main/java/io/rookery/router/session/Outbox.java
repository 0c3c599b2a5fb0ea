package io.rookery.router.session;

import io.rookery.protocol.wire.Unacked;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
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
   *
   * @param taken is given each stanza that was not known to be acknowledged
   */
  public void acknowledge(long count, Consumer<Unacked> taken) {
    while (acked < count && !unacked.isEmpty()) {
      Unacked first = unacked.poll();
      bytes -= first.stanza().weight();
      acked++;
      taken.accept(first);
    }
  }

  /** Whether another session's stanza waits here for an acknowledgement, too. */
  public boolean holds(Unacked stanza) {
    return unacked.stream().anyMatch(one -> isSame(one, stanza));
  }

  /** Another session of the account has taken a stanza. */
  public void takenElsewhere(Unacked stanza) {
    if (holds(stanza)) {
      replaceAll(
          one ->
              isSame(one, stanza)
                  ? new Unacked(one.stanza(), one.position(), one.origin(), true)
                  : one);
    }
  }

  private static boolean isSame(Unacked a, Unacked b) {
    return a.origin() != 0 && a.origin() == b.origin()
        || a.position() != 0 && a.position() == b.position();
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

  /** The least id in the log that nobody is known to have taken, 0 when there is none. */
  public long oldestPosition() {
    long oldest = 0;
    for (Unacked one : unacked) {
      // Not always ascending: a place in the log may be given to a stanza later.
      if (!one.shared() && one.position() != 0 && (oldest == 0 || one.position() < oldest)) {
        oldest = one.position();
      }
    }
    return oldest;
  }
}

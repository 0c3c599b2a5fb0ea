package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;
import java.util.ArrayDeque;

/**
 * XEP-0198: Stream Management, of one stream for which it is enabled. Counts and keeps what was
 * sent until the client acknowledges it, so that the account's next owner can be told; the owner
 * keeps the same for the case that this connector goes. What the client is told to be handled is
 * what its owner has made durable.
 */
final class StreamManagement {
  /** How much of h there is: it wraps around (section 4). */
  private static final long MODULO = 0xFFFFFFFFL;

  private static final int MIN_REQUEST_EVERY = 8;
  private static final int MAX_REQUEST_EVERY = 128;

  /** More than an owner has under way to the log for one account, as a rule. */
  private static final int TAKEN = 64;

  /** A client that asked waits so long for stanzas to become durable, then it is told how far. */
  private static final long ANSWER_WITHIN_MILLIS = 5000;

  private final ClientStream stream;
  private final String id;
  private final long base;
  private final ArrayDeque<Unacked> unacked = new ArrayDeque<>();
  private int unackedBytes;
  private long acked;

  /** Origin and position of each, in a ring; null before the first. */
  private long[] taken;

  private int takenNext;

  private int sinceRequest;
  private int requestEvery = MIN_REQUEST_EVERY;
  private long requestedAt;

  private long wanted;
  private long wantedAt;

  /**
   * @param id under which the session can be resumed, null when it cannot
   * @param base the stream's counter before the first stanza that counts
   * @param acked stanzas the client has received
   */
  StreamManagement(ClientStream stream, String id, long base, long acked) {
    this.stream = stream;
    this.id = id;
    this.base = base;
    this.acked = acked;
  }

  String id() {
    return id;
  }

  long acked() {
    return acked;
  }

  /** Origin and id in the log of each stanza that the client acknowledged last; 0 for none. */
  long[] taken() {
    return taken == null ? new long[0] : taken.clone();
  }

  Unacked[] unacked() {
    return Unacked.array(unacked);
  }

  /** What the client is told of the stanzas up to a counter (section 4). */
  long h(long counter) {
    return counter - base & MODULO;
  }

  // Out.

  /** A stanza is being sent; asks for an acknowledgement behind it when one is due. */
  void sent(Unacked stanza, XmlWriter w) {
    unacked.add(stanza);
    unackedBytes += stanza.stanza().weight();
    stream.loop.metrics().unacked(1);
    if (++sinceRequest >= requestEvery && requestedAt == 0) {
      request(w);
    }
  }

  /** More is waiting for the client's acknowledgement than may. */
  boolean isOverfull() {
    return unacked.size() > stream.loop.config().stream().unackedStanzas()
        || unackedBytes > stream.loop.config().stream().unackedBytes();
  }

  /** The stream is gone; what it had not delivered is the owner's matter. */
  void ended() {
    stream.loop.metrics().unacked(-unacked.size());
  }

  private void request(XmlWriter w) {
    requestedAt = stream.loop.now();
    sinceRequest = 0;
    StreamXml.empty(w, "r", Namespaces.STREAM_MANAGEMENT);
  }

  /** The client acknowledges (section 4). */
  void acknowledged(RawElement a) throws StreamException {
    long h = h(a.attribute("h"));
    long count = h - acked & MODULO;
    if (count > unacked.size()) {
      throw new StreamException(StreamError.handledCountTooHigh(h, acked + unacked.size()));
    }
    for (long i = count; i > 0; i--) {
      taken(unacked.poll());
    }
    stream.loop.metrics().unacked((int) -count);
    acked += count;
    if (requestedAt != 0) {
      // What was sent during the round trip tells how busy the stream is.
      requestEvery = Math.max(MIN_REQUEST_EVERY, Math.min(MAX_REQUEST_EVERY, 2 * sinceRequest));
      requestedAt = 0;
    }
    if (count > 0) {
      stream.toOwner(new ToRouter.ClientAcked(stream.session(), stream.number, acked));
    }
  }

  private void taken(Unacked stanza) {
    unackedBytes -= stanza.stanza().weight();
    if (stanza.origin() != 0) {
      if (taken == null) {
        taken = new long[2 * TAKEN];
      }
      taken[takenNext] = stanza.origin();
      taken[takenNext + 1] = stanza.position();
      takenNext = (takenNext + 2) % taken.length;
    }
  }

  private static long h(String text) throws StreamException {
    try {
      return Integer.parseUnsignedInt(String.valueOf(text)) & MODULO;
    } catch (NumberFormatException e) {
      throw new StreamException(StreamError.Condition.BAD_FORMAT, "h is a number");
    }
  }

  // In.

  /** The client asks how far it has been handled: the answer waits until all it sent is. */
  void requested(long counter, long handled) {
    if (handled >= counter) {
      answer(handled);
      return;
    }
    if (wanted == 0) {
      wantedAt = stream.loop.now();
    }
    wanted = counter;
    askOwner();
  }

  /** Asks the owner to report soon; once more when there is a new one. */
  void askOwner() {
    if (wanted != 0) {
      stream.toOwner(new ToRouter.AckWanted(stream.session(), stream.number, wanted));
    }
  }

  /** Stanzas up to this one are handled. */
  void handled(long counter) {
    if (wanted != 0 && counter >= wanted) {
      answer(counter);
    }
  }

  private void answer(long handled) {
    wanted = 0;
    XmlWriter w = stream.loop.writer();
    w.startTag("a")
        .attribute("xmlns", Namespaces.STREAM_MANAGEMENT)
        .attribute("h", Long.toString(h(handled)))
        .endTag("a");
    stream.loop.send(stream);
  }

  // Time.

  /**
   * To be called about once a second.
   *
   * @return how long the client has owed an acknowledgement, in milliseconds; 0 for not
   */
  long check(long now, long handled) {
    if (wanted != 0 && now - wantedAt > ANSWER_WITHIN_MILLIS) {
      answer(handled);
    }
    if (requestedAt != 0) {
      return now - requestedAt;
    }
    if (!unacked.isEmpty()) {
      ping();
    }
    return 0;
  }

  /** Asks for an acknowledgement, also to see whether the client is there. */
  void ping() {
    request(stream.loop.writer());
    stream.loop.send(stream);
  }

  // The XML of enabling and resuming (sections 3 and 5).

  static void enabled(XmlWriter w, String id, long maxSeconds) {
    w.startTag("enabled").attribute("xmlns", Namespaces.STREAM_MANAGEMENT);
    if (id != null) {
      w.attribute("id", id).attribute("resume", "true").attribute("max", Long.toString(maxSeconds));
    }
    w.endTag("enabled");
  }

  static void resumed(XmlWriter w, String id, long h) {
    w.startTag("resumed")
        .attribute("xmlns", Namespaces.STREAM_MANAGEMENT)
        .attribute("previd", id)
        .attribute("h", Long.toString(h))
        .endTag("resumed");
  }

  /**
   * @param handled what the client may be told of a session that is gone, -1 for nothing
   */
  static void failed(XmlWriter w, String condition, long handled) {
    w.startTag("failed").attribute("xmlns", Namespaces.STREAM_MANAGEMENT);
    if (handled >= 0) {
      w.attribute("h", Long.toString(handled & MODULO));
    }
    StreamXml.empty(w, condition, Namespaces.STANZA_ERRORS);
    w.endTag("failed");
  }

  /** A request to enable, from a stream that has a session. */
  static ToRouter.EnableAcks enable(Jid session, long stream, long counter, RawElement enable) {
    return new ToRouter.EnableAcks(
        session,
        stream,
        counter,
        ExtensibleSasl.isTrue(enable.attribute("resume")),
        seconds(enable.attribute("max")));
  }

  /** 0 for no wish, or one that cannot be read. */
  static long seconds(String max) {
    try {
      return max == null ? 0 : Integer.parseUnsignedInt(max) & MODULO;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** A request to resume, null when it is malformed. */
  static ToRouter.Resume resume(long stream, Jid account, String id, String h, String peer) {
    try {
      return id == null ? null : new ToRouter.Resume(stream, account, id, h(h), peer);
    } catch (StreamException e) {
      return null;
    }
  }
}

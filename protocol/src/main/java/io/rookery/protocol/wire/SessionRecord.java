package io.rookery.protocol.wire;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All of a session that its account's next owner must know, as one router writes it and another
 * reads it: part of the contract between nodes like the messages, with fields only ever added at
 * the end.
 *
 * @param token names the session over all its streams
 * @param connector loop that has the stream, null while the session waits to be resumed
 * @param stream its number there
 * @param peer the client's network address
 * @param boundAt milliseconds since 1970
 * @param waitsSince since when it waits to be resumed, milliseconds since 1970; 0 while connected;
 *     with a connector, when its owner let go of it and wrote all there is to know
 * @param presence last broadcast by the client, null while it is not available
 * @param priority of that presence
 * @param interested gets roster pushes
 * @param caughtUp has been given what waited in the mailbox
 * @param directed to whom presence was sent directly
 * @param state of extensions, by the names of their keys
 * @param id under which the session can be resumed, null without stream management
 * @param resumable whether it can be; without, acknowledgements only
 * @param maxSeconds how long it waits for that
 * @param base counter of the last stanza before stream management was enabled
 * @param handled counter of the last stanza whose effects are durable
 * @param acked stanzas the client has acknowledged
 * @param position greatest mailbox id in what was handed to it
 * @param unacked what the client has not acknowledged; none while {@code waitsSince} is 0
 * @param held what is held back while nobody looks at the client (XEP-0352); none while {@code
 *     waitsSince} is 0
 */
public record SessionRecord(
    long token,
    LoopAddress connector,
    long stream,
    String peer,
    long boundAt,
    long waitsSince,
    Stanza presence,
    int priority,
    boolean interested,
    boolean caughtUp,
    Jid[] directed,
    Map<String, String> state,
    String id,
    boolean resumable,
    long maxSeconds,
    long base,
    long handled,
    long acked,
    long position,
    Unacked[] unacked,
    Unacked[] held) {

  /** Of a session for which nothing is held back. */
  public SessionRecord(
      long token,
      LoopAddress connector,
      long stream,
      String peer,
      long boundAt,
      long waitsSince,
      Stanza presence,
      int priority,
      boolean interested,
      boolean caughtUp,
      Jid[] directed,
      Map<String, String> state,
      String id,
      boolean resumable,
      long maxSeconds,
      long base,
      long handled,
      long acked,
      long position,
      Unacked[] unacked) {
    this(
        token,
        connector,
        stream,
        peer,
        boundAt,
        waitsSince,
        presence,
        priority,
        interested,
        caughtUp,
        directed,
        state,
        id,
        resumable,
        maxSeconds,
        base,
        handled,
        acked,
        position,
        unacked,
        new Unacked[0]);
  }

  public byte[] toBytes() {
    WireWriter w = new WireWriter(512);
    w.u8(WireCodec.VERSION);
    w.number(token);
    w.address(connector);
    w.number(stream);
    w.string(peer);
    w.number(boundAt);
    w.number(waitsSince);
    w.bool(presence != null);
    if (presence != null) {
      StanzaCodec.write(w, presence);
    }
    w.u8(priority);
    w.bool(interested);
    w.bool(caughtUp);
    w.jids(directed);
    w.number(state.size());
    state.forEach(
        (key, value) -> {
          w.string(key);
          w.string(value);
        });
    w.string(id);
    w.bool(resumable);
    w.number(maxSeconds);
    w.number(base);
    w.number(handled);
    w.number(acked);
    w.number(position);
    Unacked.writeAll(w, unacked);
    Unacked.writeAll(w, held);
    return w.toByteArray();
  }

  /**
   * @throws WireFormatException when the bytes are not a record of this version
   */
  public static SessionRecord parse(byte[] bytes) {
    WireReader r = new WireReader(bytes, 0, bytes.length);
    int version = r.u8();
    if (version != WireCodec.VERSION) {
      throw new WireFormatException("session record of version " + version);
    }
    return new SessionRecord(
        r.number(),
        r.address(),
        r.number(),
        r.string(),
        r.number(),
        r.number(),
        r.bool() ? StanzaCodec.read(r) : null,
        (byte) r.u8(),
        r.bool(),
        r.bool(),
        r.jids(),
        state(r),
        r.string(),
        r.bool(),
        r.number(),
        r.number(),
        r.number(),
        r.number(),
        r.number(),
        Unacked.readAll(r),
        r.hasMore() ? Unacked.readAll(r) : new Unacked[0]);
  }

  private static Map<String, String> state(WireReader r) {
    Map<String, String> state = new LinkedHashMap<>();
    for (int i = r.count(2); i > 0; i--) {
      state.put(r.required(), r.string());
    }
    return state;
  }
}

package io.rookery.router.session;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.SessionRecord;
import io.rookery.protocol.wire.Unacked;
import io.rookery.router.extension.SessionKey;
import io.rookery.router.extension.SessionView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One session of a client, at its owner: bound to a stream, or, under stream management, waiting to
 * be resumed by another one. Lives on the owner's loop.
 */
public final class Session implements SessionView {
  /**
   * Versions of a record start at the time of binding, times this: above those of a session that
   * had the resource before, should its record have been left behind.
   */
  private static final long VERSIONS_PER_MILLI = 1L << 20;

  /** Versions of a record under one owner count below this; a new owner starts above them. */
  private static final long OWNER_STEP = 1L << 32;

  /** Whether {@link #held()} is there; in the record, should the owner go without a word. */
  private static final SessionKey<Boolean> INACTIVE = SessionKey.flag("inactive");

  private final Jid jid;
  private final long token;
  private final long boundAt;
  private LoopAddress connector;
  private long stream;
  private String peer;
  private long waitsSince;
  private Progress progress;
  private long repeatedUpTo;
  private Outbox outbox;
  private long position;
  private Map<SessionKey<?>, Object> state = Map.of();
  private Map<String, String> unread = Map.of();
  private Set<Jid> directed = Set.of();
  private Stanza presence;
  private int priority;
  private boolean interested;
  private boolean catchingUp;
  private boolean caughtUp;
  private long version;
  private Consumer<Session> watcher = session -> {};
  private boolean dirty;
  private boolean ended;
  private HeldStanzas held;
  private boolean heldLost;

  /**
   * @param token names the session over all its streams: random
   * @param connector the loop that has the stream
   * @param stream its number there
   * @param peer the client's network address
   * @param boundAt milliseconds since 1970
   */
  public Session(
      Jid jid, long token, LoopAddress connector, long stream, String peer, long boundAt) {
    this.jid = jid;
    this.token = token;
    this.connector = connector;
    this.stream = stream;
    this.peer = peer;
    this.boundAt = boundAt;
    this.progress = new Progress(0);
    this.version = boundAt * VERSIONS_PER_MILLI;
  }

  /** As another owner has recorded it. */
  public Session(Jid jid, SessionRecord record, long version) {
    this(jid, record.token(), record.connector(), record.stream(), record.peer(), record.boundAt());
    this.version = version + OWNER_STEP;
    waitsSince = record.waitsSince();
    presence = record.presence();
    priority = record.priority();
    interested = record.interested();
    caughtUp = record.caughtUp();
    directed = new HashSet<>(List.of(record.directed()));
    unread = record.state();
    position = record.position();
    progress = new Progress(record.handled());
    if (record.id() != null) {
      outbox = new Outbox(record.id(), record.resumable(), record.maxSeconds(), record.base());
      outbox.restore(record.acked(), List.of(record.unacked()));
    }
    if (get(INACTIVE)) {
      held = new HeldStanzas(jid, record.held());
      heldLost = waitsSince == 0;
    }
  }

  /** What the next owner must know. */
  public SessionRecord record() {
    Map<String, String> values = new HashMap<>(unread);
    state.forEach((key, value) -> values.put(key.name(), encoded(key, value)));
    return new SessionRecord(
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
        directed.toArray(new Jid[0]),
        values,
        outbox == null ? null : outbox.id(),
        outbox != null && outbox.isResumable(),
        outbox == null ? 0 : outbox.maxSeconds(),
        outbox == null ? 0 : outbox.base(),
        progress.handled(),
        outbox == null ? 0 : outbox.acked(),
        position,
        outbox == null || waitsSince == 0 ? new Unacked[0] : Unacked.array(outbox.unacked()),
        held == null || waitsSince == 0 ? new Unacked[0] : Unacked.array(held.stanzas()));
  }

  @SuppressWarnings("unchecked") // put() stores under a key only what has the key's type
  private static <T> String encoded(SessionKey<T> key, Object value) {
    return key.encode().apply((T) value);
  }

  /** Learns of every change of what is in the record. */
  public void watch(Consumer<Session> newWatcher) {
    watcher = newWatcher;
  }

  @Override
  public Jid jid() {
    return jid;
  }

  /** When it was bound, milliseconds since 1970. */
  public long boundAt() {
    return boundAt;
  }

  public long token() {
    return token;
  }

  /** The loop that has the stream, null while the session waits to be resumed. */
  public LoopAddress connector() {
    return connector;
  }

  public long stream() {
    return stream;
  }

  public boolean isConnected() {
    return connector != null;
  }

  /** True for messages of the session's present stream. */
  public boolean isOn(LoopAddress loop, long number) {
    return stream == number && loop.equals(connector);
  }

  @Override
  public String peer() {
    return peer;
  }

  /** The stream is gone; the session waits for the client to come back. */
  public void disconnected(long nowMillis) {
    connector = null;
    waitsSince = nowMillis;
    watcher.accept(this);
  }

  /** A stream has resumed the session. */
  public void connected(LoopAddress loop, long number, String address) {
    connector = loop;
    stream = number;
    peer = address;
    waitsSince = 0;
    watcher.accept(this);
  }

  /**
   * The owner lets go of it: the record will tell everything, in case the connector goes before the
   * next owner has asked it.
   */
  public void handOver(long nowMillis) {
    waitsSince = nowMillis;
  }

  /** From an owner that let go of it: connected then, and all is known of it as if it waited. */
  public boolean isHandedOver() {
    return connector != null && waitsSince != 0;
  }

  /** The connector of a session from another owner still has the stream. */
  public void stillConnected() {
    waitsSince = 0;
  }

  /**
   * Since when it waits to be resumed, milliseconds since 1970; 0 while connected, but for one that
   * is handed over.
   */
  public long waitsSince() {
    return waitsSince;
  }

  /** How far the client's stanzas have been handled. */
  public Progress progress() {
    return progress;
  }

  /**
   * Goes on where another owner had come to.
   *
   * @param handled counter of the client's last stanza that is known to be handled
   * @param mayBeRepeated counter of the last one that may have been handled, too
   */
  public void continueAfter(long handled, long mayBeRepeated) {
    progress = new Progress(handled);
    repeatedUpTo = mayBeRepeated;
  }

  /** True when another owner may have handled the client's stanza before. */
  public boolean mayBeRepeated(long counter) {
    return counter <= repeatedUpTo;
  }

  /** Names a stanza of the client over all repetitions; never 0. */
  public long origin(long counter) {
    long origin = token + counter;
    return origin == 0 ? 1 : origin;
  }

  /** Null unless the stream is managed (XEP-0198). */
  public Outbox outbox() {
    return outbox;
  }

  public void outbox(Outbox managed) {
    outbox = managed;
  }

  public boolean isResumable() {
    return outbox != null && outbox.isResumable();
  }

  /**
   * A stanza is handed to the client.
   *
   * @param at its id in the log, 0 when it is not there
   */
  public void handed(Stanza stanza, long at, long origin, boolean shared) {
    position = Math.max(position, at);
    if (outbox != null) {
      outbox.add(new Unacked(stanza, at, origin, shared));
    }
  }

  /** Greatest id in the log of what was handed to the client. */
  public long position() {
    return position;
  }

  public void position(long at) {
    position = Math.max(position, at);
  }

  /** What is held back while nobody looks at the client (XEP-0352); null while it is active. */
  public HeldStanzas held() {
    return held;
  }

  /** Nobody looks at the client: what it can do without for now is held back. */
  public void inactive() {
    if (held == null) {
      held = new HeldStanzas(jid);
      put(INACTIVE, true);
    }
  }

  /** The client is looked at, or has a new stream; what was held must have been sent. */
  public void active() {
    if (held != null) {
      held = null;
      put(INACTIVE, false);
    }
  }

  /** True once for a session from an owner that may have died with what it held back. */
  public boolean takeHeldLost() {
    boolean lost = heldLost;
    heldLost = false;
    return lost;
  }

  @Override
  public Stanza presence() {
    return presence;
  }

  @Override
  public int priority() {
    return priority;
  }

  /** The client is available with this presence. */
  public void available(Stanza newPresence, int newPriority) {
    presence = newPresence;
    priority = newPriority;
    watcher.accept(this);
  }

  /** The client is not available any more; a later presence is an initial one again. */
  public void unavailable() {
    presence = null;
    priority = 0;
    watcher.accept(this);
  }

  /** Takes messages addressed to the bare address (RFC 6121, section 8.5.2.1). */
  public boolean takesMessages() {
    return presence != null && priority >= 0;
  }

  /** The client has asked for the roster and so gets pushes (RFC 6121, section 2.2). */
  public boolean isInterested() {
    return interested;
  }

  public void interested() {
    interested = true;
    watcher.accept(this);
  }

  /** True the first time only: messages that waited are delivered once in a session. */
  public boolean startCatchingUp() {
    boolean first = !catchingUp && !caughtUp;
    catchingUp = true;
    return first;
  }

  /** Messages that waited have been delivered. */
  public boolean hasCaughtUp() {
    return caughtUp;
  }

  public void caughtUp() {
    caughtUp = true;
    watcher.accept(this);
  }

  /** Remembers to whom presence was sent directly (RFC 6121, section 4.6). */
  public void directedTo(Jid target) {
    if (directed.isEmpty()) {
      directed = new HashSet<>();
    }
    directed.add(target);
    watcher.accept(this);
  }

  public void undirect(Jid target) {
    if (!directed.isEmpty()) {
      directed.remove(target);
      watcher.accept(this);
    }
  }

  public Set<Jid> directed() {
    return directed;
  }

  @Override
  @SuppressWarnings("unchecked") // put() stores under a key only what has the key's type
  public <T> T get(SessionKey<T> key) {
    Object value = state.get(key);
    if (value == null && unread.containsKey(key.name())) {
      value = key.decode().apply(unread.get(key.name()));
    }
    return value == null ? key.initial() : (T) value;
  }

  public <T> void put(SessionKey<T> key, T value) {
    if (state.isEmpty()) {
      state = new HashMap<>();
    }
    state.put(key, value);
    watcher.accept(this);
  }

  // What Records keeps here.

  long nextVersion() {
    return ++version;
  }

  boolean isDirty() {
    return dirty;
  }

  void dirty(boolean is) {
    dirty = is;
  }

  void ended() {
    ended = true;
  }

  /** True once the session is over, also for those who still know it. */
  public boolean hasEnded() {
    return ended;
  }
}

package io.rookery.router.session;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.router.extension.SessionKey;
import io.rookery.router.extension.SessionView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** One bound stream of a client, at its owner. Lives on the owner's loop. */
public final class Session implements SessionView {
  private final Jid jid;
  private final LoopAddress connector;
  private final long stream;
  private final String peer;
  private final Progress progress = new Progress();
  private Map<SessionKey<?>, Object> state = Map.of();
  private Set<Jid> directed = Set.of();
  private Stanza presence;
  private int priority;
  private boolean interested;
  private boolean offlineDelivered;

  /**
   * @param connector the loop that has the stream
   * @param stream its number there
   * @param peer the client's network address
   */
  public Session(Jid jid, LoopAddress connector, long stream, String peer) {
    this.jid = jid;
    this.connector = connector;
    this.stream = stream;
    this.peer = peer;
  }

  @Override
  public Jid jid() {
    return jid;
  }

  public LoopAddress connector() {
    return connector;
  }

  public long stream() {
    return stream;
  }

  public String peer() {
    return peer;
  }

  /** How far the client's stanzas have been handled. */
  public Progress progress() {
    return progress;
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
  }

  /** The client is not available any more; a later presence is an initial one again. */
  public void unavailable() {
    presence = null;
    priority = 0;
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
  }

  /** True the first time only: messages that waited are delivered once in a session. */
  public boolean startOfflineDelivery() {
    boolean first = !offlineDelivered;
    offlineDelivered = true;
    return first;
  }

  /** Remembers to whom presence was sent directly (RFC 6121, section 4.6). */
  public void directedTo(Jid target) {
    if (directed.isEmpty()) {
      directed = new HashSet<>();
    }
    directed.add(target);
  }

  public void undirect(Jid target) {
    if (!directed.isEmpty()) {
      directed.remove(target);
    }
  }

  public Set<Jid> directed() {
    return directed;
  }

  @Override
  @SuppressWarnings("unchecked") // put() stores under a key only what has the key's type
  public <T> T get(SessionKey<T> key) {
    Object value = state.get(key);
    return value == null ? key.initial() : (T) value;
  }

  public <T> void put(SessionKey<T> key, T value) {
    if (state.isEmpty()) {
      state = new HashMap<>();
    }
    state.put(key, value);
  }
}

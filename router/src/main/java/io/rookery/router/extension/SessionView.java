package io.rookery.router.extension;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;

/** What an extension may see of a session: one bound stream of a client. */
public interface SessionView {

  /** The full address. */
  Jid jid();

  /** The network address of the client. */
  String peer();

  /** The last presence broadcast by the client, null while it is not available. */
  Stanza presence();

  /** Of the last presence, -128 to 127; 0 when the session is not available. */
  int priority();

  /** The value under the key, or its initial value. */
  <T> T get(SessionKey<T> key);

  default boolean isAvailable() {
    return presence() != null;
  }
}

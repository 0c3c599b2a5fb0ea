package io.rookery.standalone.ops;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;

/** What an administrator may do to a running service. A failed future: it cannot be done now. */
public interface Administration {

  /** Whether this is the secret that administrators of the service know. */
  Future<Boolean> admits(String token);

  /** Has an account removed, sessions and all; yields false when there is no such account. */
  Future<Boolean> removeAccount(Jid account);
}

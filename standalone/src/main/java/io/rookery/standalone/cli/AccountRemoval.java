package io.rookery.standalone.cli;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;

/** Removes an account with all data of it, wherever that is. */
public interface AccountRemoval {

  /** Yields false when there was no such account. */
  Future<Boolean> remove(Jid account);
}

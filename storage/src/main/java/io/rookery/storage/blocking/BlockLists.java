package io.rookery.storage.blocking;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;

/**
 * The block lists of users. Only the owner of the user writes, one change after the other, so the
 * whole list is written without a lightweight transaction.
 */
public interface BlockLists {

  /** {@link BlockList#NOBODY} for a user without a list. */
  Future<BlockList> load(Jid user);

  /** Replaces the list. */
  Future<Void> save(Jid user, BlockList list);

  /** Removes everything of the user (account removal). */
  Future<Void> delete(Jid user);
}

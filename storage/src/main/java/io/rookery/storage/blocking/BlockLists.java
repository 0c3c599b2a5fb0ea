package io.rookery.storage.blocking;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;

/**
 * The block lists of users. Only the owner of the user writes, one change after the other, so the
 * whole list is written without a lightweight transaction.
 */
public interface BlockLists {

  /** {@link BlockList#NOBODY} for a user without a list. */
  Future<BlockList> load(Jid user);

  /** The lists of several users, in a few requests; of those who have one. */
  Future<Map<Jid, BlockList>> of(Collection<Jid> users);

  /** Replaces the list. */
  Future<Void> save(Jid user, BlockList list);

  /** Removes everything of the user (account removal). */
  Future<Void> delete(Jid user);
}

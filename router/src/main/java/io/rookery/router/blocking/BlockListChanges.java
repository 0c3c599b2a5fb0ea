package io.rookery.router.blocking;

import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Stores;
import io.rookery.storage.blocking.BlockList;
import io.vertx.core.Future;

/** Changes block lists: in memory, where it takes effect at once, then in storage. */
public final class BlockListChanges {
  private final Stores stores;
  private final Retries retries;

  public BlockListChanges(Stores stores, Retries retries) {
    this.stores = stores;
    this.retries = retries;
  }

  /** The list of an account that may have none. */
  static BlockList of(LiveAccount account) {
    return account.blockList() == null ? BlockList.NOBODY : account.blockList();
  }

  /** Completes when the list is durable, and those before it are. */
  Future<Void> replace(LiveAccount account, BlockList list) {
    account.blockList(list);
    return account.writeBlockList(
        () ->
            retries.untilDone(
                "save block list", () -> stores.blockLists().save(account.jid(), list)));
  }
}

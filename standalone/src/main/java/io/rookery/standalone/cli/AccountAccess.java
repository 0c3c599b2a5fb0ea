package io.rookery.standalone.cli;

import io.rookery.standalone.portable.AccountStores;
import io.rookery.storage.account.Accounts;
import io.vertx.core.Future;

/** Accounts and what belongs to them, opened for one command. */
public interface AccountAccess {
  Accounts accounts();

  AccountRemoval removal();

  /** Everything that is stored of accounts. */
  AccountStores stores();

  Future<Void> close();
}

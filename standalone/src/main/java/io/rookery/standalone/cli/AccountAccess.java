package io.rookery.standalone.cli;

import io.rookery.standalone.portable.AccountStores;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.invitation.Invitations;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;

/** Accounts and what belongs to them, opened for one command. */
public interface AccountAccess {
  Accounts accounts();

  LoginTokens tokens();

  AccountRemoval removal();

  Invitations invitations();

  /** Everything that is stored of accounts. */
  AccountStores stores();

  Future<Void> close();
}

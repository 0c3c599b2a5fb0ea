package io.rookery.router.account;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.login.PasswordWork;
import io.rookery.router.sasl.Password;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes accounts and changes their passwords, for whoever may do that. */
public final class Credentials {
  private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);

  private final Accounts accounts;
  private final LoginTokens tokens;
  private final PasswordKeys keys;
  private final PasswordWork work;
  private final Clock clock;

  public Credentials(
      Accounts accounts, LoginTokens tokens, PasswordKeys keys, PasswordWork work, Clock clock) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.keys = keys;
    this.work = work;
    this.clock = clock;
  }

  /** Whether there is such an account. */
  public Future<Boolean> exist(Jid account) {
    return accounts.find(account).map(found -> found.isPresent());
  }

  /** Makes an account; yields false when there is one already. */
  public Future<Boolean> create(Jid account, Password password) {
    return exist(account)
        .compose(
            exists ->
                exists
                    ? Future.succeededFuture(false)
                    : work.run(() -> keys.derive(password))
                        .compose(
                            derived ->
                                accounts.create(new Account(account, derived, clock.instant()))));
  }

  /**
   * Changes the password; yields false when there is no such account, or an import has not finished
   * it.
   */
  public Future<Boolean> change(Jid account, Password password) {
    return accounts
        .find(account)
        .compose(
            found ->
                found.filter(Account::isComplete).isEmpty()
                    ? Future.succeededFuture(false)
                    : work.run(() -> keys.derive(password))
                        .compose(derived -> accounts.changeKeys(account, derived))
                        .onSuccess(done -> forgetTokens(account)));
  }

  /** Lets nobody log in any more, or again; yields false when there is no such account. */
  public Future<Boolean> disable(Jid account, boolean disabled) {
    return accounts.disable(account, disabled);
  }

  /** They are void with the password they were made under, so this only tidies up. */
  private void forgetTokens(Jid account) {
    tokens
        .delete(account)
        .onFailure(e -> LOG.warn("tokens of {} were not removed: {}", account, e.toString()));
  }
}

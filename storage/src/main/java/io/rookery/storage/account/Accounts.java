package io.rookery.storage.account;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The accounts of all domains. Every future fails with a technical failure only. */
public interface Accounts {

  /** Creates the account unless it exists; yields whether it was created. */
  Future<Boolean> create(Account account);

  Future<Optional<Account>> find(Jid account);

  /** Replaces the keys; yields false when there is no such account. */
  Future<Boolean> changeKeys(Jid account, Map<ScramKeys.Hash, ScramKeys> keys);

  /**
   * Adds keys of a hash function that the account lacks, for the same password.
   *
   * @param known the account as it was when its user logged in
   * @return false when its keys are not those any more: another password's keys stay alone
   */
  Future<Boolean> addKeys(Account known, ScramKeys added);

  /** Lets nobody log in any more, or again; yields false when there is no such account. */
  Future<Boolean> disable(Jid account, boolean disabled);

  /** Removes the account itself; yields false when there was none. */
  Future<Boolean> delete(Jid account);

  /**
   * Accounts of a domain in an arbitrary but stable order.
   *
   * @param after the last account of the page before, or null for the first page
   * @param limit at most this many, 1 to 1000
   */
  Future<List<Jid>> list(String domain, Jid after, int limit);
}

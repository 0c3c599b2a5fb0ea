package io.rookery.router.extension;

import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** What an extension may see of the account it works for. Valid on the account's loop only. */
public interface AccountView extends Relations {

  /** It has no stored account behind it, and ends with its sessions (XEP-0175). */
  boolean isAnonymous();

  /** The connected sessions, available or not. */
  List<? extends SessionView> sessions();

  /** Hex SHA-1 of the photo in the vCard (XEP-0153), empty for none or when it is not loaded. */
  String photo();

  /** The roster; empty when it is not loaded. */
  Collection<RosterItem> contacts();

  /** What an extension keeps with the account while it is in memory and has something to do. */
  <T> T get(AccountKey<T> key);

  /**
   * Reads or changes what is stored of the account, each when the one before is done: what a client
   * sends takes effect in the order it came, and the next owner reads what this one has written.
   *
   * @return fails with {@link io.rookery.storage.StorageOverloadedException} when too much waits
   */
  <T> Future<T> inTurn(Supplier<Future<T>> work);
}

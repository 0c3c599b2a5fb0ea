package io.rookery.router.extension;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** What an extension may see of the account it works for. Valid on the account's loop only. */
public interface AccountView {

  /** The bare address. */
  Jid jid();

  /** The connected sessions, available or not. */
  List<? extends SessionView> sessions();

  /** The roster item of a contact, null when there is none or the roster is not loaded. */
  RosterItem contact(Jid bare);

  /** The roster; empty when it is not loaded. */
  Collection<RosterItem> contacts();

  /** What an extension keeps with the account while it is in memory and has something to do. */
  <T> T get(AccountKey<T> key);

  /**
   * Does what changes the account's stored state, one after the other. Another owner takes the
   * account over only when it is done.
   *
   * @return fails with {@link io.rookery.storage.StorageOverloadedException} when too much waits
   */
  <T> Future<T> inTurn(Supplier<Future<T>> work);

  /** True when the other is the user, or has a subscription to the user's presence. */
  default boolean allowsPresenceTo(Jid other) {
    if (other.bare().equals(jid())) {
      return true;
    }
    RosterItem item = contact(other.bare());
    return item != null && item.subscription().fromContact();
  }
}

package io.rookery.router.extension;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.blocking.BlockList;
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

  /** Whom the user blocks (XEP-0191), null for nobody. Loaded with the account. */
  BlockList blockList();

  /**
   * True when the user blocks the other. Nobody can block his own devices, nor his server's own
   * address.
   */
  default boolean isBlocked(Jid other) {
    BlockList list = blockList();
    return list != null
        && list.blocks(other)
        && !other.bare().equals(jid())
        && !other.equals(jid().domainJid());
  }

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

  /** True when the other is the user, or has a subscription to the user's presence. */
  default boolean allowsPresenceTo(Jid other) {
    if (other.bare().equals(jid())) {
      return true;
    }
    RosterItem item = contact(other.bare());
    return item != null && item.subscription().fromContact();
  }
}

package io.rookery.router.extension;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.roster.RosterItem;

/** What an account is to others: enough to decide who may see what of it. */
public interface Relations {

  /** The bare address. */
  Jid jid();

  /** The roster item of a contact, null when there is none or the roster is not loaded. */
  RosterItem contact(Jid bare);

  /** Whom the user blocks (XEP-0191), null for nobody. */
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

  /** True when the other is the user, or has a subscription to the user's presence. */
  default boolean allowsPresenceTo(Jid other) {
    if (other.bare().equals(jid())) {
      return true;
    }
    RosterItem item = contact(other.bare());
    return item != null && item.subscription().fromContact();
  }
}

package io.rookery.storage.blocking;

import io.rookery.protocol.jid.Jid;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The addresses a user blocks (XEP-0191).
 *
 * @param addresses in any of the four forms: user@domain/resource, user@domain, domain/resource,
 *     domain
 */
public record BlockList(Set<Jid> addresses) {
  public static final BlockList NOBODY = new BlockList(Set.of());

  public BlockList {
    addresses = Set.copyOf(addresses);
  }

  /** Whether an entry of the list is the address, or one that stands for it (section 5). */
  public boolean blocks(Jid address) {
    return addresses.contains(address)
        || addresses.contains(address.bare())
        || addresses.contains(address.domainJid());
  }

  public boolean isEmpty() {
    return addresses.isEmpty();
  }

  public BlockList with(Collection<Jid> more) {
    Set<Jid> all = new HashSet<>(addresses);
    return all.addAll(more) ? new BlockList(all) : this;
  }

  public BlockList without(Collection<Jid> some) {
    Set<Jid> rest = new HashSet<>(addresses);
    return rest.removeAll(Set.copyOf(some)) ? new BlockList(rest) : this;
  }
}

package io.rookery.standalone.portable;

import io.rookery.protocol.jid.Jid;
import java.util.Set;
import java.util.TreeSet;

/**
 * Accounts that are to be exported or imported.
 *
 * @param users these; none for all
 * @param domains of these; none for all, or those of the users
 */
public record Selection(Set<Jid> users, Set<String> domains) {
  public Selection {
    users = Set.copyOf(users);
    domains = Set.copyOf(domains);
  }

  boolean wants(Jid account) {
    if (users.isEmpty() && domains.isEmpty()) {
      return true;
    }
    return users.contains(account) || domains.contains(account.domain());
  }

  boolean wantsAnyOf(String domain) {
    return users.isEmpty() && domains.isEmpty()
        || domains.contains(domain)
        || users.stream().anyMatch(user -> user.domain().equals(domain));
  }

  /** Whether all accounts of a domain are wanted. */
  boolean wantsAllOf(String domain) {
    return domains.contains(domain) || users.isEmpty() && domains.isEmpty();
  }

  /** The single ones of a domain, in order. */
  Set<Jid> usersOf(String domain) {
    Set<Jid> found = new TreeSet<>(users);
    found.removeIf(user -> !user.domain().equals(domain));
    return found;
  }
}

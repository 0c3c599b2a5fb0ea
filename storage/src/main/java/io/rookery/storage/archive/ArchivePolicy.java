package io.rookery.storage.archive;

import io.rookery.protocol.jid.Jid;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which of a user's messages are archived, by the other side (XEP-0441).
 *
 * @param others for addresses in neither list
 * @param always bare or full addresses
 * @param never bare or full addresses
 */
public record ArchivePolicy(Others others, Set<Jid> always, Set<Jid> never) {

  /** Everything: what an account has until it asks for something else. */
  public static final ArchivePolicy EVERYTHING =
      new ArchivePolicy(Others.ALWAYS, Set.of(), Set.of());

  /** The default of a user (XEP-0441, section 2.1.1). */
  public enum Others {
    ALWAYS,
    NEVER,
    /** Contacts of the roster. */
    ROSTER
  }

  public ArchivePolicy {
    always = Set.copyOf(always);
    never = Set.copyOf(never);
  }

  /**
   * Whether a message from or to that address is archived (section 2.3). Of an address in both
   * lists the full one counts more than the bare one.
   *
   * @param isContact asked of bare addresses, only under {@link Others#ROSTER}
   */
  public boolean archives(Jid peer, Predicate<Jid> isContact) {
    if (!always.isEmpty() || !never.isEmpty()) {
      for (Jid address : new Jid[] {peer, peer.bare()}) {
        if (never.contains(address)) {
          return false;
        }
        if (always.contains(address)) {
          return true;
        }
      }
    }
    return switch (others) {
      case ALWAYS -> true;
      case NEVER -> false;
      case ROSTER -> isContact.test(peer.bare());
    };
  }
}

package io.rookery.storage.roster;

import io.rookery.protocol.jid.Jid;
import java.util.Set;

/**
 * One contact in a roster, with the hidden parts of its subscription state (RFC 6121, appendix A).
 *
 * @param contact bare address
 * @param name handle, or null
 * @param ask a subscription request of the user's is pending ("pending out")
 * @param approved the user has pre-approved a request of the contact's (RFC 6121, section 3.4)
 * @param pendingIn the contact's request as serialized XML (the presence stanza), or null; an item
 *     in state none with nothing but this is not shown in the roster
 * @param hidden the item is not part of the roster the client sees (only pendingIn is set)
 */
public record RosterItem(
    Jid contact,
    String name,
    Subscription subscription,
    boolean ask,
    boolean approved,
    String pendingIn,
    boolean hidden,
    Set<String> groups) {

  /** The subscription attribute (RFC 6121, section 2.1.2.5). */
  public enum Subscription {
    NONE,
    TO,
    FROM,
    BOTH;

    /** The user receives the contact's presence. */
    public boolean toContact() {
      return this == TO || this == BOTH;
    }

    /** The contact receives the user's presence. */
    public boolean fromContact() {
      return this == FROM || this == BOTH;
    }
  }

  public RosterItem {
    groups = Set.copyOf(groups);
  }

  /** An item as it is before anything happened. */
  public static RosterItem none(Jid contact) {
    return new RosterItem(contact, null, Subscription.NONE, false, false, null, true, Set.of());
  }

  /** A set that keeps the given order is not promised. */
  public RosterItem withNameAndGroups(String newName, Set<String> newGroups) {
    return new RosterItem(
        contact, newName, subscription, ask, approved, pendingIn, false, newGroups);
  }
}

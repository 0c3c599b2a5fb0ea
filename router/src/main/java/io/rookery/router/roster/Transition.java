package io.rookery.router.roster;

import io.rookery.storage.roster.RosterItem;
import java.util.Optional;

/**
 * What one subscription stanza does to one roster item (RFC 6121, appendix A).
 *
 * @param next the item afterwards; to be stored when {@code changed}
 * @param forward the stanza goes on: outbound to the contact, inbound to the user's resources
 * @param push the part of the item that clients see changed: a roster push is due
 * @param reply sent to the contact in the user's name
 * @param ownPresence sent to the contact from each available resource of the user's
 */
public record Transition(
    RosterItem next,
    boolean changed,
    boolean forward,
    boolean push,
    Optional<SubscriptionType> reply,
    OwnPresence ownPresence) {

  /** What the contact learns of the user's presence. */
  public enum OwnPresence {
    NOTHING,
    /** After the approval, so that the contact already expects it (section 3.1.5). */
    CURRENT,
    /** Before the cancellation, while the contact still expects it (section 3.2.2). */
    UNAVAILABLE
  }

  /** True when nothing is left of the item: it was never in the roster and no request waits. */
  public boolean forgotten() {
    return next.hidden() && next.pendingIn() == null;
  }

  static Transition of(RosterItem item, RosterItem next) {
    boolean push = !next.hidden() && !visible(next).equals(visible(item));
    return new Transition(
        next, !next.equals(item), false, push, Optional.empty(), OwnPresence.NOTHING);
  }

  Transition forwarded() {
    return new Transition(next, changed, true, push, reply, ownPresence);
  }

  Transition replied(SubscriptionType type) {
    return new Transition(next, changed, forward, push, Optional.of(type), ownPresence);
  }

  Transition then(OwnPresence presence) {
    return new Transition(next, changed, forward, push, reply, presence);
  }

  private static RosterItem visible(RosterItem item) {
    return new RosterItem(
        item.contact(),
        item.name(),
        item.subscription(),
        item.ask(),
        item.approved(),
        null,
        item.hidden(),
        item.groups());
  }
}

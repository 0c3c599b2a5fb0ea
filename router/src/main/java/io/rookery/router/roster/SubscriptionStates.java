package io.rookery.router.roster;

import io.rookery.router.roster.Transition.OwnPresence;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.RosterItem.Subscription;
import java.util.EnumSet;
import java.util.Set;

/**
 * Presence subscriptions as a function of one roster item and one presence stanza (RFC 6121,
 * section 3 and appendix A, pre-approval of section 3.4 included). An address that is not in the
 * roster is {@link RosterItem#none}. Nothing here sends or stores.
 */
public final class SubscriptionStates {
  private SubscriptionStates() {}

  /** What the user's own client sent, addressed to the contact (appendix A.2). */
  public static Transition outbound(RosterItem item, SubscriptionType type) {
    return switch (type) {
      case SUBSCRIBE -> outboundSubscribe(item);
      case UNSUBSCRIBE -> Transition.of(item, withoutTo(item)).forwarded();
      case SUBSCRIBED -> outboundSubscribed(item);
      case UNSUBSCRIBED -> outboundUnsubscribed(item);
    };
  }

  /**
   * What came from the contact (appendix A.3).
   *
   * @param stanza the presence stanza as serialized XML, kept while a request waits for its answer
   */
  public static Transition inbound(RosterItem item, SubscriptionType type, String stanza) {
    return switch (type) {
      case SUBSCRIBE -> inboundSubscribe(item, stanza);
      case UNSUBSCRIBE -> inboundUnsubscribe(item);
      case SUBSCRIBED -> inboundSubscribed(item);
      case UNSUBSCRIBED -> inboundUnsubscribed(item);
    };
  }

  /**
   * A contact's request from a new address, which takes the place of the old one in the roster
   * (XEP-0283, section 4.4). It is approved, and the user's clients do not get to see it.
   *
   * @param old what the roster has for the old address: the new one gets its name and groups
   */
  public static Transition inboundMoved(RosterItem item, RosterItem old) {
    RosterItem named = item.hidden() ? item.withNameAndGroups(old.name(), old.groups()) : item;
    return Transition.of(item, withFrom(named))
        .replied(SubscriptionType.SUBSCRIBED)
        .then(OwnPresence.CURRENT);
  }

  /**
   * What goes to the contact, in this order, when the user removes the item (section 2.5.2). A
   * request still waiting for its answer, in either direction, ends with the item. A contact that
   * had the subscription first gets the unavailable presence of section 3.2.2.
   */
  public static Set<SubscriptionType> removal(RosterItem item) {
    Set<SubscriptionType> sent = EnumSet.noneOf(SubscriptionType.class);
    if (item.subscription().toContact() || item.ask()) {
      sent.add(SubscriptionType.UNSUBSCRIBE);
    }
    if (item.subscription().fromContact() || item.pendingIn() != null) {
      sent.add(SubscriptionType.UNSUBSCRIBED);
    }
    return sent;
  }

  /** The contact's account is no more: the approval in advance goes, too, and nothing is left. */
  public static Transition gone(RosterItem item) {
    return outboundUnsubscribed(item);
  }

  private static Transition outboundSubscribe(RosterItem item) {
    if (item.subscription().toContact()) {
      return Transition.of(item, item).forwarded();
    }
    return Transition.of(
            item, state(item, item.subscription(), true, item.approved(), item.pendingIn(), false))
        .forwarded();
  }

  private static Transition outboundSubscribed(RosterItem item) {
    if (item.subscription().fromContact()) {
      return Transition.of(item, item);
    }
    if (item.pendingIn() != null) {
      return Transition.of(item, withFrom(item)).forwarded().then(OwnPresence.CURRENT);
    }
    return Transition.of(
        item, state(item, item.subscription(), item.ask(), true, null, false)); // section 3.4.2
  }

  private static Transition outboundUnsubscribed(RosterItem item) {
    Transition cancelled = Transition.of(item, withoutFrom(item, false));
    if (item.subscription().fromContact()) {
      return cancelled.forwarded().then(OwnPresence.UNAVAILABLE);
    }
    return item.pendingIn() != null ? cancelled.forwarded() : cancelled;
  }

  private static Transition inboundSubscribe(RosterItem item, String stanza) {
    if (item.subscription().fromContact() || item.approved()) {
      // Section 3.1.3 asks for the reply only. The presence after it is for a contact whose side
      // lost the subscription: without it the contact would wait for the next change.
      return Transition.of(item, withFrom(item))
          .replied(SubscriptionType.SUBSCRIBED)
          .then(OwnPresence.CURRENT);
    }
    if (item.pendingIn() != null) {
      return Transition.of(item, item);
    }
    return Transition.of(
            item,
            state(item, item.subscription(), item.ask(), item.approved(), stanza, item.hidden()))
        .forwarded();
  }

  private static Transition inboundUnsubscribe(RosterItem item) {
    if (item.subscription().fromContact()) {
      return Transition.of(item, withoutFrom(item, item.approved()))
          .forwarded()
          .then(OwnPresence.UNAVAILABLE);
    }
    return item.pendingIn() == null
        ? Transition.of(item, item)
        : Transition.of(item, withoutFrom(item, item.approved())).forwarded();
  }

  private static Transition inboundSubscribed(RosterItem item) {
    if (!item.ask()) {
      return Transition.of(item, item);
    }
    Subscription next = subscription(true, item.subscription().fromContact());
    return Transition.of(
            item, state(item, next, false, item.approved(), item.pendingIn(), item.hidden()))
        .forwarded();
  }

  private static Transition inboundUnsubscribed(RosterItem item) {
    Transition transition = Transition.of(item, withoutTo(item));
    return transition.changed() ? transition.forwarded() : transition;
  }

  private static RosterItem withFrom(RosterItem item) {
    Subscription next = subscription(item.subscription().toContact(), true);
    return state(item, next, item.ask(), item.approved(), null, false);
  }

  private static RosterItem withoutFrom(RosterItem item, boolean approved) {
    Subscription next = subscription(item.subscription().toContact(), false);
    return state(item, next, item.ask(), approved, null, item.hidden());
  }

  private static RosterItem withoutTo(RosterItem item) {
    Subscription next = subscription(false, item.subscription().fromContact());
    return state(item, next, false, item.approved(), item.pendingIn(), item.hidden());
  }

  private static Subscription subscription(boolean to, boolean from) {
    if (to) {
      return from ? Subscription.BOTH : Subscription.TO;
    }
    return from ? Subscription.FROM : Subscription.NONE;
  }

  private static RosterItem state(
      RosterItem item,
      Subscription subscription,
      boolean ask,
      boolean approved,
      String pendingIn,
      boolean hidden) {
    return new RosterItem(
        item.contact(), item.name(), subscription, ask, approved, pendingIn, hidden, item.groups());
  }
}

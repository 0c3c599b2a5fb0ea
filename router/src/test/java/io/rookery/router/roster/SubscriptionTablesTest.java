package io.rookery.router.roster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.roster.Transition.OwnPresence;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.RosterItem.Subscription;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every row of every table of RFC 6121, appendix A, and the rules around them. */
class SubscriptionTablesTest {
  private static final Jid CONTACT = Jid.parse("juliet@capulet.example");
  private static final String REQUEST = "<presence type='subscribe'/>";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                  | MUST | None + Pending Out
          None + Pending Out    | MUST | no state change
          None + Pending In     | MUST | None + Pending Out+In
          None + Pending Out+In | MUST | no state change
          To                    | MUST | no state change
          To + Pending In       | MUST | no state change
          From                  | MUST | From + Pending Out
          From + Pending Out    | MUST | no state change
          Both                  | MUST | no state change
          """)
  void a21OutboundSubscribe(String existing, String route, String expected) {
    row(outbound(existing, SubscriptionType.SUBSCRIBE), existing, route, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                  | MUST | no state change
          None + Pending Out    | MUST | None
          None + Pending In     | MUST | no state change
          None + Pending Out+In | MUST | None + Pending In
          To                    | MUST | None
          To + Pending In       | MUST | None + Pending In
          From                  | MUST | no state change
          From + Pending Out    | MUST | From
          Both                  | MUST | From
          """)
  void a22OutboundUnsubscribe(String existing, String route, String expected) {
    row(outbound(existing, SubscriptionType.UNSUBSCRIBE), existing, route, expected);
  }

  /** The rows without a request waiting note a pre-approval (section 3.4.2). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                  | MUST NOT | no state change    | pre-approved | NOTHING
          None + Pending Out    | MUST NOT | no state change    | pre-approved | NOTHING
          None + Pending In     | MUST     | From               |              | CURRENT
          None + Pending Out+In | MUST     | From + Pending Out |              | CURRENT
          To                    | MUST NOT | no state change    | pre-approved | NOTHING
          To + Pending In       | MUST     | Both               |              | CURRENT
          From                  | MUST NOT | no state change    |              | NOTHING
          From + Pending Out    | MUST NOT | no state change    |              | NOTHING
          Both                  | MUST NOT | no state change    |              | NOTHING
          """)
  void a23OutboundSubscribed(
      String existing, String route, String expected, String approval, OwnPresence presence) {
    Transition transition = outbound(existing, SubscriptionType.SUBSCRIBED);
    row(transition, existing, route, expected);
    assertEquals(approval != null, transition.next().approved());
    assertEquals(presence, transition.ownPresence());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                  | MUST NOT | no state change    | NOTHING
          None + Pending Out    | MUST NOT | no state change    | NOTHING
          None + Pending In     | MUST     | None               | NOTHING
          None + Pending Out+In | MUST     | None + Pending Out | NOTHING
          To                    | MUST NOT | no state change    | NOTHING
          To + Pending In       | MUST     | To                 | NOTHING
          From                  | MUST     | None               | UNAVAILABLE
          From + Pending Out    | MUST     | None + Pending Out | UNAVAILABLE
          Both                  | MUST     | To                 | UNAVAILABLE
          """)
  void a24OutboundUnsubscribed(
      String existing, String route, String expected, OwnPresence presence) {
    Transition transition = outbound(existing, SubscriptionType.UNSUBSCRIBED);
    row(transition, existing, route, expected);
    assertEquals(presence, transition.ownPresence());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                  | MUST     | None + Pending In     |
          None + Pending Out    | MUST     | None + Pending Out+In |
          None + Pending In     | MUST NOT | no state change       |
          None + Pending Out+In | MUST NOT | no state change       |
          To                    | MUST     | To + Pending In       |
          To + Pending In       | MUST NOT | no state change       |
          From                  | MUST NOT | no state change       | SUBSCRIBED
          From + Pending Out    | MUST NOT | no state change       | SUBSCRIBED
          Both                  | MUST NOT | no state change       | SUBSCRIBED
          """)
  void a31InboundSubscribe(
      String existing, String deliver, String expected, SubscriptionType reply) {
    Transition transition = inbound(existing, SubscriptionType.SUBSCRIBE);
    row(transition, existing, deliver, expected);
    assertEquals(Optional.ofNullable(reply), transition.reply());
    assertFalse(transition.push());
  }

  /** The rows of A.3.1 for a contact that was approved before it asked (section 3.4.2). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None               | From
          None + Pending Out | From + Pending Out
          To                 | Both
          """)
  void a31InboundSubscribeWhenPreApproved(String existing, String expected) {
    RosterItem approved = outbound(existing, SubscriptionType.SUBSCRIBED).next();
    Transition transition =
        SubscriptionStates.inbound(approved, SubscriptionType.SUBSCRIBE, REQUEST);
    row(transition, existing, "MUST NOT", expected);
    assertEquals(Optional.of(SubscriptionType.SUBSCRIBED), transition.reply());
    assertEquals(OwnPresence.CURRENT, transition.ownPresence());
    assertTrue(transition.push());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                  | MUST NOT | no state change    | NOTHING
          None + Pending Out    | MUST NOT | no state change    | NOTHING
          None + Pending In     | MUST     | None               | NOTHING
          None + Pending Out+In | MUST     | None + Pending Out | NOTHING
          To                    | MUST NOT | no state change    | NOTHING
          To + Pending In       | MUST     | To                 | NOTHING
          From                  | MUST     | None               | UNAVAILABLE
          From + Pending Out    | MUST     | None + Pending Out | UNAVAILABLE
          Both                  | MUST     | To                 | UNAVAILABLE
          """)
  void a32InboundUnsubscribe(
      String existing, String deliver, String expected, OwnPresence presence) {
    Transition transition = inbound(existing, SubscriptionType.UNSUBSCRIBE);
    row(transition, existing, deliver, expected);
    assertEquals(presence, transition.ownPresence());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                  | MUST NOT | no state change
          None + Pending Out    | MUST     | To
          None + Pending In     | MUST NOT | no state change
          None + Pending Out+In | MUST     | To + Pending In
          To                    | MUST NOT | no state change
          To + Pending In       | MUST NOT | no state change
          From                  | MUST NOT | no state change
          From + Pending Out    | MUST     | Both
          Both                  | MUST NOT | no state change
          """)
  void a33InboundSubscribed(String existing, String deliver, String expected) {
    row(inbound(existing, SubscriptionType.SUBSCRIBED), existing, deliver, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                  | MUST NOT | no state change
          None + Pending Out    | MUST     | None
          None + Pending In     | MUST NOT | no state change
          None + Pending Out+In | MUST     | None + Pending In
          To                    | MUST     | None
          To + Pending In       | MUST     | None + Pending In
          From                  | MUST NOT | no state change
          From + Pending Out    | MUST     | From
          Both                  | MUST     | From
          """)
  void a34InboundUnsubscribed(String existing, String deliver, String expected) {
    row(inbound(existing, SubscriptionType.UNSUBSCRIBED), existing, deliver, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                  |
          None + Pending Out    | UNSUBSCRIBE
          None + Pending In     | UNSUBSCRIBED
          None + Pending Out+In | UNSUBSCRIBE UNSUBSCRIBED
          To                    | UNSUBSCRIBE
          To + Pending In       | UNSUBSCRIBE UNSUBSCRIBED
          From                  | UNSUBSCRIBED
          From + Pending Out    | UNSUBSCRIBE UNSUBSCRIBED
          Both                  | UNSUBSCRIBE UNSUBSCRIBED
          """)
  void removalEndsWhatIsLeft(String existing, String sent) {
    Set<SubscriptionType> expected = EnumSet.noneOf(SubscriptionType.class);
    for (String type : sent == null ? new String[0] : sent.split(" ")) {
      expected.add(SubscriptionType.valueOf(type));
    }
    assertEquals(expected, SubscriptionStates.removal(item(existing)));
  }

  @Test
  void cancelledPreApprovalIsPushedAndNotRouted() {
    RosterItem approved = outbound("None", SubscriptionType.SUBSCRIBED).next();
    Transition cancelled = SubscriptionStates.outbound(approved, SubscriptionType.UNSUBSCRIBED);
    assertFalse(cancelled.next().approved());
    assertTrue(cancelled.push());
    assertFalse(cancelled.forward());
  }

  @Test
  void preApprovalLastsUntilTheUserCancelsIt() {
    RosterItem approved = outbound("None", SubscriptionType.SUBSCRIBED).next();
    RosterItem from =
        SubscriptionStates.inbound(approved, SubscriptionType.SUBSCRIBE, REQUEST).next();
    assertTrue(
        SubscriptionStates.inbound(from, SubscriptionType.UNSUBSCRIBE, REQUEST).next().approved());
    assertFalse(SubscriptionStates.outbound(from, SubscriptionType.UNSUBSCRIBED).next().approved());
  }

  @Test
  void strangersRequestStaysOutOfTheRosterUntilItIsAnswered() {
    Transition asked =
        SubscriptionStates.inbound(RosterItem.none(CONTACT), SubscriptionType.SUBSCRIBE, REQUEST);
    assertTrue(asked.next().hidden());
    assertEquals(REQUEST, asked.next().pendingIn());
    assertFalse(asked.push());
    assertFalse(asked.forgotten());
    Transition accepted = SubscriptionStates.outbound(asked.next(), SubscriptionType.SUBSCRIBED);
    assertFalse(accepted.next().hidden());
    assertTrue(accepted.push());
    for (Transition refused :
        new Transition[] {
          SubscriptionStates.outbound(asked.next(), SubscriptionType.UNSUBSCRIBED),
          SubscriptionStates.inbound(asked.next(), SubscriptionType.UNSUBSCRIBE, REQUEST)
        }) {
      assertTrue(refused.forgotten());
      assertFalse(refused.push());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SubscriptionType.class,
      names = {"UNSUBSCRIBE", "UNSUBSCRIBED"})
  void leavingWhatIsNotInTheRosterCreatesNothing(SubscriptionType type) {
    Transition transition = SubscriptionStates.outbound(RosterItem.none(CONTACT), type);
    assertFalse(transition.changed());
    assertFalse(transition.push());
    assertTrue(transition.forgotten());
  }

  @Test
  void secondRequestKeepsTheFirst() {
    RosterItem asked = inbound("None", SubscriptionType.SUBSCRIBE).next();
    Transition again = SubscriptionStates.inbound(asked, SubscriptionType.SUBSCRIBE, "<other/>");
    assertEquals(asked, again.next());
  }

  @Test
  void nameAndGroupsStay() {
    RosterItem named = item("None + Pending Out").withNameAndGroups("Juliet", Set.of("Capulets"));
    RosterItem next =
        SubscriptionStates.inbound(named, SubscriptionType.SUBSCRIBED, REQUEST).next();
    assertEquals("Juliet", next.name());
    assertEquals(Set.of("Capulets"), next.groups());
  }

  private static Transition outbound(String existing, SubscriptionType type) {
    return SubscriptionStates.outbound(item(existing), type);
  }

  private static Transition inbound(String existing, SubscriptionType type) {
    return SubscriptionStates.inbound(item(existing), type, REQUEST);
  }

  /** The tables are about states, so the note of a pre-approval is compared by its own column. */
  private static void row(Transition transition, String existing, String forward, String expected) {
    String after = expected.equals("no state change") ? existing : expected;
    assertEquals(after, name(transition.next()));
    assertEquals(forward.equals("MUST"), transition.forward());
    boolean pushed =
        !withoutPendingIn(existing).equals(withoutPendingIn(after))
            || transition.next().approved() != item(existing).approved();
    assertEquals(pushed, transition.push(), "roster push");
  }

  private static String withoutPendingIn(String state) {
    return state.replace("Out+In", "Out").replace(" + Pending In", "");
  }

  private static String name(RosterItem item) {
    String subscription = item.subscription().name();
    String pending = (item.ask() ? "Out" : "") + (item.pendingIn() != null ? "+In" : "");
    return subscription.charAt(0)
        + subscription.substring(1).toLowerCase(Locale.ROOT)
        + (pending.isEmpty() ? "" : " + Pending " + pending.replaceFirst("^\\+", ""));
  }

  private static RosterItem item(String state) {
    String subscription = state.split(" ")[0].toUpperCase(Locale.ROOT);
    return new RosterItem(
        CONTACT,
        null,
        Subscription.valueOf(subscription),
        state.contains("Out"),
        false,
        state.endsWith("In") ? REQUEST : null,
        false,
        Set.of());
  }
}

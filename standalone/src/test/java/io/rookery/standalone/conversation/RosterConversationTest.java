package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Roster management (RFC 6121, section 2). */
@Conversation
class RosterConversationTest {

  @Test
  void newRosterIsEmpty(Cast given) throws Exception {
    assertEquals(List.of(), given.connected("romeo", "phone").getsRoster());
  }

  @Test
  void addedItemIsPushedToEveryInterestedResource(Cast given) throws Exception {
    Client phone = given.client("romeo", "phone");
    Client laptop = given.client("romeo", "laptop");
    Client tablet = given.connected("romeo", "tablet");
    String juliet = given.stranger("juliet").bare();
    phone.asks(
        "set",
        null,
        item("jid='" + juliet + "' name='Juliet'", "<group>Friends</group><group>Verona</group>"),
        r -> r.type("result"));
    phone.receivesPush(juliet, "none");
    laptop.receivesPush(juliet, "none");
    tablet.receivesNothing();

    Element item = tablet.rosterItem(juliet).orElseThrow();
    assertEquals("Juliet", item.attribute("name"));
    assertEquals("none", item.attribute("subscription"));
    assertEquals(Set.of("Friends", "Verona"), groups(item));
  }

  @Test
  void updateReplacesNameAndGroups(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String juliet = given.stranger("juliet").bare();
    romeo.asks("set", null, item("jid='" + juliet + "' name='A'", "<group>One</group>"));
    romeo.asks("set", null, item("jid='" + juliet + "'", "<group>Two</group>"));
    Element item = romeo.rosterItem(juliet).orElseThrow();
    assertEquals(Set.of("Two"), groups(item));
    assertTrue(item.attribute("name") == null || item.attribute("name").isEmpty());
  }

  @Test
  void subscriptionInASetIsIgnored(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String juliet = given.stranger("juliet").bare();
    romeo.asks("set", null, item("jid='" + juliet + "' subscription='both'", ""));
    assertEquals("none", romeo.rosterItem(juliet).orElseThrow().attribute("subscription"));
  }

  @Test
  void removedItemIsPushedAndGone(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String juliet = given.stranger("juliet").bare();
    romeo.asks("set", null, item("jid='" + juliet + "'", ""));
    romeo.receivesPush(juliet, "none");
    romeo.asks(
        "set", null, item("jid='" + juliet + "' subscription='remove'", ""), r -> r.type("result"));
    romeo.receivesPush(juliet, "remove");
    assertTrue(romeo.rosterItem(juliet).isEmpty());
  }

  @Test
  void removalEndsTheSubscriptionsOnBothSides(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    romeo.asks(
        "set",
        null,
        item("jid='" + juliet.bare() + "' subscription='remove'", ""),
        r -> r.type("result"));
    juliet.receives("presence", p -> p.from(romeo.bare()).type("unsubscribe"));
    juliet.receives("presence", p -> p.from(romeo.bare()).type("unsubscribed"));
    juliet.receives("presence", p -> p.from(romeo).type("unavailable"));
    romeo.receives("presence", p -> p.from(juliet).type("unavailable"));
    given.settle();
    assertEquals("none", juliet.rosterItem(romeo.bare()).orElseThrow().attribute("subscription"));
  }

  @Test
  void removingWhatIsNotThereIsItemNotFound(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "set",
        null,
        item("jid='" + given.stranger("juliet").bare() + "' subscription='remove'", ""),
        r -> r.error("item-not-found"));
    romeo.receivesNothing();
  }

  @Test
  void twoItemsInOneSetAreABadRequest(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "set",
        null,
        "<query xmlns='jabber:iq:roster'><item jid='a@b.example'/><item jid='c@d.example'/></query>",
        r -> r.error("bad-request"));
    assertEquals(List.of(), romeo.getsRoster());
  }

  @Test
  void repeatedGroupIsABadRequest(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "set",
        null,
        item("jid='juliet@b.example'", "<group>Friends</group><group>Friends</group>"),
        r -> r.error("bad-request"));
  }

  @Test
  void emptyGroupIsNotAcceptable(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "set",
        null,
        item("jid='juliet@b.example'", "<group></group>"),
        r -> r.error("not-acceptable"));
  }

  @Test
  void malformedContactIsRefused(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks("set", null, item("jid='@b.example'", ""), r -> r.type("error"));
    romeo.asks("set", null, item("name='nobody'", ""), r -> r.error("bad-request"));
  }

  @Test
  void nobodyTouchesAnotherUsersRoster(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    String query = "<query xmlns='jabber:iq:roster'/>";
    romeo.asks("get", juliet.bare(), query, r -> r.type("error"));
    romeo.asks("set", juliet.bare(), item("jid='x@y.example'", ""), r -> r.type("error"));
    juliet.receivesNothing();
    assertEquals(List.of(), juliet.getsRoster());
  }

  /** RFC 6121, section 2.6. */
  @Test
  void unchangedVersionGetsAnEmptyResult(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    assertTrue(romeo.offers("ver", "urn:xmpp:features:rosterver"));
    String juliet = given.stranger("juliet").bare();
    romeo.asks("set", null, item("jid='" + juliet + "'", ""), r -> r.type("result"));
    String pushed = version(romeo.receivesPush(juliet, "none"));
    romeo.asks(
        "get",
        null,
        "<query xmlns='jabber:iq:roster' ver='" + pushed + "'/>",
        r -> r.type("result").that("an empty result", e -> e.children().isEmpty()));
  }

  @Test
  void oldVersionGetsWhatChanged(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String juliet = given.stranger("juliet").bare();
    String nurse = given.stranger("nurse").bare();
    romeo.asks("set", null, item("jid='" + juliet + "'", ""));
    String old = version(romeo.receivesPush(juliet, "none"));
    romeo.asks("set", null, item("jid='" + nurse + "'", ""));
    String current = version(romeo.receivesPush(nurse, "none"));
    assertTrue(!old.equals(current));
    Element reply =
        romeo.asks(
            "get",
            null,
            "<query xmlns='jabber:iq:roster' ver='" + old + "'/>",
            r -> r.type("result"));
    // Either the whole roster or pushes of what changed since (section 2.6.3).
    boolean whole =
        reply.child("query", Client.ROSTER).stream()
            .anyMatch(q -> q.children("item", Client.ROSTER).size() == 2);
    if (!whole) {
      romeo.receivesPush(nurse, "none");
    }
  }

  @Test
  void emptyVersionGetsTheWholeRosterWithItsVersion(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks("set", null, item("jid='" + given.stranger("juliet").bare() + "'", ""));
    romeo.asks(
        "get",
        null,
        "<query xmlns='jabber:iq:roster' ver=''/>",
        r ->
            r.has(
                "query",
                Client.ROSTER,
                q ->
                    q.has("item", Client.ROSTER)
                        .that("a version", e -> e.attribute("ver") != null)));
  }

  private static String item(String attributes, String groups) {
    return "<query xmlns='jabber:iq:roster'><item " + attributes + ">" + groups + "</item></query>";
  }

  private static String version(Element push) {
    return push.child("query", Client.ROSTER).orElseThrow().attribute("ver");
  }

  private static Set<String> groups(Element item) {
    return item.children("group", Client.ROSTER).stream()
        .map(Element::text)
        .collect(Collectors.toSet());
  }
}

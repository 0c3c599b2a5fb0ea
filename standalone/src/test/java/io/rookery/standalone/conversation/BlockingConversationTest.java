package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0191: nothing passes between users and whom they block; XEP-0377: reports. */
@Conversation
class BlockingConversationTest {
  private static final String NS = "urn:xmpp:blocking";
  private static final String ERRORS = "urn:xmpp:blocking:errors";
  private static final String SM = "urn:xmpp:sm:3";
  private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";
  private static final String INFO = "http://jabber.org/protocol/disco#info";

  private static String command(String name, Object... addresses) {
    return Stream.of(addresses)
        .map(address -> "<item jid='" + address + "'/>")
        .collect(Collectors.joining("", "<" + name + " xmlns='" + NS + "'>", "</" + name + ">"));
  }

  private static void blocks(Client client, Object... addresses) {
    client.asks("set", null, command("block", addresses), r -> r.type("result"));
  }

  private static void unblocks(Client client, Object... addresses) {
    client.asks("set", null, command("unblock", addresses), r -> r.type("result"));
  }

  private static List<String> list(Client client) {
    Element reply = client.asks("get", null, command("blocklist"), r -> r.type("result"));
    return reply.child("blocklist", NS).orElseThrow().children("item", NS).stream()
        .map(item -> item.attribute("jid"))
        .toList();
  }

  private static void says(Client from, Object to, String text) {
    from.sends("<message to='%s' type='chat'><body>%s</body></message>", to, text);
  }

  private static void isToldThatItIsBlocked(Client client, String kind, Object other) {
    client.receives(
        kind,
        s ->
            s.from(other)
                .error("not-acceptable")
                .has("error", Client.CLIENT, e -> e.type("cancel").has("blocked", ERRORS)));
  }

  @Test
  void itIsAnnounced(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "get",
        romeo.domain(),
        "<query xmlns='" + INFO + "'/>",
        r ->
            r.has(
                "query",
                INFO,
                q ->
                    q.has("feature", INFO, f -> f.attribute("var", NS))
                        .has("feature", INFO, f -> f.attribute("var", "urn:xmpp:reporting:1"))));
  }

  @Test
  void theListIsKeptAndPushedToThoseWhoAsked(Cast given) throws Exception {
    Client phone = given.client("romeo", "phone");
    Client laptop = given.client("romeo", "laptop");
    Client tablet = given.client("romeo", "tablet");
    assertEquals(List.of(), list(phone));
    assertEquals(List.of(), list(laptop));
    blocks(phone, "tybalt@capulet.example", "paris.example");
    for (Client client : List.of(phone, laptop)) {
      client.receives(
          "iq",
          iq ->
              iq.type("set")
                  .to(client)
                  .has(
                      "block",
                      NS,
                      b ->
                          b.has("item", NS, i -> i.attribute("jid", "tybalt@capulet.example"))
                              .has("item", NS, i -> i.attribute("jid", "paris.example"))));
    }
    tablet.receivesNothing();
    assertEquals(List.of("paris.example", "tybalt@capulet.example"), list(tablet));
    unblocks(tablet, "paris.example");
    laptop.receives(
        "iq",
        iq ->
            iq.type("set")
                .has(
                    "unblock",
                    NS,
                    b -> b.has("item", NS, i -> i.attribute("jid", "paris.example"))));
    phone.leaves();
    laptop.leaves();
    tablet.leaves();
    Client again = given.client("romeo", "phone");
    assertEquals(List.of("tybalt@capulet.example"), list(again));
    unblocks(again);
    again.receives(
        "iq",
        iq -> iq.type("set").has("unblock", NS, u -> u.that("empty", e -> e.children().isEmpty())));
    assertEquals(List.of(), list(again));
  }

  @Test
  void nothingPasses(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client laptop = given.client("romeo", "laptop");
    Client tybalt = given.client("tybalt", "home");
    blocks(romeo, tybalt.bare());

    for (String type : List.of("subscribe", "probe", "unavailable")) {
      tybalt.sends("<presence to='%s' type='%s'/>", romeo.bare(), type);
    }
    tybalt.sends("<presence to='%s'/>", romeo);
    tybalt.asks("get", romeo.bare(), PING, r -> r.error("service-unavailable"));
    tybalt.asks("get", romeo, PING, r -> r.error("service-unavailable"));
    says(tybalt, romeo, "thou art a villain");
    tybalt.receives("message", m -> m.from(romeo).error("service-unavailable"));
    says(tybalt, romeo.bare(), "thou art a villain");
    tybalt.receives("message", m -> m.from(romeo.bare()).error("service-unavailable"));
    tybalt.receivesPush(romeo.bare(), "none");
    tybalt.hasNothing();
    romeo.hasNothing();

    says(romeo, tybalt, "villain am I none");
    isToldThatItIsBlocked(romeo, "message", tybalt);
    romeo.sends("<presence to='%s'/>", tybalt);
    isToldThatItIsBlocked(romeo, "presence", tybalt);
    romeo.sends("<presence to='%s' type='subscribe'/>", tybalt.bare());
    isToldThatItIsBlocked(romeo, "presence", tybalt.bare());
    Element refused = romeo.asks("get", tybalt, PING);
    romeo.expects(refused, r -> r.error("not-acceptable").from(tybalt));
    says(laptop, romeo, "own devices talk");
    romeo.receives("message", m -> m.from(laptop).body("own devices talk"));
    romeo.hasNothing();
    laptop.hasNothing();
    tybalt.hasNothing();
    assertTrue(romeo.rosterItem(tybalt.bare()).isEmpty());
  }

  @Test
  void whoIsBlockedSeesTheUserLeaveAndComeBack(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    blocks(romeo, juliet.bare());
    juliet.receives("presence", p -> p.from(romeo).type("unavailable"));
    romeo.sends("<presence><show>away</show></presence>");
    romeo.receives("presence", p -> p.from(romeo).childText("show", "away"));
    juliet.sends("<presence><show>dnd</show></presence>");
    juliet.receives("presence", p -> p.from(juliet).childText("show", "dnd"));
    says(juliet, romeo.bare(), "art thou there");
    juliet.receives("message", m -> m.from(romeo.bare()).error("service-unavailable"));
    juliet.hasNothing();
    romeo.hasNothing();

    unblocks(romeo, juliet.bare());
    juliet.receives("presence", p -> p.from(romeo).type(null).childText("show", "away"));
    romeo.receives("presence", p -> p.from(juliet).childText("show", "dnd"));
    says(juliet, romeo.bare(), "now");
    romeo.receives("message", m -> m.from(juliet).body("now"));
    assertEquals("both", romeo.rosterItem(juliet.bare()).orElseThrow().attribute("subscription"));
  }

  /** Who comes online while he is blocked sees nobody, and is not seen. */
  @Test
  void whoIsBlockedFindsNobodyThere(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    juliet.leaves();
    romeo.receives("presence", p -> p.from(juliet).type("unavailable"));
    blocks(romeo, juliet.bare());
    Client again = given.connected("juliet", "balcony");
    again.getsRoster();
    again.sends("<presence/>");
    again.receives("presence", p -> p.from(again));
    again.asks("get", romeo, PING, r -> r.error("service-unavailable"));
    again.hasNothing();
    romeo.hasNothing();
  }

  @Test
  void aBlockHoldsWhileTheUserIsAway(Cast given) throws Exception {
    Client tybalt = given.client("tybalt", "home");
    Client romeo = given.client("romeo", "phone");
    romeo.sends("<presence type='unavailable'/>");
    says(tybalt, romeo.bare(), "kept before the block");
    tybalt.asks("get", romeo.bare(), PING); // the message has come to romeo's owner
    blocks(romeo, tybalt.bare());
    romeo.leaves();
    says(tybalt, romeo.bare(), "not kept");
    tybalt.receives("message", m -> m.from(romeo.bare()).error("service-unavailable"));

    Client again = given.connected("romeo", "phone");
    again.sends("<presence/>");
    again.receives("presence", p -> p.from(again));
    again.hasNothing();
    unblocks(again);
    says(tybalt, again, "at last");
    again.receivesNext("message", m -> m.body("at last"));
  }

  /** XEP-0198: the wish for pushes, and pushes, survive the connection. */
  @Test
  void aResumedSessionHasMissedNoChange(Cast given) throws Exception {
    Client phone = given.client("romeo", "phone");
    Client laptop = given.client("romeo", "laptop");
    laptop.sends("<enable xmlns='%s' resume='true'/>", SM);
    Element enabled = laptop.receives("enabled", e -> {});
    assertEquals(List.of(), list(laptop));
    laptop.close();
    blocks(phone, "paris.example");
    Client again = given.authenticated("romeo");
    again.sends("<resume xmlns='%s' previd='%s' h='1'/>", SM, enabled.attribute("id"));
    again.receives("resumed", e -> {});
    again.isNow(laptop);
    again.receives("iq", iq -> iq.type("set").has("block", NS));
    unblocks(phone);
    again.receives("iq", iq -> iq.type("set").has("unblock", NS));
  }

  @ParameterizedTest
  @CsvSource({
    "<block xmlns='urn:xmpp:blocking'/>, bad-request",
    "<block xmlns='urn:xmpp:blocking'><item/></block>, bad-request",
    "<block xmlns='urn:xmpp:blocking'><item jid='@x'/></block>, jid-malformed",
    "<unblock xmlns='urn:xmpp:blocking'><item jid=''/></unblock>, jid-malformed",
  })
  void nonsenseIsRefused(String command, String condition, Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks("set", null, command, r -> r.error(condition));
    assertEquals(List.of(), list(romeo));
  }

  @Test
  void othersListsAreNobodysBusiness(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String juliet = given.user("juliet").bare();
    romeo.asks("get", juliet, command("blocklist"), r -> r.error("service-unavailable"));
    romeo.asks("set", juliet, command("block", "a.example"), r -> r.error("service-unavailable"));
  }

  /** XEP-0377. */
  @Test
  void aBlockMayCarryAReport(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "set",
        null,
        "<block xmlns='urn:xmpp:blocking'><item jid='tybalt@capulet.example'>"
            + "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'>"
            + "<stanza-id xmlns='urn:xmpp:sid:0' by='romeo@x.example' id='1'/>"
            + "<text xml:lang='en'>Never came trouble like this.</text></report></item></block>",
        r -> r.type("result"));
    assertEquals(List.of("tybalt@capulet.example"), list(romeo));
  }
}

package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** XEP-0494: who has access to an account, and who has it no more. */
@Conversation
class ClientAccessConversationTest {
  private static final String CAM = "urn:xmpp:cam:0";
  private static final String FAST = "urn:xmpp:fast:0";
  private static final String SM = "urn:xmpp:sm:3";
  private static final String NONE = "HT-SHA-256-NONE";
  private static final String LIST = "<list xmlns='urn:xmpp:cam:0'/>";
  private static final String AGENT =
      "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>Lute</software>"
          + "<device>Romeo's telephone</device></user-agent>";
  private static final String BIND = "<bind xmlns='urn:xmpp:bind:0'/>";
  private static final String MANAGED =
      "<bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>";
  private static final String WISH =
      "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>";
  private static final String USE = "<fast xmlns='urn:xmpp:fast:0'/>";

  private static List<Element> clients(Client asking) {
    Element reply = asking.asks("get", null, LIST, r -> r.type("result"));
    return reply.child("clients", CAM).orElseThrow().children("client", CAM);
  }

  private static Element phone(Client asking) {
    return clients(asking).stream()
        .filter(one -> one.child("user-agent").isPresent())
        .findFirst()
        .orElseThrow();
  }

  private static boolean has(Element client, String means) {
    return client.child("auth").orElseThrow().child(means).isPresent();
  }

  private static String revoke(Element client) {
    return "<revoke xmlns='urn:xmpp:cam:0' id='" + client.attribute("id") + "'/>";
  }

  private static String token(Element success) {
    return success.child("token", FAST).orElseThrow().attribute("token");
  }

  private static void isRefused(Cast given, String token) throws Exception {
    Element outcome =
        given.secured("romeo").triesToken(given.user("romeo"), NONE, token, AGENT + USE + BIND);
    assertTrue(outcome.is("failure", Client.SASL_2), outcome::toString);
    assertTrue(outcome.child("not-authorized", Client.SASL).isPresent(), outcome::toString);
  }

  @Test
  void clientsAreListed(Cast given) throws Exception {
    Client laptop = given.connected("romeo", "laptop");
    Client phone = given.secured("romeo");
    phone.logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, AGENT + WISH + BIND);
    given.connected("juliet", "balcony");
    assertEquals(2, clients(laptop).size());
    Element listed = phone(laptop);
    assertEquals("true", listed.attribute("connected"));
    assertEquals("session", listed.attribute("type"));
    assertTrue(has(listed, "password"));
    assertTrue(has(listed, "fast"));
    assertEquals("unrestricted", listed.child("permission").orElseThrow().attribute("status"));
    Element agent = listed.child("user-agent").orElseThrow();
    assertEquals("Lute", agent.child("software").orElseThrow().text());
    assertEquals("Romeo's telephone", agent.child("device").orElseThrow().text());
    for (String seen : new String[] {"first-seen", "last-seen"}) {
      Instant at = Instant.parse(listed.child(seen).orElseThrow().text());
      assertTrue(at.isAfter(Instant.now().minusSeconds(600)), listed::toString);
    }
    phone.leaves();
    assertEquals("false", phone(laptop).attribute("connected"));
    assertEquals(listed.attribute("id"), phone(laptop).attribute("id"));
  }

  @Test
  void revokingEndsSessionAndTokenForGood(Cast given) throws Exception {
    Client laptop = given.connected("romeo", "laptop");
    Client phone = given.secured("romeo");
    Element success =
        phone.logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, AGENT + WISH + MANAGED);
    String token = token(success);
    String id =
        success
            .child("bound", "urn:xmpp:bind:0")
            .flatMap(b -> b.child("enabled", SM))
            .orElseThrow()
            .attribute("id");
    laptop.asks(
        "set",
        null,
        revoke(phone(laptop)),
        r ->
            r.type("error")
                .has(
                    "error",
                    Client.CLIENT,
                    e ->
                        e.type("cancel")
                            .has("service-unavailable", Client.STANZA_ERRORS)
                            .has("password-reset-required", CAM)));
    phone.receivesStreamError("not-authorized");
    isRefused(given, token);
    assertFalse(has(phone(laptop), "fast"));
    assertTrue(has(phone(laptop), "password")); // which nobody can take from it
    Client thief = given.secured("romeo");
    Element again =
        thief.logsIn(
            given.user("romeo"),
            Mechanism.SCRAM_SHA_1,
            "<resume xmlns='urn:xmpp:sm:3' previd='" + id + "' h='0'/>");
    assertTrue(again.child("failed", SM).isPresent());
    given.service().restart();
    isRefused(given, token);
  }

  @Test
  void aSessionThatWaitsIsEndedToo(Cast given) throws Exception {
    Client laptop = given.connected("romeo", "laptop");
    Client phone = given.secured("romeo");
    String token =
        token(phone.logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, AGENT + WISH + MANAGED));
    phone.close();
    assertEquals("true", phone(laptop).attribute("connected")); // it may be resumed
    laptop.asks("set", null, revoke(phone(laptop)), r -> r.type("error"));
    assertEquals("false", phone(laptop).attribute("connected"));
    isRefused(given, token);
  }

  @Test
  void anotherPasswordTakesAccessFromThoseWhoDoNotKnowIt(Cast given) throws Exception {
    Client laptop = given.connected("romeo", "laptop");
    Client phone = given.secured("romeo");
    phone.logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, AGENT + WISH + BIND);
    phone.leaves();
    Client tablet = given.secured("romeo");
    tablet.logsIn(
        given.user("romeo"),
        Mechanism.SCRAM_SHA_1,
        AGENT.replace("d4565fa7", "00000000").replace("telephone", "tablet") + BIND);
    assertEquals(3, clients(laptop).size());
    tablet.asks(
        "set",
        null,
        "<query xmlns='jabber:iq:register'><username>"
            + given.user("romeo").localpart()
            + "</username><password>another</password></query>",
        r -> r.type("result"));
    for (int i = 0; i < 100 && clients(laptop).size() > 2; i++) {
      laptop.hasNothing(); // the old tokens go meanwhile
    }
    assertEquals(2, clients(laptop).size());
    assertTrue(has(phone(laptop), "password"), "the tablet's, which has chosen it");
  }

  @Test
  void aClientMayRevokeItself(Cast given) throws Exception {
    Client phone = given.secured("romeo");
    phone.logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, AGENT + BIND);
    phone.asks("set", null, revoke(phone(phone)), r -> r.type("error"));
    phone.receivesStreamError("not-authorized");
  }

  @Test
  void whoIsNotKnownCannotBeRevoked(Cast given) throws Exception {
    Client romeo = given.connected("romeo", "laptop");
    Client juliet = given.connected("juliet", "balcony");
    String hers = revoke(clients(juliet).get(0));
    romeo.asks("set", null, hers, r -> r.type("error").error("item-not-found"));
    romeo.asks(
        "set", null, "<revoke xmlns='urn:xmpp:cam:0'/>", r -> r.type("error").error("bad-request"));
    for (Object target : new Object[] {juliet.bare(), given.service().domain()}) {
      romeo.asks("get", target, LIST, r -> r.type("error"));
      romeo.asks("set", target, hers, r -> r.type("error"));
    }
    juliet.hasNothing();
    assertEquals(1, clients(juliet).size());
  }
}

package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Delivery of messages: every cell of the table in RFC 6121, section 8.5.4, and around it. */
@Conversation
class MessageConversationTest {

  /** What becomes of a message; the letters of the RFC's table are in brackets. */
  private enum Outcome {
    /** At the addressed or only resource (D). */
    DELIVERED,
    /** At the resource with the highest priority (M), or at all (A). */
    MOST_AVAILABLE,
    ALL,
    /** Kept until the user is back (O). */
    KEPT,
    /** Answered with service-unavailable (E). */
    REFUSED,
    /** Dropped without a word, or refused (S). */
    NOT_DELIVERED,
    /** Dropped without a word. */
    IGNORED
  }

  @Test
  void chatBothWays(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends("<message to='%s' type='chat' id='m1'><body>hi</body></message>", juliet.bare());
    juliet.receives(
        "message", m -> m.from(romeo).to(juliet.bare()).id("m1").type("chat").body("hi"));
    juliet.sends("<message to='%s' type='chat' id='m2'><body>ho</body></message>", romeo);
    romeo.receives("message", m -> m.from(juliet).to(romeo).id("m2").type("chat").body("ho"));
    romeo.receivesNothing();
    juliet.receivesNothing();
  }

  @Test
  void contentArrivesAsItWasSent(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends(
        "<message to='%s' xml:lang='it' type='chat'><body>&lt;3 &amp; \uD83D\uDE00 <![CDATA[<x>]]></body>"
            + "<x:extra xmlns:x='urn:rookery:test:extra' x:kind='a\"b'><x:deep xmlns=''/></x:extra>"
            + "</message>",
        juliet);
    Element message = juliet.receives("message", m -> m.from(romeo).body("<3 & \uD83D\uDE00 <x>"));
    Element extra = message.child("extra", "urn:rookery:test:extra").orElseThrow();
    assertTrue(extra.attributes().containsValue("a\"b"));
    assertTrue(extra.child("deep").isPresent());
    assertTrue(message.attributes().containsValue("it"));
  }

  @Test
  void messagesOfOneSenderKeepTheirOrder(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    for (int i = 0; i < 200; i++) {
      String address = i % 3 == 0 ? juliet.bare() : juliet.toString();
      romeo.sends("<message to='%s' type='chat'><body>%s</body></message>", address, i);
    }
    for (int i = 0; i < 200; i++) {
      String expected = Integer.toString(i);
      juliet.receivesNext("message", m -> m.body(expected));
    }
  }

  @Test
  void messageWithoutAddressIsForOneself(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.sends("<message type='chat'><body>note</body></message>");
    romeo.receives("message", m -> m.from(romeo).body("note"));
  }

  @ParameterizedTest
  @CsvSource({
    "normal,    bare, NOT_DELIVERED",
    "chat,      bare, NOT_DELIVERED",
    "groupchat, bare, REFUSED",
    "headline,  bare, NOT_DELIVERED",
    "error,     bare, IGNORED",
    "normal,    full, NOT_DELIVERED",
    "chat,      full, NOT_DELIVERED",
    "groupchat, full, NOT_DELIVERED",
    "headline,  full, NOT_DELIVERED",
    "error,     full, IGNORED",
  })
  void accountDoesNotExist(String type, String address, Outcome outcome, Cast given)
      throws Exception {
    Client romeo = given.client("romeo", "phone");
    String nobody = given.stranger("nobody").bare();
    sends(romeo, address.equals("bare") ? nobody : nobody + "/phone", type);
    expectReply(romeo, outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "normal,    bare,     KEPT",
    "chat,      bare,     KEPT",
    "groupchat, bare,     REFUSED",
    "headline,  bare,     NOT_DELIVERED",
    "error,     bare,     IGNORED",
    "normal,    no match, NOT_DELIVERED",
    "chat,      no match, KEPT",
    "groupchat, no match, NOT_DELIVERED",
    "headline,  no match, NOT_DELIVERED",
    "error,     no match, IGNORED",
  })
  void noResource(String type, String address, Outcome outcome, Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String juliet = given.user("juliet").bare();
    sends(romeo, address.equals("bare") ? juliet : juliet + "/gone", type);
    expectReply(romeo, outcome);
    expectKept(given, outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "normal,    bare,     KEPT",
    "chat,      bare,     KEPT",
    "groupchat, bare,     REFUSED",
    "headline,  bare,     NOT_DELIVERED",
    "error,     bare,     IGNORED",
    "normal,    match,    DELIVERED",
    "chat,      match,    DELIVERED",
    "groupchat, match,    DELIVERED",
    "headline,  match,    DELIVERED",
    "error,     match,    DELIVERED",
    "normal,    no match, NOT_DELIVERED",
    "chat,      no match, KEPT",
    "groupchat, no match, NOT_DELIVERED",
    "headline,  no match, NOT_DELIVERED",
    "error,     no match, IGNORED",
  })
  void onlyANegativeResource(String type, String address, Outcome outcome, Cast given)
      throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "car", -1);
    sends(romeo, address(juliet, address), type);
    expectReply(romeo, outcome);
    if (outcome == Outcome.DELIVERED) {
      juliet.receives("message", m -> m.from(romeo).body("which"));
    }
    juliet.receivesNothing();
    expectKept(given, outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "normal,    bare,     DELIVERED",
    "chat,      bare,     DELIVERED",
    "groupchat, bare,     REFUSED",
    "headline,  bare,     DELIVERED",
    "error,     bare,     IGNORED",
    "normal,    match,    DELIVERED",
    "chat,      match,    DELIVERED",
    "groupchat, match,    DELIVERED",
    "headline,  match,    DELIVERED",
    "error,     match,    DELIVERED",
    "normal,    no match, NOT_DELIVERED",
    "chat,      no match, DELIVERED",
    "groupchat, no match, NOT_DELIVERED",
    "headline,  no match, NOT_DELIVERED",
    "error,     no match, IGNORED",
  })
  void oneResource(String type, String address, Outcome outcome, Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    sends(romeo, address(juliet, address), type);
    expectReply(romeo, outcome);
    if (outcome == Outcome.DELIVERED) {
      juliet.receives("message", m -> m.from(romeo).body("which"));
    }
    juliet.receivesNothing();
  }

  /** The balcony has the higher priority; the car's is negative. */
  @ParameterizedTest
  @CsvSource({
    "normal,    bare,     MOST_AVAILABLE",
    "chat,      bare,     MOST_AVAILABLE",
    "groupchat, bare,     REFUSED",
    "headline,  bare,     ALL",
    "error,     bare,     IGNORED",
    "normal,    match,    DELIVERED",
    "chat,      match,    DELIVERED",
    "groupchat, match,    DELIVERED",
    "headline,  match,    DELIVERED",
    "error,     match,    DELIVERED",
    "normal,    no match, NOT_DELIVERED",
    "chat,      no match, MOST_AVAILABLE",
    "groupchat, no match, NOT_DELIVERED",
    "headline,  no match, NOT_DELIVERED",
    "error,     no match, IGNORED",
  })
  void severalResources(String type, String address, Outcome outcome, Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client balcony = given.client("juliet", "balcony", 5);
    Client garden = given.client("juliet", "garden", 1);
    Client car = given.client("juliet", "car", -1);
    sends(romeo, address(garden, address), type);
    expectReply(romeo, outcome);
    if (outcome == Outcome.DELIVERED) {
      garden.receives("message", m -> m.from(romeo).body("which"));
      balcony.receivesNothing();
    }
    if (outcome == Outcome.MOST_AVAILABLE || outcome == Outcome.ALL) {
      balcony.receives("message", m -> m.from(romeo).body("which"));
    }
    if (outcome == Outcome.ALL) {
      garden.receives("message", m -> m.from(romeo).body("which"));
    }
    if (outcome != Outcome.MOST_AVAILABLE) {
      // The RFC lets a service send to every resource that is not negative here.
      garden.receivesNothing();
      balcony.receivesNothing();
    }
    car.receivesNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"normal", "chat"})
  void equalPrioritiesBothReceive(String type, Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client balcony = given.client("juliet", "balcony", 1);
    Client garden = given.client("juliet", "garden", 1);
    sends(romeo, balcony.bare(), type);
    balcony.receives("message", m -> m.from(romeo).body("which"));
    garden.receives("message", m -> m.from(romeo).body("which"));
  }

  @Test
  void unavailableResourceIsReachedByItsFullAddressOnly(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.connected("juliet", "balcony");
    sends(romeo, juliet.toString(), "chat");
    juliet.receives("message", m -> m.from(romeo).body("which"));
    sends(romeo, juliet.bare(), "headline");
    juliet.receivesNothing();
  }

  @Test
  void unknownTypeIsNormal(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    sends(romeo, juliet.bare(), "shouted");
    juliet.receives("message", m -> m.from(romeo).body("which"));
  }

  private static void sends(Client sender, String to, String type) {
    String error =
        type.equals("error")
            ? "<error type='cancel'><gone xmlns='" + Client.STANZA_ERRORS + "'/></error>"
            : "";
    sender.sends(
        "<message to='%s' type='%s' id='which'><body>which</body>%s</message>", to, type, error);
  }

  private static String address(Client juliet, String address) {
    return switch (address) {
      case "bare" -> juliet.bare();
      case "match" -> juliet.toString();
      default -> juliet.bare() + "/gone";
    };
  }

  private static void expectReply(Client sender, Outcome outcome) {
    if (outcome == Outcome.REFUSED) {
      sender.receives("message", m -> m.id("which").error("service-unavailable"));
    }
    List<Element> replies = sender.settles();
    if (outcome == Outcome.NOT_DELIVERED) {
      assertTrue(replies.size() <= 1, replies::toString);
      replies.forEach(r -> sender.expects(r, m -> m.id("which").error("service-unavailable")));
    } else {
      assertTrue(replies.isEmpty(), replies::toString);
    }
  }

  private static void expectKept(Cast given, Outcome outcome) throws Exception {
    Client back = given.connected("juliet", "back");
    back.sends("<presence/>");
    back.receives("presence", p -> p.from(back));
    if (outcome == Outcome.KEPT) {
      back.receives("message", m -> m.body("which").has("delay", "urn:xmpp:delay"));
    }
    List<Element> rest =
        back.settles().stream().filter(e -> e.localName().equals("message")).toList();
    assertTrue(rest.isEmpty(), rest::toString);
  }
}

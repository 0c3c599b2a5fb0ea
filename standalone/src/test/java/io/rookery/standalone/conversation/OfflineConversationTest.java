package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages for users who are away (XEP-0160, XEP-0203). */
@Conversation
class OfflineConversationTest {
  private static final String DELAY = "urn:xmpp:delay";

  @Test
  void keptMessagesArriveInOrderWithTheirTime(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Account juliet = given.user("juliet");
    Instant before = Instant.now();
    for (int i = 0; i < 50; i++) {
      romeo.sends(
          "<message to='%s' type='chat' id='o%s'><body>%s</body></message>", juliet.bare(), i, i);
    }
    romeo.receivesNothing();
    Instant after = Instant.now();

    Client balcony = given.connected("juliet", "balcony");
    balcony.sends("<presence/>");
    for (int i = 0; i < 50; i++) {
      String number = Integer.toString(i);
      Element message =
          balcony.receivesNext(
              "message",
              m ->
                  m.from(romeo)
                      .id("o" + number)
                      .type("chat")
                      .body(number)
                      .has("delay", DELAY, d -> d.from(juliet.domain())));
      Instant stamp = stamp(message);
      // XEP-0082 times may be whole seconds.
      assertTrue(!stamp.isBefore(before.minusSeconds(1)), stamp + " before " + before);
      assertTrue(!stamp.isAfter(after.plusSeconds(1)), stamp + " after " + after);
    }
  }

  @Test
  void keptMessagesArriveOnce(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Account juliet = given.user("juliet");
    romeo.sends("<message to='%s' type='chat'><body>once</body></message>", juliet.bare());
    romeo.receivesNothing();
    Client balcony = given.connected("juliet", "balcony");
    balcony.sends("<presence/>");
    balcony.receives("message", m -> m.body("once"));
    balcony.leaves();
    Client garden = given.connected("juliet", "garden");
    garden.sends("<presence/>");
    garden.receives("presence", p -> p.from(garden));
    garden.receivesNothing();
  }

  /** What comes while a client leaves in order has either been handed to it, or waits. */
  @Test
  void nothingIsLostWhileAClientLeaves(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    int messages = 400;
    for (int i = 0; i < messages; i++) {
      romeo.sends("<message to='%s' type='chat'><body>%d</body></message>", juliet.bare(), i);
      if (i == messages / 2) {
        juliet.sends("</stream:stream>");
      }
    }
    List<String> bodies = new ArrayList<>(bodies(juliet.hasLeft()));
    romeo.settles();
    Client garden = given.connected("juliet", "garden");
    garden.sends("<presence/>");
    garden.receives("message", m -> m.body(Integer.toString(messages - 1)));
    bodies.addAll(bodies(garden.settles()));
    bodies.add(Integer.toString(messages - 1));
    assertEquals(
        IntStream.range(0, messages).mapToObj(Integer::toString).toList(),
        bodies,
        "in order, none twice");
  }

  private static List<String> bodies(List<Element> stanzas) {
    return stanzas.stream()
        .flatMap(stanza -> stanza.child("body", "jabber:client").stream())
        .map(Element::text)
        .toList();
  }

  @Test
  void negativeResourceDoesNotFetchThem(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Account juliet = given.user("juliet");
    romeo.sends("<message to='%s' type='chat'><body>later</body></message>", juliet.bare());
    romeo.receivesNothing();
    Client car = given.connected("juliet", "car");
    car.sends("<presence><priority>-1</priority></presence>");
    car.receives("presence", p -> p.from(car));
    car.receivesNothing();
    car.sends("<presence><priority>0</priority></presence>");
    car.receives("message", m -> m.body("later").has("delay", DELAY));
  }

  @Test
  void boundButUnavailableIsAway(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.connected("juliet", "balcony");
    romeo.sends("<message to='%s' type='chat'><body>later</body></message>", juliet.bare());
    romeo.receivesNothing();
    juliet.receivesNothing();
    juliet.sends("<presence/>");
    juliet.receives("message", m -> m.body("later").has("delay", DELAY));
  }

  /** Neither a session that never becomes available nor one that takes no messages loses them. */
  @Test
  void sessionsThatFetchNothingLoseNothing(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Account juliet = given.user("juliet");
    romeo.sends("<message to='%s' type='chat'><body>one</body></message>", juliet.bare());
    romeo.receivesNothing();
    Client car = given.connected("juliet", "car");
    car.sends("<presence><priority>-1</priority></presence>");
    car.receives("presence", p -> p.from(car));
    romeo.sends("<message to='%s' type='chat'><body>two</body></message>", juliet.bare());
    car.receivesNothing();
    car.leaves();
    given.connected("juliet", "car").leaves();
    Client balcony = given.connected("juliet", "balcony");
    balcony.sends("<presence/>");
    balcony.receivesNext("message", m -> m.body("one"));
    balcony.receivesNext("message", m -> m.body("two"));
  }

  @Test
  void keptMessagesSurviveARestart(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Account juliet = given.user("juliet");
    romeo.sends("<message to='%s' type='chat'><body>patience</body></message>", juliet.bare());
    romeo.receivesNothing();
    romeo.leaves();
    given.service().restart();
    Client balcony = given.connected("juliet", "balcony");
    balcony.sends("<presence/>");
    balcony.receives("message", m -> m.body("patience").has("delay", DELAY));
  }

  /** Messages before the restart were online ones: they must not be delivered a second time. */
  @Test
  void deliveredMessagesDoNotComeBackAfterARestart(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends("<message to='%s' type='chat'><body>now</body></message>", juliet.bare());
    juliet.receives("message", m -> m.body("now"));
    juliet.leaves();
    romeo.leaves();
    given.service().restart();
    Client again = given.connected("juliet", "balcony");
    again.sends("<presence/>");
    again.receives("presence", p -> p.from(again));
    again.receivesNothing();
  }

  private static Instant stamp(Element message) {
    Element delay = message.child("delay", DELAY).orElseThrow();
    Instant stamp = OffsetDateTime.parse(delay.attribute("stamp")).toInstant();
    assertTrue(Duration.between(stamp, Instant.now()).abs().toMinutes() < 5);
    return stamp;
  }
}

package io.rookery.standalone.conversation;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** XEP-0163, with the filter of XEP-0115: Romeo's two devices, a contact of his, and a stranger. */
@Conversation
class PersonalEventingConversationTest {
  private static final String PUBSUB = "http://jabber.org/protocol/pubsub";
  private static final String EVENT = PUBSUB + "#event";
  private static final String ERRORS = PUBSUB + "#errors";
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String TUNE = "http://jabber.org/protocol/tune";
  private static final String BOOKMARKS = "urn:xmpp:bookmarks:1";
  private static final String WHITELIST =
      "<publish-options><x xmlns='jabber:x:data' type='submit'>"
          + "<field var='FORM_TYPE' type='hidden'><value>"
          + PUBSUB
          + "#publish-options</value></field>"
          + field("persist_items", "true")
          + field("max_items", "max")
          + field("send_last_published_item", "never")
          + field("access_model", "whitelist")
          + "</x></publish-options>";

  private static String field(String name, String value) {
    return "<field var='pubsub#" + name + "'><value>" + value + "</value></field>";
  }

  /** Says what it is interested in, and answers when it is asked. */
  static void becomesInterested(Client client, String ver, String... nodes) {
    client.sends(
        "<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:test'"
            + (" ver='" + ver + "'/></presence>"));
    Element question =
        client.receives("iq", iq -> iq.type("get").from(client.bare()).has("query", INFO));
    StringBuilder features = new StringBuilder();
    for (String node : nodes) {
      features.append("<feature var='").append(node).append("+notify'/>");
    }
    client.sends(
        "<iq type='result' id='%s' to='%s'><query xmlns='%s' node='urn:test#%s'>%s</query></iq>",
        question.attribute("id"), client.bare(), INFO, ver, features);
  }

  private static String publish(String node, String id, String payload, String options) {
    return "<pubsub xmlns='%s'><publish node='%s'><item id='%s'>%s</item></publish>%s</pubsub>"
        .formatted(PUBSUB, node, id, payload, options);
  }

  private static String tune(String title) {
    return publish(
        TUNE, "current", "<tune xmlns='" + TUNE + "'><title>" + title + "</title></tune>", "");
  }

  private static String bookmark(String room, String options) {
    return publish(BOOKMARKS, room, "<conference xmlns='" + BOOKMARKS + "'/>", options);
  }

  private static String items(String node) {
    return "<pubsub xmlns='" + PUBSUB + "'><items node='" + node + "'/></pubsub>";
  }

  private static Consumer<Expectation> event(
      Client from, Client to, String node, Consumer<Expectation> content) {
    return message ->
        message
            .from(from.bare())
            .to(to)
            .type("headline")
            .has(
                "event",
                EVENT,
                e -> e.has("items", EVENT, i -> content.accept(i.attribute("node", node))));
  }

  private static Consumer<Expectation> title(String title) {
    return items ->
        items.has(
            "item", EVENT, i -> i.has("tune", TUNE, t -> t.has("title", TUNE, x -> x.text(title))));
  }

  private static Expectation refusal(Expectation reply, String condition, String own) {
    return reply
        .error(condition)
        .that(own, e -> e.child("error").flatMap(error -> error.child(own, ERRORS)).isPresent());
  }

  @Test
  void eventsGoToInterestedDevicesOfContactsAndOnesOwn(Cast given) throws Exception {
    Client phone = given.client("romeo", "phone");
    Client laptop = given.client("romeo", "laptop");
    Client juliet = given.client("juliet", "balcony");
    Client kitchen = given.client("juliet", "kitchen");
    Client paris = given.client("paris", "carriage");
    given.befriend(phone, juliet);
    becomesInterested(laptop, "one", TUNE);
    becomesInterested(juliet, "two", TUNE, "urn:other");
    becomesInterested(paris, "three", TUNE);
    becomesInterested(kitchen, "four", "urn:other");
    given.settle();
    phone.asks("set", null, tune("first"), r -> r.type("result"));
    phone.asks("set", null, tune("second"), r -> r.type("result"));
    for (Client interested : List.of(laptop, juliet)) {
      interested.receivesNext("message", event(phone, interested, TUNE, title("first")));
      interested.receivesNext("message", event(phone, interested, TUNE, title("second")));
    }
    phone.receivesNothing();
    kitchen.receivesNothing();
    paris.receivesNothing();
    juliet.asks("get", phone.bare(), items(TUNE), r -> r.type("result"));
    paris.asks(
        "get",
        phone.bare(),
        items(TUNE),
        r -> refusal(r, "not-authorized", "presence-subscription-required"));
  }

  @Test
  void theLastItemComesWithPresenceAndWithASubscription(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    Client nurse = given.client("nurse", "chamber");
    given.befriend(romeo, juliet);
    romeo.asks("set", null, tune("aubade"), r -> r.type("result"));
    becomesInterested(romeo, "own", TUNE);
    romeo.receives("message", event(romeo, romeo, TUNE, title("aubade")));
    becomesInterested(nurse, "nurse", TUNE);
    nurse.receivesNext("presence", p -> p.from(nurse));
    nurse.receivesNothing();
    given.subscribe(nurse, romeo);
    nurse.receives("message", event(romeo, nurse, TUNE, title("aubade")));
    Client tablet = given.connected("juliet", "tablet");
    romeo.sends("<presence type='unavailable'/>");
    romeo.leaves();
    becomesInterested(tablet, "late", TUNE);
    tablet.receives("message", m -> m.from(romeo.bare()).to(tablet).has("event", EVENT));
  }

  @Test
  void bookmarksAreForTheOwner(Cast given) throws Exception {
    Client phone = given.client("romeo", "phone");
    Client laptop = given.client("romeo", "laptop");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(phone, juliet);
    becomesInterested(laptop, "b", BOOKMARKS);
    becomesInterested(juliet, "b", BOOKMARKS);
    given.settle();
    phone.asks("set", null, bookmark("a@rooms.example", WHITELIST), r -> r.type("result"));
    phone.asks("set", null, bookmark("b@rooms.example", WHITELIST), r -> r.type("result"));
    laptop.receives(
        "message",
        event(
            phone,
            laptop,
            BOOKMARKS,
            i -> i.has("item", EVENT, x -> x.attribute("id", "b@rooms.example"))));
    phone.asks(
        "set",
        null,
        bookmark("c@rooms.example", WHITELIST.replace("whitelist", "open")),
        r -> refusal(r, "conflict", "precondition-not-met"));
    phone.asks(
        "set",
        null,
        "<pubsub xmlns='%s'><retract node='%s' notify='1'><item id='a@rooms.example'/></retract></pubsub>"
            .formatted(PUBSUB, BOOKMARKS),
        r -> r.type("result"));
    laptop.receives(
        "message",
        event(
            phone,
            laptop,
            BOOKMARKS,
            i -> i.has("retract", EVENT, x -> x.attribute("id", "a@rooms.example"))));
    juliet.asks(
        "get", phone.bare(), items(BOOKMARKS), r -> refusal(r, "not-allowed", "closed-node"));
    juliet.receivesNothing();
    laptop.asks(
        "get",
        null,
        items(BOOKMARKS),
        r ->
            r.has(
                "pubsub",
                PUBSUB,
                p ->
                    p.has(
                        "items",
                        PUBSUB,
                        i ->
                            i.has("item", PUBSUB, x -> x.attribute("id", "b@rooms.example"))
                                .that("one item", e -> e.children().size() == 1))));
  }

  @Test
  void anItemMayBeTooBig(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "set",
        null,
        tune("x".repeat(150_000)),
        r -> refusal(r, "not-acceptable", "payload-too-big"));
  }

  @Test
  void anAccountTellsWhatItCanAndItsNodes(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.asks("set", null, tune("aubade"), r -> r.type("result"));
    romeo.asks(
        "get",
        null,
        "<query xmlns='" + INFO + "'/>",
        r ->
            r.has(
                "query",
                INFO,
                q ->
                    q.has(
                            "identity",
                            INFO,
                            i -> i.attribute("category", "pubsub").attribute("type", "pep"))
                        .has(
                            "feature",
                            INFO,
                            f -> f.attribute("var", PUBSUB + "#publish-options"))));
    String list = "http://jabber.org/protocol/disco#items";
    romeo.asks(
        "get",
        null,
        "<query xmlns='" + list + "'/>",
        r -> r.has("query", list, q -> q.has("item", list, i -> i.attribute("node", TUNE))));
    juliet.asks(
        "get", romeo.bare(), "<query xmlns='" + list + "'/>", r -> r.error("service-unavailable"));
    juliet.asks(
        "get",
        romeo.bare(),
        "<query xmlns='" + INFO + "' node='" + TUNE + "'/>",
        r -> r.error("item-not-found"));
  }
}

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

  private static String options(String... fields) {
    StringBuilder options = new StringBuilder("<publish-options><x xmlns='jabber:x:data' ");
    options.append("type='submit'><field var='FORM_TYPE' type='hidden'><value>");
    options.append(PUBSUB).append("#publish-options</value></field>");
    for (int i = 0; i < fields.length; i += 2) {
      options.append(field(fields[i], fields[i + 1]));
    }
    return options.append("</x></publish-options>").toString();
  }

  private static String tune(String title, String options) {
    return publish(
        TUNE, "current", "<tune xmlns='" + TUNE + "'><title>" + title + "</title></tune>", options);
  }

  private static String subscription(String what, String jid) {
    return "<pubsub xmlns='%s'><%s node='%s' jid='%s'/></pubsub>"
        .formatted(PUBSUB, what, TUNE, jid);
  }

  private static Consumer<Expectation> state(String state) {
    return r ->
        r.has(
            "pubsub",
            PUBSUB,
            p -> p.has("subscription", PUBSUB, s -> s.attribute("subscription", state)));
  }

  private static Consumer<Expectation> tuneTo(String jid, Client from, String title) {
    return message ->
        message
            .from(from.bare())
            .to(jid)
            .type("headline")
            .has("event", EVENT, e -> e.has("items", EVENT, title(title)));
  }

  @Test
  void whoIsNoContactSubscribesToAnOpenNode(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client paris = given.client("paris", "carriage");
    given.settle();
    romeo.asks("set", null, tune("aubade"), r -> r.type("result"));
    paris.asks(
        "set",
        romeo.bare(),
        subscription("subscribe", paris.bare()),
        r -> refusal(r, "not-authorized", "presence-subscription-required"));
    romeo.asks(
        "set",
        null,
        "<pubsub xmlns='%s#owner'><configure node='%s'>%s</configure></pubsub>"
            .formatted(
                PUBSUB,
                TUNE,
                options("access_model", "open")
                    .replace("<publish-options>", "")
                    .replace("</publish-options>", "")
                    .replace("#publish-options", "#node_config")),
        r -> r.type("result"));
    paris.asks(
        "set",
        romeo.bare(),
        subscription("subscribe", romeo.bare()),
        r -> refusal(r, "bad-request", "invalid-jid"));
    paris.asks("set", romeo.bare(), subscription("subscribe", paris.bare()), state("subscribed"));
    paris.receivesNext("message", tuneTo(paris.bare(), romeo, "aubade"));
    romeo.asks("set", null, tune("serenade"), r -> r.type("result"));
    paris.receivesNext("message", tuneTo(paris.bare(), romeo, "serenade"));
    paris.asks(
        "get",
        romeo.bare(),
        "<pubsub xmlns='" + PUBSUB + "'><subscriptions/></pubsub>",
        r ->
            r.has(
                "pubsub",
                PUBSUB,
                p ->
                    p.has(
                        "subscriptions",
                        PUBSUB,
                        s ->
                            s.has(
                                "subscription",
                                PUBSUB,
                                x -> x.attribute("node", TUNE).attribute("jid", paris.bare())))));
    paris.asks("set", romeo.bare(), subscription("unsubscribe", paris.bare()), state("none"));
    romeo.asks("set", null, tune("nocturne"), r -> r.type("result"));
    paris.receivesNothing();
    romeo.receivesNothing();
  }

  @Test
  void theOwnerSaysWhoMaySubscribe(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client paris = given.client("paris", "carriage");
    given.settle();
    romeo.asks(
        "set", null, tune("aubade", options("access_model", "authorize")), r -> r.type("result"));
    paris.asks(
        "get", romeo.bare(), items(TUNE), r -> refusal(r, "not-authorized", "not-subscribed"));
    paris.asks("set", romeo.bare(), subscription("subscribe", paris.bare()), state("pending"));
    Element request =
        romeo.receivesNext(
            "message", m -> m.from(romeo.bare()).has("x", "jabber:x:data", x -> x.type("form")));
    romeo.sends(
        "<message to='%s' id='%s'><x xmlns='jabber:x:data' type='submit'>"
            + "<field var='FORM_TYPE'><value>%s#subscribe_authorization</value></field>%s</x></message>",
        romeo.bare(),
        request.attribute("id"),
        PUBSUB,
        field("node", TUNE) + field("subscriber_jid", paris.bare()) + field("allow", "true"));
    paris.receivesNext(
        "message",
        m ->
            m.from(romeo.bare())
                .has(
                    "event",
                    EVENT,
                    e ->
                        e.has(
                            "subscription",
                            EVENT,
                            s -> s.attribute("subscription", "subscribed"))));
    paris.receivesNext("message", tuneTo(paris.bare(), romeo, "aubade"));
    paris.asks("get", romeo.bare(), items(TUNE), r -> r.type("result"));
    romeo.receivesNothing();
  }

  @Test
  void whoIsBlockedGetsNothing(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    becomesInterested(juliet, "two", TUNE);
    given.settle();
    String item = "<item jid='" + juliet.bare() + "'/>";
    romeo.asks("set", null, tune("first"), r -> r.type("result"));
    juliet.receivesNext("message", event(romeo, juliet, TUNE, title("first")));
    romeo.asks(
        "set",
        null,
        "<block xmlns='urn:xmpp:blocking'>" + item + "</block>",
        r -> r.type("result"));
    romeo.asks("set", null, tune("second"), r -> r.type("result"));
    juliet.asks("get", romeo.bare(), items(TUNE), r -> r.error("service-unavailable"));
    romeo.asks(
        "set",
        null,
        "<unblock xmlns='urn:xmpp:blocking'>" + item + "</unblock>",
        r -> r.type("result"));
    romeo.asks("set", null, tune("third"), r -> r.type("result"));
    Element next = juliet.receives("message", m -> m.from(romeo.bare()));
    juliet.expects(next, event(romeo, juliet, TUNE, title("third")));
  }
}

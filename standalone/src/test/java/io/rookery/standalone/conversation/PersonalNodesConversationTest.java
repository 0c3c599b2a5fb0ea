package io.rookery.standalone.conversation;

import static io.rookery.standalone.conversation.Personal.OPEN;
import static io.rookery.standalone.conversation.Personal.PRIVATE_LIST;
import static io.rookery.standalone.conversation.Personal.configure;
import static io.rookery.standalone.conversation.Personal.event;
import static io.rookery.standalone.conversation.Personal.hasItem;
import static io.rookery.standalone.conversation.Personal.item;
import static io.rookery.standalone.conversation.Personal.items;
import static io.rookery.standalone.conversation.Personal.publish;
import static io.rookery.standalone.conversation.PersonalEventingConversationTest.becomesInterested;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Nodes as the clients of today use them: XEP-0172, XEP-0223, XEP-0384 in its old and its new
 * layout, XEP-0402 with XEP-0492, XEP-0490. (XEP-0084 is in {@link ConversionConversationTest}.)
 */
@Conversation
class PersonalNodesConversationTest {
  private static final String OLD = "eu.siacs.conversations.axolotl";
  private static final String DEVICES = OLD + ".devicelist";
  private static final String OMEMO = "urn:xmpp:omemo:2";
  private static final String NICK = "http://jabber.org/protocol/nick";
  private static final String BOOKMARKS = "urn:xmpp:bookmarks:1";
  private static final String SETTINGS = "urn:xmpp:notification-settings:1";
  private static final String DISPLAYED = "urn:xmpp:mds:displayed:0";
  private static final String STANZA_IDS = "urn:xmpp:sid:0";
  private static final String MARKERS = "urn:xmpp:chat-markers:0";
  private static final String CARBONS = "urn:xmpp:carbons:2";
  private static final String FORMS = "jabber:x:data";

  private static String devices(String id) {
    return "<list xmlns='" + OLD + "'><device id='" + id + "'/></list>";
  }

  private static String bundle(String key) {
    return "<bundle xmlns='%s'><identityKey>%s</identityKey></bundle>".formatted(OLD, key);
  }

  private static void succeeds(Client client, String payload) {
    client.asks("set", null, payload, r -> r.type("result"));
  }

  private static void notAsItIs(Expectation reply) {
    reply
        .error("conflict")
        .that("precondition-not-met", e -> e.toString().contains("<precondition-not-met xmlns='"));
  }

  /** A list of devices and one node for the bundle of each. */
  @Test
  void keysOfOldOmemoAreForEverybody(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    Client paris = given.client("paris", "carriage");
    given.befriend(juliet, romeo);
    becomesInterested(romeo, "omemo", DEVICES);
    given.settle();
    succeeds(juliet, publish(OLD + ".bundles:1", "current", bundle("first"), OPEN));
    succeeds(juliet, publish(DEVICES, "current", devices("1"), OPEN));
    romeo.receives(
        "message",
        event(
            juliet,
            romeo,
            DEVICES,
            "current",
            i -> i.has("list", OLD, l -> l.has("device", OLD, d -> d.attribute("id", "1")))));
    succeeds(juliet, publish(OLD + ".bundles:1", "current", bundle("second"), OPEN));
    paris.asks("get", juliet.bare(), items(DEVICES), r -> hasItem(r, "current", i -> {}));
    paris.asks(
        "get",
        juliet.bare(),
        items(OLD + ".bundles:1"),
        r ->
            hasItem(
                r,
                "current",
                i -> i.has("bundle", OLD, b -> b.has("identityKey", OLD, k -> k.text("second")))));
    paris.asks("get", juliet.bare(), items(OLD + ".bundles:2"), r -> r.error("item-not-found"));
    paris.asks(
        "set", juliet.bare(), publish(DEVICES, "current", devices("6")), r -> r.error("forbidden"));
  }

  /** Conversations: a node that is not as it must be is configured, then it goes on. */
  @Test
  void aNodeThatIsNotOpenIsOpened(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client paris = given.client("paris", "carriage");
    succeeds(juliet, publish(DEVICES, "current", devices("1")));
    paris.asks("get", juliet.bare(), items(DEVICES), r -> r.error("not-authorized"));
    String devices = publish(DEVICES, "current", devices("1"), OPEN);
    juliet.asks("set", null, devices, PersonalNodesConversationTest::notAsItIs);
    juliet.asks(
        "get",
        null,
        "<pubsub xmlns='%s'><configure node='%s'/></pubsub>".formatted(Personal.OWNER, DEVICES),
        r -> r.has("pubsub", Personal.OWNER));
    succeeds(juliet, configure(DEVICES, OPEN));
    succeeds(juliet, devices);
    paris.asks("get", juliet.bare(), items(DEVICES), r -> hasItem(r, "current", i -> {}));
  }

  /** Dino: the whole form goes back with one field changed. */
  @Test
  void theFormComesBackAsItWas(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client paris = given.client("paris", "carriage");
    String node = OLD + ".bundles:1";
    succeeds(juliet, publish(node, "1", bundle("first")));
    Element form =
        juliet
            .asks(
                "get",
                null,
                "<pubsub xmlns='%s'><configure node='%s'/></pubsub>"
                    .formatted(Personal.OWNER, node))
            .child("pubsub", Personal.OWNER)
            .flatMap(p -> p.child("configure"))
            .flatMap(c -> c.child("x", FORMS))
            .orElseThrow();
    Map<String, String> filled = new HashMap<>();
    for (Element field : form.children("field", FORMS)) {
      String name = field.attribute("var").replace("pubsub#", "");
      if (!name.equals("FORM_TYPE")) {
        filled.put(name, field.child("value").map(Element::text).orElse(""));
      }
    }
    filled.remove("roster_groups_allowed"); // it has no value
    filled.put("access_model", "open");
    succeeds(juliet, configure(node, filled));
    paris.asks("get", juliet.bare(), items(node), r -> hasItem(r, "1", i -> {}));
  }

  /** One node for the bundles of all devices. */
  @Test
  void keysOfNewOmemoAreForEverybody(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client paris = given.client("paris", "carriage");
    Map<String, String> many = new HashMap<>(OPEN);
    many.put("max_items", "max");
    String bundles = OMEMO + ":bundles";
    for (String device : new String[] {"1", "2"}) {
      succeeds(
          juliet,
          publish(bundles, device, "<bundle xmlns='" + OMEMO + "'><ik>k</ik></bundle>", many));
    }
    succeeds(
        juliet,
        publish(
            OMEMO + ":devices",
            "current",
            "<devices xmlns='" + OMEMO + "'><device id='1'/><device id='2' label='a'/></devices>",
            OPEN));
    paris.asks(
        "get", juliet.bare(), items(OMEMO + ":devices"), r -> hasItem(r, "current", i -> {}));
    for (String device : new String[] {"1", "2"}) {
      paris.asks(
          "get",
          juliet.bare(),
          item(bundles, device),
          r -> hasItem(r, device, i -> i.has("bundle", OMEMO)));
    }
    String small = "urn:test:bundles";
    succeeds(juliet, publish(small, "1", "<bundle xmlns='" + OMEMO + "'/>", OPEN));
    juliet.asks(
        "set",
        null,
        publish(small, "2", "<bundle xmlns='" + OMEMO + "'/>", many),
        PersonalNodesConversationTest::notAsItIs);
  }

  @Test
  void aNicknameIsForContacts(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    given.befriend(juliet, romeo);
    becomesInterested(romeo, "nicks", NICK);
    given.settle();
    succeeds(juliet, publish(NICK, "current", "<nick xmlns='" + NICK + "'>Jules</nick>"));
    romeo.receives(
        "message",
        event(juliet, romeo, NICK, "current", i -> i.has("nick", NICK, n -> n.text("Jules"))));
  }

  @Test
  void bookmarksHaveSettings(Cast given) throws Exception {
    Client phone = given.client("juliet", "phone");
    Client laptop = given.client("juliet", "laptop");
    becomesInterested(laptop, "bookmarks", BOOKMARKS);
    given.settle();
    succeeds(
        phone,
        publish(
            BOOKMARKS,
            "play@rooms.example",
            "<conference xmlns='%s' autojoin='true'><extensions><notify xmlns='%s'><never/>"
                    .formatted(BOOKMARKS, SETTINGS)
                + "</notify></extensions></conference>",
            PRIVATE_LIST));
    laptop.receives(
        "message",
        event(
            phone,
            laptop,
            BOOKMARKS,
            "play@rooms.example",
            i ->
                i.has(
                    "conference",
                    BOOKMARKS,
                    c ->
                        c.has(
                            "extensions",
                            BOOKMARKS,
                            e -> e.has("notify", SETTINGS, n -> n.has("never", SETTINGS))))));
  }

  @Test
  void privateDataIsForTheOwner(Cast given) throws Exception {
    Client phone = given.client("juliet", "phone");
    Client laptop = given.client("juliet", "laptop");
    Client romeo = given.client("romeo", "phone");
    given.befriend(phone, romeo);
    becomesInterested(laptop, "data", "urn:test:data");
    becomesInterested(romeo, "data", "urn:test:data");
    given.settle();
    Map<String, String> options = Map.of("persist_items", "true", "access_model", "whitelist");
    succeeds(phone, publish("urn:test:data", "x", "<a xmlns='urn:test:data'/>", options));
    laptop.receives("message", event(phone, laptop, "urn:test:data", "x", i -> {}));
    romeo.receivesNothing();
    romeo.asks("get", phone.bare(), items("urn:test:data"), r -> r.error("not-allowed"));
  }

  private static String displayed(Client whose, String id) {
    return "<displayed xmlns='%s'><stanza-id xmlns='%s' by='%s' id='%s'/></displayed>"
        .formatted(DISPLAYED, STANZA_IDS, whose.bare(), id);
  }

  private static void upTo(Expectation item, String id) {
    item.has(
        "displayed", DISPLAYED, d -> d.has("stanza-id", STANZA_IDS, s -> s.attribute("id", id)));
  }

  @Test
  void whatIsDisplayedIsKnownToAllDevices(Cast given) throws Exception {
    Client phone = given.client("juliet", "phone");
    Client laptop = given.client("juliet", "laptop");
    Client romeo = given.client("romeo", "phone");
    given.befriend(phone, romeo);
    becomesInterested(laptop, "displayed", DISPLAYED);
    becomesInterested(romeo, "displayed", DISPLAYED);
    laptop.asks("set", null, "<enable xmlns='" + CARBONS + "'/>", r -> r.type("result"));
    given.settle();
    succeeds(
        phone, publish(DISPLAYED, "nurse@capulet.example", displayed(phone, "1"), PRIVATE_LIST));
    laptop.receives(
        "message", event(phone, laptop, DISPLAYED, "nurse@capulet.example", i -> upTo(i, "1")));
    phone.sends(
        "<message to='%s' type='chat'><displayed xmlns='%s' id='m'/>%s</message>",
        romeo.bare(), MARKERS, displayed(phone, "2"));
    romeo.receives(
        "message", m -> m.from(phone).has("displayed", MARKERS).hasNot("displayed", DISPLAYED));
    laptop.receives("message", event(phone, laptop, DISPLAYED, romeo.bare(), i -> upTo(i, "2")));
    laptop.receives(
        "message",
        m ->
            m.has("sent", CARBONS)
                .that("nothing of it", e -> !e.toString().contains("'" + DISPLAYED + "'")));
    romeo.receivesNothing();
    Client tablet = given.client("juliet", "tablet");
    tablet.asks(
        "get",
        null,
        items(DISPLAYED),
        r -> {
          hasItem(r, "nurse@capulet.example", i -> upTo(i, "1"));
          hasItem(r, romeo.bare(), i -> upTo(i, "2"));
        });
    romeo.asks("get", phone.bare(), items(DISPLAYED), r -> r.error("not-allowed"));
  }

  /** The server makes the node, and it is for the owner. */
  @Test
  void theNodeOfWhatIsDisplayedIsPrivateFromTheStart(Cast given) throws Exception {
    Client phone = given.client("juliet", "phone");
    Client romeo = given.client("romeo", "phone");
    given.befriend(phone, romeo);
    phone.sends(
        "<message to='%s' type='chat'><displayed xmlns='%s' id='m'/>%s</message>",
        romeo.bare(), MARKERS, displayed(phone, "2"));
    romeo.receives("message", m -> m.from(phone).hasNot("displayed", DISPLAYED));
    phone.sends(
        "<message to='%s' type='chat'><displayed xmlns='%s' id='m'/><displayed xmlns='%s'/></message>",
        romeo.bare(), MARKERS, DISPLAYED);
    romeo.receives("message", m -> m.from(phone).hasNot("displayed", DISPLAYED));
    succeeds(phone, publish(DISPLAYED, "x@y.example", displayed(phone, "3"), PRIVATE_LIST));
    phone.asks("get", null, items(DISPLAYED), r -> hasItem(r, romeo.bare(), i -> upTo(i, "2")));
    romeo.asks("get", phone.bare(), items(DISPLAYED), r -> r.error("not-allowed"));
  }
}

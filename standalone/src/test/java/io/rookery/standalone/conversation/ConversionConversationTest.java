package io.rookery.standalone.conversation;

import static io.rookery.standalone.conversation.Personal.OPEN;
import static io.rookery.standalone.conversation.Personal.PRIVATE_LIST;
import static io.rookery.standalone.conversation.Personal.event;
import static io.rookery.standalone.conversation.Personal.hasItem;
import static io.rookery.standalone.conversation.Personal.item;
import static io.rookery.standalone.conversation.Personal.items;
import static io.rookery.standalone.conversation.Personal.publish;
import static io.rookery.standalone.conversation.Personal.retract;
import static io.rookery.standalone.conversation.Personal.retraction;
import static io.rookery.standalone.conversation.PersonalEventingConversationTest.becomesInterested;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** XEP-0398, XEP-0411 and XEP-0292: what clients of two generations store in different ways. */
@Conversation
class ConversionConversationTest {
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String DATA = "urn:xmpp:avatar:data";
  private static final String METADATA = "urn:xmpp:avatar:metadata";
  private static final String VCARD = "vcard-temp";
  private static final String UPDATE = "vcard-temp:x:update";
  private static final String PRIVATE = "jabber:iq:private";
  private static final String LIST = "storage:bookmarks";
  private static final String BOOKMARKS = "urn:xmpp:bookmarks:1";
  private static final String VCARD4 = "urn:xmpp:vcard4";
  private static final String FOUR = "urn:ietf:params:xml:ns:vcard-4.0";
  private static final String PLAY = "play@rooms.example";
  private static final String ORCHARD = "orchard@rooms.example";

  /** Of "abc" (RFC 3174, section 7.3). */
  private static final String ABC = "a9993e364706816aba3e25717850c26c9cd0d89d";

  private static final String ASKED = "<vCard xmlns='vcard-temp'/>";
  private static final String LIST_ASKED =
      "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query>";

  private static String data(String base64) {
    return "<data xmlns='" + DATA + "'>" + base64 + "</data>";
  }

  private static String metadata(String id) {
    return "<metadata xmlns='%s'><info bytes='3' id='%s' type='image/png'/></metadata>"
        .formatted(METADATA, id);
  }

  private static String vcard(String base64) {
    return "<vCard xmlns='vcard-temp'><FN>Juliet</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>"
        + (base64 + "</BINVAL></PHOTO></vCard>");
  }

  private static Consumer<Expectation> hash(Object from, String hash) {
    return p ->
        p.from(from).type(null).has("x", UPDATE, x -> x.has("photo", UPDATE, h -> h.text(hash)));
  }

  private static void announces(Expectation reply, String... features) {
    for (String feature : features) {
      reply.has("query", INFO, q -> q.has("feature", INFO, f -> f.attribute("var", feature)));
    }
  }

  @Test
  void accountsSayWhatIsConverted(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    juliet.asks(
        "get",
        juliet.bare(),
        "<query xmlns='" + INFO + "'/>",
        r ->
            announces(
                r,
                "urn:xmpp:pep-vcard-conversion:0",
                "urn:xmpp:bookmarks-conversion:0",
                "urn:xmpp:bookmarks:1#compat",
                "urn:xmpp:bookmarks:1#compat-pep",
                "urn:ietf:params:xml:ns:vcard-4.0",
                "urn:xmpp:mds:server-assist:0"));
  }

  @Test
  void anAvatarIsSeenByClientsThatKnowVcardsOnly(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    Client paris = given.client("paris", "carriage");
    given.befriend(romeo, juliet);
    juliet.asks("set", null, publish(DATA, ABC, data("YWJj"), OPEN), r -> r.type("result"));
    juliet.asks("set", null, publish(METADATA, ABC, metadata(ABC), OPEN), r -> r.type("result"));
    romeo.receives("presence", hash(juliet, ABC));
    juliet.receives("presence", hash(juliet, ABC));
    paris.asks(
        "get",
        juliet.bare(),
        ASKED,
        r ->
            r.has(
                "vCard",
                VCARD,
                v -> v.has("PHOTO", VCARD, p -> p.has("BINVAL", VCARD, b -> b.text("YWJj")))));
    juliet.sends("<presence to='%s'/>", paris);
    paris.receives("presence", hash(juliet, ABC));
    juliet.asks(
        "set",
        null,
        publish(METADATA, "none", "<metadata xmlns='" + METADATA + "'/>", OPEN),
        r -> r.type("result"));
    romeo.receives("presence", hash(juliet, ""));
    paris.asks(
        "get", juliet.bare(), ASKED, r -> r.has("vCard", VCARD, v -> v.hasNot("PHOTO", VCARD)));
  }

  @Test
  void aPhotoIsSeenByClientsThatKnowNodesOnly(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    given.befriend(romeo, juliet);
    becomesInterested(romeo, "avatars", METADATA);
    given.settle();
    juliet.asks("set", null, vcard("YW Jj"), r -> r.type("result"));
    romeo.receives(
        "message",
        event(
            juliet,
            romeo,
            METADATA,
            ABC,
            i ->
                i.has(
                    "metadata",
                    METADATA,
                    m ->
                        m.has(
                            "info",
                            METADATA,
                            x ->
                                x.attribute("id", ABC)
                                    .attribute("bytes", "3")
                                    .attribute("type", "image/png")))));
    romeo.receives("presence", hash(juliet, ABC));
    romeo.asks(
        "get",
        juliet.bare(),
        item(DATA, ABC),
        r -> hasItem(r, ABC, i -> i.has("data", DATA, d -> d.text("YWJj"))));
  }

  /** Whoever comes last: the vCard and presence say the same. */
  @Test
  void twoDevicesSetAnAvatarAtOnce(Cast given) throws Exception {
    Client balcony = given.client("juliet", "balcony");
    Client chamber = given.client("juliet", "chamber");
    Client romeo = given.client("romeo", "phone");
    given.befriend(romeo, balcony);
    balcony.asks("set", null, publish(DATA, ABC, data("YWJj"), OPEN), r -> r.type("result"));
    for (int i = 0; i < 10; i++) {
      balcony.sends("<iq type='set' id='d" + i + "'>" + publish(DATA, ABC, data("YWJj")) + "</iq>");
      chamber.sends("<iq type='set' id='v" + i + "'>" + vcard("YWJj" + i + "AAA") + "</iq>");
      balcony.sends(
          "<iq type='set' id='m" + i + "'>" + publish(METADATA, ABC, metadata(ABC)) + "</iq>");
    }
    balcony.receives("iq", r -> r.type("result").id("m9"));
    chamber.receives("iq", r -> r.type("result").id("v9"));
    romeo.settles();
    // Which comes last is open, also whether a photo's data is there when it is named: but the
    // vCard has what is named, or nothing, and what contacts hear is what they find.
    Element items = balcony.asks("get", null, items(METADATA));
    String named = only(items, "pubsub", "items", "item", "metadata", "info").attribute("id");
    Element vcard = balcony.asks("get", null, ASKED);
    if (vcard.toString().contains("PHOTO")) {
      String base64 = only(vcard, "vCard", "PHOTO", "BINVAL").text();
      byte[] image = Base64.getMimeDecoder().decode(base64);
      byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(image);
      assertEquals(named, HexFormat.of().formatHex(sha1));
      balcony.sends("<presence><show>away</show></presence>");
      romeo.receives("presence", hash(balcony, named));
    } else {
      assertFalse(balcony.asks("get", null, items(DATA)).toString().contains(named));
    }
  }

  private static Element only(Element reply, String... path) {
    Element element = reply;
    for (String name : path) {
      element =
          element.children().stream()
              .filter(child -> child.localName().equals(name))
              .reduce((before, after) -> after)
              .orElseThrow(() -> new AssertionError("no " + name + " in " + reply));
    }
    return element;
  }

  @Test
  void badAvatarsBreakNothing(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    juliet.asks("set", null, vcard("YWJj"), r -> r.type("result"));
    for (String bad : List.of("%%%", "YWJk", "")) {
      juliet.asks("set", null, publish(DATA, "bad", data(bad)), r -> r.type("result"));
      juliet.asks("set", null, publish(METADATA, "bad", metadata("bad")), r -> r.type("result"));
    }
    juliet.asks("set", null, publish(METADATA, "bad", "<a xmlns='urn:a'/>"), r -> r.type("result"));
    juliet.asks("get", null, ASKED, r -> r.has("vCard", VCARD, v -> v.has("PHOTO", VCARD)));
    juliet.asks("set", null, vcard("AAAA".repeat(43_000)), r -> r.type("result"));
    juliet.asks("set", null, vcard("AAAA".repeat(45_000)), r -> r.error("policy-violation"));
    juliet.asks(
        "get",
        null,
        items(DATA),
        r ->
            r.has(
                "pubsub",
                Personal.PUBSUB,
                p ->
                    p.has(
                        "items",
                        Personal.PUBSUB,
                        i ->
                            i.that(
                                "the last good one",
                                e -> e.toString().contains(">" + "AAAA".repeat(43_000) + "<")))));
  }

  private static String list(String content) {
    return "<query xmlns='%s'><storage xmlns='%s'>%s</storage></query>"
        .formatted(PRIVATE, LIST, content);
  }

  private static String old(String room) {
    return "<conference jid='" + room + "' autojoin='1'><nick>JC</nick></conference>";
  }

  private static void lists(Expectation reply, String... rooms) {
    reply.has(
        "query",
        PRIVATE,
        q ->
            q.has(
                "storage",
                LIST,
                s ->
                    s.that(
                        "rooms " + List.of(rooms),
                        e ->
                            e.children().stream()
                                .map(c -> c.attribute("jid"))
                                .toList()
                                .equals(List.of(rooms)))));
  }

  @Test
  void bookmarksOfOneClientAreThoseOfAnother(Cast given) throws Exception {
    Client veteran = given.client("juliet", "veteran");
    Client phone = given.client("juliet", "phone");
    Client laptop = given.client("juliet", "laptop");
    Client romeo = given.client("romeo", "phone");
    given.befriend(romeo, phone);
    becomesInterested(phone, "new", BOOKMARKS);
    becomesInterested(laptop, "old", LIST);
    becomesInterested(romeo, "both", LIST, BOOKMARKS);
    given.settle();
    veteran.asks("set", null, list(old(PLAY)), r -> r.type("result"));
    phone.receives(
        "message",
        event(
            phone,
            phone,
            BOOKMARKS,
            PLAY,
            i ->
                i.has(
                    "conference",
                    BOOKMARKS,
                    c ->
                        c.attribute("autojoin", "true")
                            .has("nick", BOOKMARKS, n -> n.text("JC")))));
    laptop.receives(
        "message",
        event(
            phone,
            laptop,
            LIST,
            "current",
            i ->
                i.has(
                    "storage",
                    LIST,
                    s -> s.has("conference", LIST, c -> c.attribute("jid", PLAY)))));
    phone.asks(
        "set",
        null,
        publish(BOOKMARKS, ORCHARD, "<conference xmlns='" + BOOKMARKS + "'/>", PRIVATE_LIST),
        r -> r.type("result"));
    veteran.asks("get", null, LIST_ASKED, r -> lists(r, PLAY, ORCHARD));
    phone.asks("set", null, retract(BOOKMARKS, PLAY), r -> r.type("result"));
    veteran.asks("get", null, LIST_ASKED, r -> lists(r, ORCHARD));
    given.settle();
    laptop.asks(
        "set",
        null,
        publish(LIST, "current", "<storage xmlns='" + LIST + "'/>", Map.of()),
        r -> r.type("result"));
    phone.receives("message", retraction(phone, phone, BOOKMARKS, ORCHARD));
    veteran.asks("get", null, LIST_ASKED, r -> lists(r));
    romeo.receivesNothing();
    romeo.asks("get", phone.bare(), items(BOOKMARKS), r -> r.error("not-allowed"));
    romeo.asks("get", phone.bare(), items(LIST), r -> r.error("not-allowed"));
  }

  @Test
  void badBookmarksBreakNothing(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    String odd = "<conference/><conference jid='@@'/><url url='https://example.org/'/>";
    juliet.asks("set", null, list(odd + old(PLAY)), r -> r.type("result"));
    juliet.asks("get", null, items(BOOKMARKS), r -> hasItem(r, PLAY, i -> {}));
    juliet.asks("set", null, publish(BOOKMARKS, "@@", "<a xmlns='urn:a'/>"), r -> r.type("result"));
    juliet.asks("set", null, publish(LIST, "current", "<a xmlns='urn:a'/>"), r -> r.type("result"));
    juliet.asks(
        "get",
        null,
        LIST_ASKED,
        r ->
            r.has(
                "query",
                PRIVATE,
                q -> q.has("storage", LIST, s -> s.that("all", e -> e.children().size() == 4))));
  }

  @Test
  void bothVcardsSayTheSame(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client paris = given.client("paris", "carriage");
    juliet.asks(
        "set",
        null,
        "<vCard xmlns='vcard-temp'><FN>Juliet</FN><ROLE>Heroine</ROLE></vCard>",
        r -> r.type("result"));
    paris.asks(
        "get",
        juliet.bare(),
        items(VCARD4),
        r ->
            hasItem(
                r,
                "current",
                i ->
                    i.has(
                        "vcard",
                        FOUR,
                        v -> v.has("fn", FOUR, f -> f.has("text", FOUR, t -> t.text("Juliet"))))));
    String four =
        "<vcard xmlns='%s'><fn><text>Julia</text></fn><tel><uri>tel:+39</uri></tel></vcard>"
            .formatted(FOUR);
    juliet.asks("set", null, publish(VCARD4, "current", four, OPEN), r -> r.type("result"));
    paris.asks(
        "get",
        juliet.bare(),
        ASKED,
        r ->
            r.has(
                "vCard",
                VCARD,
                v ->
                    v.has("FN", VCARD, f -> f.text("Julia"))
                        .has("TEL", VCARD, t -> t.has("NUMBER", VCARD, n -> n.text("+39")))
                        .hasNot("ROLE", VCARD)));
  }
}

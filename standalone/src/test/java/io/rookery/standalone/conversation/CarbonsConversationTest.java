package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0280: all devices see both sides of a conversation. */
@Conversation
class CarbonsConversationTest {
  private static final String NS = "urn:xmpp:carbons:2";
  private static final String FORWARD = "urn:xmpp:forward:0";
  private static final String SM = "urn:xmpp:sm:3";
  private static final String ENABLE = "<enable xmlns='" + NS + "'/>";
  private static final String DISABLE = "<disable xmlns='" + NS + "'/>";

  private static Client copied(Cast given, String role, String resource) throws Exception {
    Client client = given.client(role, resource);
    client.asks("set", null, ENABLE, r -> r.type("result"));
    return client;
  }

  private static void says(Client from, Object to, String text) {
    from.sends("<message to='%s' type='chat' id='m'><body>%s</body></message>", to, text);
  }

  /** Waits for a copy and gives the message inside. */
  private static Element copy(Client client, String direction, String text) {
    Element wrapper =
        client.receives(
            "message",
            m ->
                m.from(client.bare())
                    .to(client)
                    .type("chat")
                    .has(
                        direction,
                        NS,
                        d ->
                            d.has(
                                "forwarded",
                                FORWARD,
                                f -> f.has("message", Client.CLIENT, x -> x.body(text)))));
    return wrapper
        .child(direction, NS)
        .flatMap(d -> d.child("forwarded", FORWARD))
        .flatMap(f -> f.child("message", Client.CLIENT))
        .orElseThrow();
  }

  private static String stanzaId(Element message) {
    return message.child("stanza-id", "urn:xmpp:sid:0").orElseThrow().attribute("id");
  }

  @Test
  void itIsAnnounced(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String info = "http://jabber.org/protocol/disco#info";
    romeo.asks(
        "get",
        romeo.domain(),
        "<query xmlns='" + info + "'/>",
        r -> r.has("query", info, q -> q.has("feature", info, f -> f.attribute("var", NS))));
  }

  /** XEP-0386. */
  @Test
  void theyCanBeEnabledWithTheLogin(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client phone = given.client("romeo", "phone");
    Client laptop = given.secured("romeo");
    laptop.logsIn(
        given.user("romeo"),
        Mechanism.SCRAM_SHA_256,
        "<bind xmlns='urn:xmpp:bind:0'>" + ENABLE + "</bind>");
    says(juliet, phone, "so early");
    phone.receives("message", m -> m.from(juliet).body("so early"));
    copy(laptop, "received", "so early");
  }

  @Test
  void bothSidesAreCopied(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client phone = given.client("romeo", "phone");
    Client laptop = copied(given, "romeo", "laptop");
    Client tablet = given.client("romeo", "tablet");
    given.settle();

    says(juliet, phone, "art thou there");
    Element original = phone.receives("message", m -> m.from(juliet).body("art thou there"));
    Element copy = copy(laptop, "received", "art thou there");
    assertEquals(juliet.toString(), copy.attribute("from"));
    assertEquals(phone.toString(), copy.attribute("to"));
    assertEquals("m", copy.attribute("id"));
    assertEquals(stanzaId(original), stanzaId(copy));

    says(phone, juliet, "neither, fair saint");
    juliet.receives("message", m -> m.from(phone).body("neither, fair saint"));
    Element sent = copy(laptop, "sent", "neither, fair saint");
    assertEquals(phone.toString(), sent.attribute("from"));
    assertEquals(juliet.toString(), sent.attribute("to"));
    assertTrue(!stanzaId(sent).isEmpty());

    says(laptop, juliet, "from the laptop");
    juliet.receives("message", m -> m.body("from the laptop"));
    for (Client client : new Client[] {phone, laptop, tablet, juliet}) {
      client.receivesNothing();
    }
  }

  @Test
  void whatIsForAllIsNotCopied(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client phone = copied(given, "romeo", "phone");
    Client laptop = copied(given, "romeo", "laptop");
    given.settle();
    says(juliet, phone.bare(), "for all");
    phone.receives("message", m -> m.from(juliet).body("for all"));
    laptop.receives("message", m -> m.from(juliet).body("for all"));
    says(phone, phone.bare(), "note");
    phone.receives("message", m -> m.from(phone).body("note"));
    laptop.receives("message", m -> m.from(phone).body("note"));
    phone.receivesNothing();
    laptop.receivesNothing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<private xmlns='urn:xmpp:carbons:2'/>", "<no-copy xmlns='urn:xmpp:hints'/>"})
  void someMessagesAreForOneDevice(String hint, Cast given) throws Exception {
    Client juliet = copied(given, "juliet", "balcony");
    Client chamber = copied(given, "juliet", "chamber");
    Client phone = given.client("romeo", "phone");
    Client laptop = copied(given, "romeo", "laptop");
    given.settle();
    phone.sends(
        "<message to='%s' type='chat'><body>hush</body>" + hint + "</message>", juliet.toString());
    juliet.receives("message", m -> m.from(phone).body("hush"));
    laptop.receivesNothing();
    chamber.receivesNothing();
  }

  @Test
  void aForgedCopyStaysWhatItIs(Cast given) throws Exception {
    Client tybalt = given.client("tybalt", "home");
    Client phone = given.client("romeo", "phone");
    Client laptop = copied(given, "romeo", "laptop");
    given.settle();
    tybalt.sends(
        "<message to='%s' type='chat'><received xmlns='urn:xmpp:carbons:2'>"
            + "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='juliet@x'>"
            + "<body>meet me</body></message></forwarded></received></message>",
        phone);
    phone.receives("message", m -> m.from(tybalt));
    laptop.receivesNothing();
  }

  @Test
  void itIsOnAndOffAsOftenAsTheClientLikes(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client phone = given.client("romeo", "phone");
    Client laptop = copied(given, "romeo", "laptop");
    laptop.asks("set", laptop.bare(), ENABLE, r -> r.type("result"));
    says(juliet, phone, "one");
    copy(laptop, "received", "one");
    laptop.asks("set", null, DISABLE, r -> r.type("result"));
    laptop.asks("set", null, DISABLE, r -> r.type("result"));
    says(juliet, phone, "two");
    phone.receives("message", m -> m.body("two"));
    laptop.receivesNothing();
    laptop.asks("set", null, ENABLE, r -> r.type("result"));
    says(juliet, phone, "three");
    copy(laptop, "received", "three");
  }

  @Test
  void onlyOnesOwnAccountCopies(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks("set", given.user("juliet").bare(), ENABLE, r -> r.error("not-allowed"));
    romeo.asks("set", given.user("juliet").bare(), DISABLE, r -> r.error("not-allowed"));
    romeo.asks("set", romeo.domain(), ENABLE, r -> r.error("service-unavailable"));
    romeo.asks("get", null, ENABLE, r -> r.error("service-unavailable"));
  }

  /** A refused message is seen as refused on all devices. */
  @Test
  void errorsAreCopied(Cast given) throws Exception {
    Client phone = given.client("romeo", "phone");
    Client laptop = copied(given, "romeo", "laptop");
    String nobody = given.stranger("nobody").bare();
    says(phone, nobody, "anybody there");
    copy(laptop, "sent", "anybody there");
    phone.receives("message", m -> m.from(nobody).error("service-unavailable"));
    laptop.receives("message", m -> m.from(laptop.bare()).type("error").has("received", NS));
  }

  /** XEP-0198: copies wait for the client, and come again when it has not acknowledged them. */
  @Test
  void aSessionIsResumedWithItsCopies(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client phone = given.client("romeo", "phone");
    Client laptop = given.client("romeo", "laptop");
    laptop.sends("<enable xmlns='%s' resume='true'/>", SM);
    Element enabled = laptop.receives("enabled", e -> {});
    laptop.asks("set", null, ENABLE, r -> r.type("result"));
    says(juliet, phone, "unacknowledged");
    copy(laptop, "received", "unacknowledged");
    laptop.close();
    says(phone, juliet, "while away");
    juliet.receives("message", m -> m.body("while away"));

    Client again = given.authenticated("romeo");
    again.sends("<resume xmlns='%s' previd='%s' h='1'/>", SM, enabled.attribute("id"));
    again.receives("resumed", e -> {});
    again.isNow(laptop);
    copy(again, "received", "unacknowledged");
    copy(again, "sent", "while away");
    says(juliet, phone, "still enabled");
    copy(again, "received", "still enabled");
    again.receivesNothing();
  }
}

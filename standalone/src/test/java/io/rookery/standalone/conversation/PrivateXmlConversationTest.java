package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** XEP-0049: Private XML Storage. */
@Conversation
class PrivateXmlConversationTest {
  private static final String NS = "jabber:iq:private";
  private static final String ASKED = query("<exodus xmlns='exodus:prefs'/>");
  private static final String STORED =
      query("<exodus xmlns='exodus:prefs'><nick>Ju &amp; co</nick></exodus>");

  private static String query(String content) {
    return "<query xmlns='" + NS + "'>" + content + "</query>";
  }

  private static void has(Expectation reply, String nick) {
    reply
        .type("result")
        .has(
            "query",
            NS,
            q ->
                q.has(
                    "exodus",
                    "exodus:prefs",
                    e -> e.has("nick", "exodus:prefs", n -> n.text(nick))));
  }

  @Test
  void whatOneClientStoresAnotherOfTheUserReads(Cast given) throws Exception {
    Client balcony = given.client("juliet", "balcony");
    balcony.asks("set", null, STORED, r -> r.type("result").hasNot("query", NS));
    Client chamber = given.client("juliet", "chamber");
    chamber.asks("get", null, ASKED, r -> has(r, "Ju & co"));
    chamber.asks("get", chamber.bare(), ASKED, r -> has(r, "Ju & co"));
  }

  @Test
  void requestsThatDoNotWaitTakeEffectInOrder(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    for (int i = 0; i < 20; i++) {
      juliet.sends(
          "<iq type='set' id='s"
              + i
              + "'>"
              + query("<exodus xmlns='exodus:prefs'><nick>n" + i + "</nick></exodus>")
              + "</iq>");
    }
    juliet.asks("get", null, ASKED, r -> has(r, "n19"));
  }

  @Test
  void whatWasNeverStoredIsEmpty(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    juliet.asks(
        "get",
        null,
        ASKED,
        r ->
            r.type("result")
                .has(
                    "query",
                    NS,
                    q -> q.has("exodus", "exodus:prefs", e -> e.hasNot("nick", "exodus:prefs"))));
  }

  @Test
  void nobodyReadsOrWritesWhatIsOthers(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    given.befriend(romeo, juliet);
    juliet.asks("set", null, STORED, r -> r.type("result"));
    romeo.asks("get", juliet.bare(), ASKED, r -> r.error("forbidden"));
    romeo.asks("set", juliet.bare(), ASKED, r -> r.error("forbidden"));
    romeo.asks("get", given.stranger("nobody").bare(), ASKED, r -> r.error("forbidden"));
    juliet.asks("get", null, ASKED, r -> has(r, "Ju & co"));
  }

  @Test
  void whatIsWrong(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    juliet.asks("get", null, query(""), r -> r.error("not-acceptable"));
    juliet.asks("set", null, query(""), r -> r.error("not-acceptable"));
    juliet.asks("set", null, query("<vCard xmlns='vcard-temp'/>"), r -> r.error("not-acceptable"));
    juliet.asks("get", null, query("<a xmlns='x'/><a xmlns='y'/>"), r -> r.error("bad-request"));
  }

  /** A new user of the same name starts with nothing. */
  @Test
  void itGoesWithTheAccount(Cast given) throws Exception {
    Account account = given.user("juliet");
    Client juliet = given.client("juliet", "balcony");
    juliet.asks("set", null, STORED, r -> r.type("result"));
    juliet.sends(
        "<iq type='set' id='bye'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    juliet.isDisconnected();
    Client secured = given.secured("juliet");
    secured.asks("get", null, "<query xmlns='jabber:iq:register'/>", r -> r.type("result"));
    awaits(() -> "result".equals(Cast.register(secured, account).attribute("type")));
    Client chamber = given.client("juliet", "chamber");
    awaits(() -> !chamber.asks("get", null, ASKED).toString().contains("nick"));
  }

  private static void awaits(BooleanSupplier condition) {
    int left = 500;
    while (!condition.getAsBoolean()) {
      assertTrue(left-- > 0, "it does not happen");
    }
  }
}

package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Users who are looked for, and those who want to be found (XEP-0055). */
@Conversation
class SearchConversationTest {
  private static final String NS = "jabber:iq:search";
  private static final String FORMS = "jabber:x:data";
  private static final String COMMANDS = "http://jabber.org/protocol/commands";
  private static final String VCARD_4 = "urn:xmpp:vcard4";

  /** All tests search the same directory. */
  private final String nick = "n" + UUID.randomUUID().toString().replace("-", "");

  private static String search(String content) {
    return "<query xmlns='" + NS + "'>" + content + "</query>";
  }

  private String byNick() {
    return search("<nick>" + nick.substring(0, 20).toUpperCase() + "</nick>");
  }

  private List<String> found(Client asker) {
    return asker
        .asks("set", asker.domain(), byNick(), r -> r.type("result"))
        .child("query", NS)
        .orElseThrow()
        .children("item", NS)
        .stream()
        .map(item -> item.attribute("jid"))
        .toList();
  }

  private void publishes(Client client, Map<String, String> options) {
    String vcard =
        "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>Juliet</text></fn>"
            + "<n><surname>Capulet</surname><given>Juliet</given></n>"
            + ("<nickname><text>" + nick + "</text></nickname>")
            + ("<email><text>" + nick + "@example.org</text></email></vcard>");
    client.asks(
        "set", null, Personal.publish(VCARD_4, "current", vcard, options), r -> r.type("result"));
  }

  private static void wantsToBeFound(Client client, boolean listed) {
    String node = "urn:rookery:directory#listing";
    Element asked =
        client
            .asks(
                "set",
                client.domain(),
                "<command xmlns='%s' node='%s'/>".formatted(COMMANDS, node),
                r -> r.type("result"))
            .child("command", COMMANDS)
            .orElseThrow();
    client.asks(
        "set",
        client.domain(),
        ("<command xmlns='%s' node='%s' sessionid='%s'><x xmlns='%s' type='submit'>"
                + "<field var='listed'><value>%s</value></field></x></command>")
            .formatted(COMMANDS, node, asked.attribute("sessionid"), FORMS, listed),
        r -> r.type("result").has("command", COMMANDS, c -> c.attribute("status", "completed")));
  }

  @Test
  void whoWantsToBeFoundIsByWhatIsPublic(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    publishes(juliet, Personal.OPEN);
    assertEquals(List.of(), found(romeo), "a public vCard is not enough");
    wantsToBeFound(juliet, true);
    assertEquals(List.of(juliet.bare()), found(romeo));

    juliet.asks(
        "set",
        null,
        Personal.configure(VCARD_4, Map.of("access_model", "presence")),
        r -> r.type("result"));
    assertEquals(List.of(), found(romeo), "it is not public any more");
    juliet.asks(
        "set",
        null,
        Personal.configure(VCARD_4, Map.of("access_model", "open")),
        r -> r.type("result"));
    assertEquals(List.of(juliet.bare()), found(romeo));

    juliet.asks(
        "set", null, "<vCard xmlns='vcard-temp'><FN>Juliet</FN></vCard>", r -> r.type("result"));
    assertEquals(List.of(), found(romeo), "the nickname is not there any more");
    publishes(juliet, Map.of());
    assertEquals(List.of(juliet.bare()), found(romeo));
    wantsToBeFound(juliet, false);
    assertEquals(List.of(), found(romeo));
  }

  @Test
  void aFormIsAnsweredByATable(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    publishes(juliet, Personal.OPEN);
    wantsToBeFound(juliet, true);
    Element query =
        romeo
            .asks("get", romeo.domain(), search(""), r -> r.type("result"))
            .child("query", NS)
            .orElseThrow();
    assertTrue(query.child("instructions", NS).isPresent());
    assertTrue(query.child("email", NS).isPresent());
    assertEquals("form", query.child("x", FORMS).orElseThrow().attribute("type"));

    String form =
        "<x xmlns='%s' type='submit'><field var='FORM_TYPE'><value>%s</value></field>"
            + "<field var='email'><value>%s@EXAMPLE.org</value></field>"
            + "<field var='first'><value>Juliet</value></field></x>";
    Element table =
        romeo
            .asks(
                "set",
                romeo.domain(),
                search(form.formatted(FORMS, NS, nick)),
                r -> r.type("result"))
            .child("query", NS)
            .flatMap(q -> q.child("x", FORMS))
            .orElseThrow();
    assertEquals("result", table.attribute("type"));
    assertEquals(5, table.child("reported", FORMS).orElseThrow().children().size());
    List<String> row =
        table.child("item", FORMS).orElseThrow().children().stream()
            .map(field -> field.child("value", FORMS).orElseThrow().text())
            .toList();
    assertEquals(List.of(juliet.bare(), "Juliet", "Capulet", nick, nick + "@example.org"), row);
  }

  @Test
  void whatIsWrongIsRefused(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String domain = romeo.domain();
    String other =
        "<x xmlns='%s' type='submit'><field var='FORM_TYPE'><value>urn:other</value></field></x>";
    romeo.asks("set", domain, search(other.formatted(FORMS)), r -> r.error("bad-request"));
    romeo.asks("set", domain, search("<nick>a</nick><nick>b</nick>"), r -> r.error("bad-request"));
    romeo.asks("set", domain, search(""), r -> r.error("not-acceptable"));
    romeo.asks("set", romeo.bare(), search("<nick>a</nick>"), r -> r.error("service-unavailable"));
  }

  @Test
  void whoSearchesTooOftenWaits(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    int searches = searchesUntilRefused(romeo);
    assertTrue(searches >= 20, searches + " searches in a row");
    Client tablet = given.client("romeo", "tablet");
    int others = searchesUntilRefused(tablet);
    assertTrue(others < 20, others + " searches more of the same user");
    assertEquals(List.of(), found(given.client("juliet", "balcony")));
  }

  /** One more is allowed from time to time, which may be now. */
  private int searchesUntilRefused(Client client) {
    for (int i = 0; i < 100; i++) {
      Element reply = client.asks("set", client.domain(), byNick());
      if ("error".equals(reply.attribute("type"))) {
        client.expects(reply, r -> r.error("policy-violation"));
        assertEquals("wait", reply.child("error").orElseThrow().attribute("type"));
        return i;
      }
    }
    throw new AssertionError("never refused");
  }

  @Test
  void whoIsGoneOrBlocksTheOtherIsNotFound(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    publishes(juliet, Personal.OPEN);
    wantsToBeFound(juliet, true);
    assertEquals(List.of(juliet.bare()), found(romeo));
    juliet.asks(
        "set",
        null,
        "<block xmlns='urn:xmpp:blocking'><item jid='" + romeo.bare() + "'/></block>",
        r -> r.type("result"));
    assertEquals(List.of(), found(romeo));
    Account account = given.user("juliet");
    Client other = given.connected("juliet", "garden");
    other.sends("<iq type='set' id='bye'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    other.isDisconnected();
    juliet.isDisconnected();
    Cast.registersAgain(given.secured("juliet"), account);
    Client paris = given.connected("paris", "carriage");
    assertEquals(List.of(), found(paris), "she has gone");
  }
}

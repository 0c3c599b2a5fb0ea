package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Users who move to another account, and their contacts (XEP-0283). */
@Conversation
class MovedConversationTest {
  private static final String NS = "urn:xmpp:moved:1";

  private static void states(Client old, Object now, Map<String, String> options) {
    String statement = "<moved xmlns='%s'><new-jid>%s</new-jid></moved>".formatted(NS, now);
    old.asks(
        "set", null, Personal.publish(NS, "current", statement, options), r -> r.type("result"));
  }

  private static String request(Client contact, Object old) {
    return "<presence to='%s' type='subscribe' id='s1'><moved xmlns='%s'><old-jid>%s</old-jid></moved></presence>"
        .formatted(contact.bare(), NS, old);
  }

  private static String subscription(Client client, Client contact) {
    return client.rosterItem(contact.bare()).orElseThrow().attribute("subscription");
  }

  @Test
  void aUserMovesAndHisContactsFollow(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    given.befriend(romeo, juliet);
    romeo.asks(
        "set",
        null,
        "<query xmlns='jabber:iq:roster'><item jid='%s' name='Juliet'><group>Verona</group></item></query>"
            .formatted(juliet.bare()),
        r -> r.type("result"));
    given.settle();

    states(juliet, given.client("julia", "garden").bare(), Map.of());
    Client julia = given.client("julia", "orchard");
    juliet.leaves();
    given.settle();
    julia.sends(request(romeo, juliet.bare()));

    julia.receives("presence", p -> p.from(romeo.bare()).type("subscribed"));
    julia.receives("presence", p -> p.from(romeo).type(null));
    julia.receives("presence", p -> p.from(romeo.bare()).type("subscribe"));
    romeo.expects(
        romeo.receivesPush(julia.bare(), "from"),
        iq ->
            iq.has(
                "query",
                Client.ROSTER,
                q -> q.has("item", Client.ROSTER, i -> i.attribute("name", "Juliet"))));
    romeo.receivesPush(juliet.bare(), "to");
    julia.sends("<presence to='%s' type='subscribed'/>", romeo.bare());
    romeo.receives("presence", p -> p.from(julia.bare()).type("subscribed"));
    romeo.receivesPush(julia.bare(), "both");
    for (Element rest : romeo.settles()) {
      assertTrue(!"subscribe".equals(rest.attribute("type")), "his server has dealt with it");
    }
    assertEquals("both", subscription(romeo, julia));
    assertEquals("both", subscription(julia, romeo));
  }

  @Test
  void aMoveThatIsNotProvenIsARequestAsAnyOther(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    Client paris = given.client("paris", "carriage");
    given.befriend(romeo, juliet);
    isAsked(romeo, paris, juliet.bare());
    states(juliet, "juliet@elsewhere.example", Map.of());
    isAsked(romeo, paris, juliet.bare());
    states(juliet, paris, Map.of());
    isAsked(romeo, paris, juliet.bare());
    isAsked(romeo, paris, juliet);
    isAsked(romeo, paris, "@");
    isAsked(romeo, paris, "juliet@elsewhere.example");
    given.settle();
    assertEquals("both", subscription(romeo, juliet));
    assertTrue(romeo.rosterItem(paris.bare()).isEmpty());
  }

  private static void isAsked(Client romeo, Client paris, Object old) {
    paris.sends(request(romeo, old));
    romeo.receives(
        "presence", p -> p.from(paris.bare()).type("subscribe").has("moved", NS, m -> {}));
    paris.sends("<presence to='%s' type='unsubscribe'/>", romeo.bare());
    romeo.receives("presence", p -> p.from(paris.bare()).type("unsubscribe"));
  }

  /** RFC 6120, section 8.3.3.5; strangers are not told (XEP-0283, section 6.1). */
  @Test
  void whoAsksAtTheOldAddressLearnsTheNew(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    Client paris = given.client("paris", "carriage");
    Client julia = given.client("julia", "garden");
    given.subscribe(romeo, juliet);
    states(juliet, julia.bare(), Map.of());
    romeo.sends("<presence to='%s' type='subscribe' id='again'/>", juliet.bare());
    Element error = romeo.receives("presence", p -> p.from(juliet.bare()).error("gone"));
    assertEquals("again", error.attribute("id"));
    assertEquals(
        "xmpp:" + julia.bare(),
        error
            .child("error")
            .flatMap(e -> e.child("gone", Client.STANZA_ERRORS))
            .orElseThrow()
            .text());
    paris.sends("<presence to='%s' type='subscribe'/>", juliet.bare());
    juliet.receives("presence", p -> p.from(paris.bare()).type("subscribe"));
    given.settle();
    states(juliet, julia.bare(), Map.of());
    juliet.asks(
        "set", null, Personal.configure(NS, Map.of("access_model", "open")), r -> r.type("result"));
    paris.sends("<presence to='%s' type='unsubscribe'/>", juliet.bare());
    paris.sends("<presence to='%s' type='subscribe'/>", juliet.bare());
    paris.receives("presence", p -> p.from(juliet.bare()).error("gone"));
  }
}

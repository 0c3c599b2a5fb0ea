package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands of the server for everybody, and contacts by invitation (XEP-0050, 0401, 0379). */
@Conversation
class InvitationConversationTest {
  private static final String COMMANDS = "http://jabber.org/protocol/commands";
  private static final String ITEMS = "http://jabber.org/protocol/disco#items";
  private static final String INVITE = "urn:xmpp:invite#invite";

  @Test
  void aUserSeesTheCommandsForUsers(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Element items =
        romeo.asks(
            "get",
            romeo.domain(),
            "<query xmlns='" + ITEMS + "' node='" + COMMANDS + "'/>",
            r -> r.type("result"));
    List<String> nodes =
        items.child("query", ITEMS).orElseThrow().children("item", ITEMS).stream()
            .map(item -> item.attribute("node"))
            .toList();
    assertEquals(List.of(INVITE, "urn:rookery:directory#listing"), nodes);
    romeo.asks("set", romeo.domain(), command("nothing", ""), r -> r.error("item-not-found"));
    romeo.asks(
        "set",
        romeo.domain(),
        command("http://jabber.org/protocol/admin#add-user", ""),
        r -> r.error("forbidden"));
    romeo.asks(
        "set",
        romeo.domain(),
        command("urn:xmpp:invite#create-account", ""),
        r -> r.error("forbidden"));
    romeo.asks(
        "set", romeo.domain(), command(INVITE, "sessionid='x'"), r -> r.error("bad-request"));
    romeo.asks("set", romeo.bare(), command(INVITE, ""), r -> r.error("service-unavailable"));
  }

  @Test
  void anInvitedContactIsApproved(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    String token = invitation(romeo);
    juliet.sends(request(romeo, token));
    juliet.receives("presence", p -> p.from(romeo.bare()).type("subscribed"));
    juliet.receives("presence", p -> p.from(romeo.bare()).type("subscribe"));
    juliet.sends("<presence to='%s' type='subscribed'/>", romeo.bare());
    romeo.receivesPush(juliet.bare(), "from");
    romeo.receivesPush(juliet.bare(), "both");
    given.settle();
    assertEquals("both", subscription(romeo, juliet));
    assertEquals("both", subscription(juliet, romeo));
  }

  @Test
  void anInvitationIsForOneContactAndAWrongOneForNobody(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    Client paris = given.client("paris", "carriage");
    String token = invitation(romeo);
    juliet.sends(request(romeo, token));
    juliet.receives("presence", p -> p.from(romeo.bare()).type("subscribed"));
    for (String useless : List.of(token, "guessed", "")) {
      paris.sends(request(romeo, useless));
      romeo.receives("presence", p -> p.from(paris.bare()).type("subscribe"));
      paris.sends("<presence to='%s' type='unsubscribe'/>", romeo.bare());
      romeo.receives("presence", p -> p.from(paris.bare()).type("unsubscribe"));
    }
    assertTrue(romeo.rosterItem(paris.bare()).isEmpty());
    assertFalse(romeo.rosterItem(juliet.bare()).isEmpty());
  }

  private static String request(Client to, String token) {
    return "<presence to='%s' type='subscribe'><preauth xmlns='urn:xmpp:pars:0' token='%s'/></presence>"
        .formatted(to.bare(), token);
  }

  private static String invitation(Client inviter) {
    Element reply =
        inviter.asks("set", inviter.domain(), command(INVITE, ""), r -> r.type("result"));
    Element command = reply.child("command", COMMANDS).orElseThrow();
    assertEquals("completed", command.attribute("status"));
    String uri = AdministrationConversationTest.told(command, "uri");
    String begin = "xmpp:" + inviter.bare() + "?roster;preauth=";
    assertTrue(uri.startsWith(begin), uri);
    return uri.substring(begin.length());
  }

  private static String command(String node, String more) {
    return "<command xmlns='" + COMMANDS + "' node='" + node + "' " + more + "/>";
  }

  private static String subscription(Client client, Client contact) {
    return client.rosterItem(contact.bare()).orElseThrow().attribute("subscription");
  }
}

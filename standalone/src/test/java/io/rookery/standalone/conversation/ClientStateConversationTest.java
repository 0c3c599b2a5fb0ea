package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** XEP-0352: Client State Indication. */
@Conversation
class ClientStateConversationTest {
  private static final String INACTIVE = "<inactive xmlns='urn:xmpp:csi:0'/>";
  private static final String ACTIVE = "<active xmlns='urn:xmpp:csi:0'/>";
  private static final String COMPOSING =
      "<composing xmlns='http://jabber.org/protocol/chatstates'/>";

  private static void becomesInactive(Client client) {
    client.sends(INACTIVE);
    client.asks("get", client.domain(), "<ping xmlns='urn:xmpp:ping'/>", r -> r.type("result"));
  }

  /** Waits until what the client has sent is at its contact's owner: it has come to another. */
  private static void shows(Client from, Client witness, String show) {
    from.sends("<presence><show>%s</show></presence>".formatted(show));
    witness.receives("presence", p -> p.from(from).childText("show", show));
  }

  private static String ping(Client client) {
    return client.asks("get", client.domain(), "<ping xmlns='urn:xmpp:ping'/>").attribute("type");
  }

  @Test
  void itIsAnnounced(Cast given) throws Exception {
    given.user("romeo");
    assertTrue(given.authenticated("romeo").features().child("csi", "urn:xmpp:csi:0").isPresent());
  }

  @Test
  void presenceWaitsForAMessageAndOnlyTheLatestIsLeft(Cast given) throws Exception {
    Client phone = given.client("juliet", "phone");
    Client laptop = given.client("juliet", "laptop");
    Client romeo = given.client("romeo", "phone");
    given.subscribe(phone, romeo);
    given.settle();
    becomesInactive(phone);
    shows(romeo, laptop, "away");
    shows(romeo, laptop, "xa");
    romeo.sends("<message to='%s' type='chat'>" + COMPOSING + "</message>", phone);
    romeo.sends("<message to='%s' type='chat'><body>Hist!</body></message>", phone);
    phone.receivesNext("presence", p -> p.from(romeo).childText("show", "xa"));
    phone.receivesNext("message", m -> m.has("composing", "http://jabber.org/protocol/chatstates"));
    phone.receivesNext("message", m -> m.body("Hist!"));
  }

  /** XEP-0386, section 3.2. */
  @Test
  void aSessionMayBeginInactive(Cast given) throws Exception {
    Client laptop = given.client("juliet", "laptop");
    Client romeo = given.client("romeo", "phone");
    given.subscribe(laptop, romeo);
    Client phone = given.secured("juliet");
    phone.logsIn(
        given.user("juliet"),
        Mechanism.SCRAM_SHA_1,
        "<bind xmlns='urn:xmpp:bind:0'>" + INACTIVE + "</bind>");
    phone.sends("<presence/>");
    given.settle();
    shows(romeo, laptop, "away");
    shows(romeo, laptop, "xa");
    romeo.sends("<message to='%s' type='chat'><body>Hist!</body></message>", phone);
    phone.receivesNext("presence", p -> p.from(romeo).childText("show", "xa"));
    phone.receivesNext("message", m -> m.body("Hist!"));
  }

  /** Section 5: what was held is there before the answer to what follows. */
  @Test
  void whoIsActiveAgainIsUpToDate(Cast given) throws Exception {
    Client phone = given.client("juliet", "phone");
    Client laptop = given.client("juliet", "laptop");
    Client romeo = given.client("romeo", "phone");
    given.subscribe(phone, romeo);
    given.settle();
    becomesInactive(phone);
    shows(romeo, laptop, "dnd");
    phone.sends(
        ACTIVE
            + "<iq type='get' id='after' to='"
            + phone.domain()
            + "'>"
            + "<ping xmlns='urn:xmpp:ping'/></iq>");
    List<String> seen = phone.settles().stream().map(e -> e.localName()).toList();
    assertEquals(List.of("presence", "iq"), seen);
    shows(romeo, phone, "chat");
  }

  @Test
  void subscriptionsDoNotWait(Cast given) throws Exception {
    Client phone = given.client("juliet", "phone");
    Client romeo = given.client("romeo", "phone");
    becomesInactive(phone);
    romeo.sends("<presence to='%s' type='subscribe'/>", phone.bare());
    phone.receives("presence", p -> p.from(romeo.bare()).type("subscribe"));
  }

  @Test
  void aResumedStreamIsActiveAndHasMissedNothing(Cast given) throws Exception {
    Client phone = given.client("juliet", "phone");
    Client laptop = given.client("juliet", "laptop");
    Client romeo = given.client("romeo", "phone");
    given.subscribe(phone, romeo);
    given.settle();
    phone.sends("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    String id = phone.receives("enabled", e -> {}).attribute("id");
    becomesInactive(phone);
    shows(romeo, laptop, "away");
    shows(romeo, laptop, "dnd");
    phone.close();
    Client again = given.authenticated("juliet");
    again.sends("<resume xmlns='urn:xmpp:sm:3' previd='%s' h='1'/>".formatted(id));
    again.receives("resumed", r -> {});
    again.isNow(phone);
    again.receivesNext("presence", p -> p.from(romeo).childText("show", "dnd"));
    shows(romeo, again, "chat");
  }

  @Test
  void itIsNoStanza(Cast given) throws Exception {
    Client phone = given.client("juliet", "phone");
    phone.sends("<enable xmlns='urn:xmpp:sm:3'/>");
    phone.receives("enabled", e -> {});
    phone.sends(INACTIVE + ACTIVE + INACTIVE + "<r xmlns='urn:xmpp:sm:3'/>");
    assertEquals("0", phone.receives("a", a -> {}).attribute("h"));
    assertEquals("result", ping(phone));
  }
}

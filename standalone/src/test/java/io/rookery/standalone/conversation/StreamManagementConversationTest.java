package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0198: acknowledgements, and sessions that outlive their stream. */
@Conversation
class StreamManagementConversationTest {
  private static final String SM = "urn:xmpp:sm:3";

  private static Element managed(Client client, String name) {
    return client.receives(name, e -> e.that("of " + SM, one -> one.namespace().equals(SM)));
  }

  private static Element enables(Client client) {
    client.sends("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    return managed(client, "enabled");
  }

  private static int acknowledged(Client client) {
    client.sends("<r xmlns='urn:xmpp:sm:3'/>");
    return Integer.parseInt(managed(client, "a").attribute("h"));
  }

  private static void says(Client from, Client to, String text) {
    from.sends(
        "<message to='%s' type='chat' id='%s'><body>%s</body></message>"
            .formatted(to.bare(), text, text));
  }

  private static void hears(Client client, String text) {
    client.receives("message", m -> m.body(text));
  }

  private static Client resumes(Cast given, String role, String id, long h) throws Exception {
    Client again = given.authenticated(role);
    again.sends("<resume xmlns='urn:xmpp:sm:3' previd='%s' h='%d'/>".formatted(id, h));
    return again;
  }

  @Test
  void itIsAnnounced(Cast given) throws Exception {
    given.user("romeo");
    assertTrue(given.authenticated("romeo").features().child("sm", SM).isPresent());
  }

  @Test
  void whatIsHandledIsAcknowledged(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    enables(romeo);
    assertEquals(0, acknowledged(romeo));
    for (int i = 0; i < 20; i++) {
      says(romeo, juliet, "word " + i);
    }
    romeo.sends("<iq type='get' id='bad' to='@'/>"); // counts, too
    assertEquals(21, acknowledged(romeo));
  }

  @Test
  void theServerAsksForAcknowledgements(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    enables(juliet);
    for (int i = 0; i < 10; i++) {
      says(romeo, juliet, "word " + i);
    }
    managed(juliet, "r");
  }

  @Test
  void aSessionGoesOnWhereItWasInterrupted(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    String id = enables(juliet).attribute("id");
    says(romeo, juliet, "before");
    hears(juliet, "before");
    says(juliet, romeo, "answer");
    hears(romeo, "answer");
    juliet.close();
    says(romeo, juliet, "while away");
    Client again = resumes(given, "juliet", id, 1);
    assertEquals("1", managed(again, "resumed").attribute("h"));
    again.isNow(juliet);
    hears(again, "while away");
    says(romeo, juliet, "after");
    hears(again, "after");
    again.sends("<message to='%s' type='chat'><body>here again</body></message>", romeo.bare());
    hears(romeo, "here again");
    assertEquals(2, acknowledged(again));
  }

  /** A dead session waits for its client; what the others have is not delivered again for it. */
  @Test
  void whatAnotherDeviceHasTakenDoesNotWait(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client phone = given.client("juliet", "phone");
    Client laptop = given.client("juliet", "laptop");
    enables(laptop);
    String id = enables(phone).attribute("id");
    phone.close();
    says(romeo, laptop, "taken");
    hears(laptop, "taken");
    laptop.sends("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    acknowledged(laptop);
    Client tablet = given.connected("juliet", "tablet");
    tablet.sends("<presence/>");
    tablet.receives("presence", p -> p.from(tablet));
    assertTrue(tablet.settles().stream().noneMatch(e -> e.localName().equals("message")));
    Client again = resumes(given, "juliet", id, 0);
    managed(again, "resumed");
    hears(again, "taken");
  }

  @Test
  void whatWasNotReceivedIsSentAgainInOrder(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    String id = enables(juliet).attribute("id");
    for (String text : List.of("one", "two", "three")) {
      says(romeo, juliet, text);
      hears(juliet, text);
    }
    juliet.close();
    Client again = resumes(given, "juliet", id, 1);
    managed(again, "resumed");
    again.receivesNext("message", m -> m.body("two"));
    again.receivesNext("message", m -> m.body("three"));
  }

  @Test
  void contactsSeeNothingOfAnInterruption(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    String id = enables(juliet).attribute("id");
    juliet.sends("<presence to='%s'/>", romeo);
    romeo.receives("presence", p -> p.from(juliet));
    juliet.close();
    Client again = resumes(given, "juliet", id, 0);
    managed(again, "resumed");
    again.sends("<presence to='%s'><show>away</show></presence>", romeo);
    romeo.receivesNext("presence", p -> p.from(juliet).has("show", Client.CLIENT));
  }

  @Test
  void aStreamThatIsStillThereGivesWay(Cast given) throws Exception {
    Client juliet = given.client("juliet", "phone");
    String id = enables(juliet).attribute("id");
    Client again = resumes(given, "juliet", id, 0);
    managed(again, "resumed");
    juliet.receivesStreamError("conflict");
  }

  @Test
  void aSessionThatIsClosedInOrderIsOver(Cast given) throws Exception {
    Client juliet = given.client("juliet", "phone");
    String id = enables(juliet).attribute("id");
    juliet.leaves();
    Client again = resumes(given, "juliet", id, 0);
    Element failed = managed(again, "failed");
    assertTrue(failed.child("item-not-found", Client.STANZA_ERRORS).isPresent());
    again.binds("phone"); // the stream is good for something else
  }

  @Test
  void messagesOfASessionThatIsNotResumedWait(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    enables(juliet);
    says(romeo, juliet, "received, not acknowledged");
    hears(juliet, "received, not acknowledged");
    juliet.close();
    says(romeo, juliet, "never sent");
    Client replacing = given.connected("juliet", "phone");
    replacing.sends("<presence/>");
    hears(replacing, "received, not acknowledged");
    hears(replacing, "never sent");
  }

  @Test
  void somebodyElsesSessionCannotBeResumed(Cast given) throws Exception {
    Client juliet = given.client("juliet", "phone");
    String id = enables(juliet).attribute("id");
    given.user("tybalt");
    Client tybalt = resumes(given, "tybalt", id, 0);
    managed(tybalt, "failed");
    assertEquals(0, acknowledged(juliet));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "4294967295"})
  void acknowledgingWhatWasNeverSentEndsTheStream(String h, Cast given) throws Exception {
    Client juliet = given.client("juliet", "phone");
    String id = enables(juliet).attribute("id");
    juliet.close();
    Client again = resumes(given, "juliet", id, Long.parseLong(h));
    Element error = again.receivesStreamError("undefined-condition");
    assertTrue(error.child("handled-count-too-high", SM).isPresent(), error::toString);
    Client later = resumes(given, "juliet", id, 0);
    managed(later, "resumed");
    later.sends("<a xmlns='urn:xmpp:sm:3' h='%s'/>".formatted(h));
    later.receivesStreamError("undefined-condition");
  }

  @Test
  void acknowledgementsNeedToBeEnabledOnceAndInTime(Cast given) throws Exception {
    given.user("romeo");
    Client romeo = given.authenticated("romeo");
    romeo.sends("<enable xmlns='urn:xmpp:sm:3'/>");
    unexpected(romeo);
    romeo.binds("phone");
    romeo.sends("<r xmlns='urn:xmpp:sm:3'/>");
    unexpected(romeo);
    romeo.sends("<a xmlns='urn:xmpp:sm:3' h='0'/>");
    unexpected(romeo);
    enables(romeo);
    romeo.sends("<enable xmlns='urn:xmpp:sm:3'/>");
    unexpected(romeo);
    romeo.sends("<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>");
    unexpected(romeo);
    assertEquals(0, acknowledged(romeo));
  }

  private static void unexpected(Client client) {
    Element failed = managed(client, "failed");
    assertTrue(
        failed.child("unexpected-request", Client.STANZA_ERRORS).isPresent(), failed::toString);
  }
}

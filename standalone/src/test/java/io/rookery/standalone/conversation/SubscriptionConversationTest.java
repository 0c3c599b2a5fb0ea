package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The life of a presence subscription (RFC 6121, section 3). */
@Conversation
class SubscriptionConversationTest {

  @Test
  void requestAndApproval(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");

    romeo.sends(
        "<presence to='%s' type='subscribe'><status>It's me</status></presence>", juliet.bare());
    Element pending = romeo.receivesPush(juliet.bare(), "none");
    romeo.expects(
        pending,
        iq ->
            iq.has(
                "query",
                Client.ROSTER,
                q -> q.has("item", Client.ROSTER, i -> i.attribute("ask", "subscribe"))));
    juliet.receives(
        "presence", p -> p.from(romeo.bare()).type("subscribe").childText("status", "It's me"));
    juliet.receivesNothing();

    juliet.sends("<presence to='%s' type='subscribed'/>", romeo.bare());
    juliet.receivesPush(romeo.bare(), "from");
    romeo.receives("presence", p -> p.from(juliet.bare()).type("subscribed"));
    romeo.receivesPush(juliet.bare(), "to");
    romeo.receives("presence", p -> p.from(juliet).type(null));
    romeo.receivesNothing();
    juliet.receivesNothing();
    assertNull(romeo.rosterItem(juliet.bare()).orElseThrow().attribute("ask"));
  }

  @Test
  void mutualSubscriptionIsBoth(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    assertEquals("both", subscription(romeo, juliet));
    assertEquals("both", subscription(juliet, romeo));
  }

  @Test
  void fullAddressesAreTakenAsBare(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends("<presence to='%s' type='subscribe'/>", juliet);
    romeo.receivesPush(juliet.bare(), "none");
    juliet.receives("presence", p -> p.from(romeo.bare()).type("subscribe"));
  }

  @Test
  void requestWaitsForTheContactToComeOnline(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Account juliet = given.user("juliet");
    romeo.sends(
        "<presence to='%s' type='subscribe'><status>Please</status></presence>", juliet.bare());
    romeo.receivesPush(juliet.bare(), "none");
    given.settle();

    Client first = given.connected("juliet", "balcony");
    assertEquals(0, first.getsRoster().size());
    first.sends("<presence/>");
    first.receives(
        "presence", p -> p.from(romeo.bare()).type("subscribe").childText("status", "Please"));
    first.leaves();

    // Unanswered, it comes again with the next available resource (section 3.1.3).
    Client second = given.connected("juliet", "garden");
    second.sends("<presence/>");
    second.receives("presence", p -> p.from(romeo.bare()).type("subscribe"));
    second.sends("<presence to='%s' type='subscribed'/>", romeo.bare());
    romeo.receivesPush(juliet.bare(), "to");
  }

  @Test
  void refusalEndsTheRequest(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends("<presence to='%s' type='subscribe'/>", juliet.bare());
    juliet.receives("presence", p -> p.type("subscribe"));
    juliet.sends("<presence to='%s' type='unsubscribed'/>", romeo.bare());
    romeo.receives("presence", p -> p.from(juliet.bare()).type("unsubscribed"));
    given.settle();
    Element item = romeo.rosterItem(juliet.bare()).orElseThrow();
    assertEquals("none", item.attribute("subscription"));
    assertNull(item.attribute("ask"));
    assertTrue(juliet.rosterItem(romeo.bare()).isEmpty());
  }

  @Test
  void withdrawnRequestIsNotDeliveredLater(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Account juliet = given.user("juliet");
    romeo.sends("<presence to='%s' type='subscribe'/>", juliet.bare());
    romeo.sends("<presence to='%s' type='unsubscribe'/>", juliet.bare());
    given.settle();
    Client balcony = given.connected("juliet", "balcony");
    balcony.sends("<presence/>");
    balcony.receives("presence", p -> p.from(balcony));
    balcony.receivesNothing();
  }

  @Test
  void userUnsubscribes(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    romeo.sends("<presence to='%s' type='unsubscribe'/>", juliet.bare());
    romeo.receivesPush(juliet.bare(), "from");
    juliet.receives("presence", p -> p.from(romeo.bare()).type("unsubscribe"));
    juliet.receivesPush(romeo.bare(), "to");
    romeo.receives("presence", p -> p.from(juliet).type("unavailable"));
    given.settle();
    juliet.sends("<presence><show>away</show></presence>");
    juliet.receives("presence", p -> p.from(juliet));
    romeo.receivesNothing();
  }

  @Test
  void contactCancels(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    juliet.sends("<presence to='%s' type='unsubscribed'/>", romeo.bare());
    juliet.receivesPush(romeo.bare(), "to");
    romeo.receives("presence", p -> p.from(juliet).type("unavailable"));
    romeo.receives("presence", p -> p.from(juliet.bare()).type("unsubscribed"));
    romeo.receivesPush(juliet.bare(), "from");
    given.settle();
    juliet.sends("<presence><show>away</show></presence>");
    juliet.receives("presence", p -> p.from(juliet));
    romeo.receivesNothing();
  }

  /** Section 3.4. */
  @Test
  void preApprovalAnswersTheRequest(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    assertTrue(juliet.offers("sub", "urn:xmpp:features:pre-approval"));
    juliet.sends("<presence to='%s' type='subscribed'/>", romeo.bare());
    Element push = juliet.receivesPush(romeo.bare(), "none");
    juliet.expects(
        push,
        iq ->
            iq.has(
                "query",
                Client.ROSTER,
                q -> q.has("item", Client.ROSTER, i -> i.attribute("approved", "true"))));
    romeo.receivesNothing();

    romeo.sends("<presence to='%s' type='subscribe'/>", juliet.bare());
    romeo.receives("presence", p -> p.from(juliet.bare()).type("subscribed"));
    romeo.receivesPush(juliet.bare(), "to");
    romeo.receives("presence", p -> p.from(juliet).type(null));
    juliet.receivesPush(romeo.bare(), "from");
    juliet.receivesNothing();
  }

  @Test
  void cancelledPreApprovalAnswersNothing(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    juliet.sends("<presence to='%s' type='subscribed'/>", romeo.bare());
    juliet.receivesPush(romeo.bare(), "none");
    juliet.sends("<presence to='%s' type='unsubscribed'/>", romeo.bare());
    juliet.receivesPush(romeo.bare(), "none");
    romeo.sends("<presence to='%s' type='subscribe'/>", juliet.bare());
    juliet.receives("presence", p -> p.from(romeo.bare()).type("subscribe"));
    juliet.receivesNothing();
  }

  @Test
  void repeatedRequestOfASubscriberIsAnsweredByTheServer(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.subscribe(romeo, juliet);
    given.settle();
    romeo.sends("<presence to='%s' type='subscribe'/>", juliet.bare());
    juliet.receivesNothing();
    assertEquals("to", subscription(romeo, juliet));
  }

  @Test
  void uninvitedApprovalChangesNothing(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    juliet.sends("<presence to='%s' type='subscribed'/>", romeo.bare());
    juliet.receivesPush(romeo.bare(), "none");
    romeo.receivesNothing();
    assertTrue(romeo.rosterItem(juliet.bare()).isEmpty());
  }

  @Test
  void requestToNobodyStaysPendingOrIsRefused(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String nobody = given.stranger("nobody").bare();
    romeo.sends("<presence to='%s' type='subscribe'/>", nobody);
    romeo.receivesPush(nobody, "none");
    given.settle();
    assertEquals("none", romeo.rosterItem(nobody).orElseThrow().attribute("subscription"));
  }

  private static String subscription(Client client, Client contact) {
    return client.rosterItem(contact.bare()).orElseThrow().attribute("subscription");
  }
}

package io.rookery.standalone.conversation;

import org.junit.jupiter.api.Test;

/** Exchanging presence (RFC 6121, section 4). */
@Conversation
class PresenceConversationTest {

  @Test
  void initialPresenceReachesSubscribersAndOwnDevices(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    Client laptop = given.connected("romeo", "laptop");
    laptop.sends("<presence><show>dnd</show><status>Wooing</status></presence>");
    juliet.receives(
        "presence",
        p -> p.from(laptop).type(null).childText("show", "dnd").childText("status", "Wooing"));
    romeo.receives("presence", p -> p.from(laptop).type(null));
    laptop.receives("presence", p -> p.from(laptop).type(null));
    laptop.receives("presence", p -> p.from(romeo).type(null));
    laptop.receives("presence", p -> p.from(juliet).type(null));
    juliet.receivesNothing();
  }

  @Test
  void laterPresenceIsBroadcastWithoutProbing(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    romeo.sends("<presence><show>away</show></presence>");
    juliet.receives("presence", p -> p.from(romeo).childText("show", "away"));
    romeo.receives("presence", p -> p.from(romeo).childText("show", "away"));
    romeo.receivesNothing();
    juliet.receivesNothing();
  }

  @Test
  void strangersHearNothing(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends("<presence><show>away</show></presence>");
    romeo.receives("presence", p -> p.from(romeo));
    juliet.receivesNothing();
  }

  @Test
  void oneWaySubscriptionIsOneWay(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.subscribe(romeo, juliet);
    given.settle();
    juliet.sends("<presence><show>away</show></presence>");
    romeo.receives("presence", p -> p.from(juliet).childText("show", "away"));
    romeo.sends("<presence><show>xa</show></presence>");
    romeo.receives("presence", p -> p.from(romeo));
    juliet.receives("presence", p -> p.from(juliet));
    juliet.receivesNothing();
  }

  @Test
  void unavailableReachesSubscribers(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    romeo.sends("<presence type='unavailable'><status>Good night</status></presence>");
    juliet.receives(
        "presence", p -> p.from(romeo).type("unavailable").childText("status", "Good night"));
    juliet.receivesNothing();
    juliet.sends("<presence><show>away</show></presence>");
    juliet.receives("presence", p -> p.from(juliet));
    given.settle();
    romeo.receivesNothing();
  }

  @Test
  void closedStreamMakesUnavailable(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    romeo.leaves();
    juliet.receives("presence", p -> p.from(romeo).type("unavailable"));
    juliet.receivesNothing();
  }

  @Test
  void droppedConnectionMakesUnavailable(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    romeo.close();
    juliet.receives("presence", p -> p.from(romeo).type("unavailable"));
    juliet.receivesNothing();
  }

  @Test
  void directedPresenceReachesAStrangerAndItsEndToo(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends("<presence to='%s'><status>Here</status></presence>", juliet);
    juliet.receives("presence", p -> p.from(romeo).to(juliet).childText("status", "Here"));
    romeo.sends("<presence><show>away</show></presence>");
    romeo.receives("presence", p -> p.from(romeo));
    juliet.receivesNothing();
    romeo.close();
    juliet.receives("presence", p -> p.from(romeo).type("unavailable"));
    juliet.receivesNothing();
  }

  @Test
  void directedUnavailableIsTheLast(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends("<presence to='%s'/>", juliet);
    juliet.receives("presence", p -> p.from(romeo).type(null));
    romeo.sends("<presence to='%s' type='unavailable'/>", juliet);
    juliet.receives("presence", p -> p.from(romeo).type("unavailable"));
    romeo.leaves();
    juliet.receivesNothing();
  }

  @Test
  void presenceToABareAddressReachesEveryDevice(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client balcony = given.client("juliet", "balcony");
    Client garden = given.client("juliet", "garden");
    romeo.sends("<presence to='%s'/>", balcony.bare());
    balcony.receives("presence", p -> p.from(romeo).type(null));
    garden.receives("presence", p -> p.from(romeo).type(null));
  }

  @Test
  void probeOfASubscriberIsAnswered(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.subscribe(romeo, juliet);
    given.settle();
    romeo.sends("<presence to='%s' type='probe'/>", juliet.bare());
    romeo.receives("presence", p -> p.from(juliet).type(null));
    juliet.receivesNothing();
  }

  @Test
  void probeOfAStrangerLearnsNothing(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends("<presence to='%s' type='probe'/>", juliet.bare());
    for (Element answer : romeo.settles()) {
      romeo.expects(answer, p -> p.from(juliet.bare()).type("unsubscribed"));
    }
    juliet.receivesNothing();
  }

  @Test
  void latecomerLearnsTheLastPresence(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    given.befriend(romeo, juliet);
    romeo.leaves();
    juliet.sends("<presence><show>chat</show><priority>7</priority></presence>");
    Client phone = given.connected("romeo", "phone");
    phone.sends("<presence/>");
    phone.receives(
        "presence", p -> p.from(juliet).childText("show", "chat").childText("priority", "7"));
  }

  @Test
  void unknownTypeIsABadRequest(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.sends("<presence type='dancing' id='p1'/>");
    romeo.receives("presence", p -> p.id("p1").error("bad-request"));
  }
}

package io.rookery.router.roster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.roster.RosterItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two rosters that only talk through the state machines and two in-order links. */
class TwoPartySubscriptionTest {
  private static final int RUNS = 2_000;
  private static final int STEPS = 40;

  private static final class Party {
    private final Queue<SubscriptionType> inbox = new ArrayDeque<>();
    private RosterItem item;
    private Party peer;

    private Party(String peerJid) {
      item = RosterItem.none(Jid.parse(peerJid));
    }

    private void sends(SubscriptionType type) {
      Transition transition = SubscriptionStates.outbound(item, type);
      item = transition.next();
      if (transition.forward()) {
        peer.inbox.add(type);
      }
    }

    private void removesContact() {
      peer.inbox.addAll(SubscriptionStates.removal(item));
      item = RosterItem.none(item.contact());
    }

    private void receivesOne() {
      Transition transition = SubscriptionStates.inbound(item, inbox.remove(), "<presence/>");
      item = transition.next();
      transition.reply().ifPresent(peer.inbox::add);
    }
  }

  private final Party romeo = new Party("juliet@capulet.example");
  private final Party juliet = new Party("romeo@montague.example");
  private final List<String> history = new ArrayList<>();

  TwoPartySubscriptionTest() {
    romeo.peer = juliet;
    juliet.peer = romeo;
  }

  @Test
  void rostersAgreeWheneverTheLinksAreEmpty() {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      reset();
      for (int step = 0; step < STEPS; step++) {
        act(random.nextBoolean() ? romeo : juliet, random);
        drain();
        assertAgreed("seed " + seed + ": " + history);
      }
    }
  }

  /**
   * Stanzas that cross can leave the two sides apart: an approval on its way meets an unsubscribe
   * followed by a new request and is taken for the answer to it, because RFC 6121 has no request
   * ids. The next complete exchange must heal that.
   */
  @Test
  void rostersHealAfterStanzasThatCrossed() {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      reset();
      for (int step = 0; step < STEPS; step++) {
        act(random.nextBoolean() ? romeo : juliet, random);
        receiveSome(random);
      }
      drain();
      romeo.sends(SubscriptionType.UNSUBSCRIBE);
      drain();
      juliet.sends(SubscriptionType.UNSUBSCRIBE);
      drain();
      assertAgreed("after unsubscribe, seed " + seed + ": " + history);
      romeo.sends(SubscriptionType.SUBSCRIBE);
      drain();
      juliet.sends(SubscriptionType.SUBSCRIBED);
      drain();
      assertEquals(true, romeo.item.subscription().toContact(), "seed " + seed + history);
      assertAgreed("after approval, seed " + seed + ": " + history);
    }
  }

  private void reset() {
    romeo.item = RosterItem.none(romeo.item.contact());
    juliet.item = RosterItem.none(juliet.item.contact());
    history.clear();
  }

  private void act(Party actor, Random random) {
    int choice = random.nextInt(9);
    String name = actor == romeo ? "romeo " : "juliet ";
    if (choice == 8) {
      history.add(name + "removes");
      actor.removesContact();
    } else {
      SubscriptionType type = SubscriptionType.values()[choice / 2];
      history.add(name + type);
      actor.sends(type);
    }
  }

  private void receiveSome(Random random) {
    for (Party party : List.of(romeo, juliet)) {
      while (!party.inbox.isEmpty() && random.nextBoolean()) {
        party.receivesOne();
      }
    }
  }

  private void drain() {
    while (!romeo.inbox.isEmpty() || !juliet.inbox.isEmpty()) {
      for (Party party : List.of(romeo, juliet)) {
        while (!party.inbox.isEmpty()) {
          party.receivesOne();
        }
      }
    }
  }

  private void assertAgreed(String message) {
    assertDirection(romeo, juliet, message);
    assertDirection(juliet, romeo, message);
  }

  private static void assertDirection(Party watcher, Party watched, String message) {
    assertEquals(
        watcher.item.subscription().toContact(),
        watched.item.subscription().fromContact(),
        message);
    assertEquals(watcher.item.ask(), watched.item.pendingIn() != null, message);
  }
}

package io.rookery.router.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.router.session.Given;
import io.rookery.router.session.Session;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** XEP-0198, section 4: what becomes of stanzas that were not acknowledged. */
class SessionEndTest {
  private final Owner owner = new Owner();
  private final Session phone = owner.managed("phone", 1);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void hand(Stanza stanza, long position, Session... sessions) {
    owner.routes.toTakers(List.of(sessions), stanza, position, 77);
    owner.bus.taken();
  }

  private void end(Session session) {
    owner.sessionEnd.ended(owner.account(), session);
  }

  private void acknowledge(Session session) {
    owner.resumption.acknowledged(owner.account(), session, session.outbox().sent());
  }

  @Test
  void anotherDeviceGetsItWithTheTimeItCame() {
    Session laptop = owner.managed("laptop", 2);
    hand(Owner.message("1"), owner.clock.now << 16, phone);
    end(phone);
    List<Stanza> given =
        owner.taken(ToConnector.ToClient.class).stream()
            .map(ToConnector.ToClient::stanza)
            .filter(Stanza::isMessage)
            .toList();
    assertEquals(1, given.size());
    assertTrue(given.get(0).payload().has("urn:xmpp:delay", "delay"));
    assertTrue(laptop.outbox().unacked().stream().anyMatch(one -> one.origin() == 77));
  }

  @Test
  void withNobodyElseItWaitsInTheLog() {
    owner.account().caughtUp();
    owner.account().logged(owner.clock.now << 16);
    hand(Owner.message("1"), owner.clock.now << 16, phone);
    end(phone);
    assertEquals((owner.clock.now << 16) - 1, owner.log.cursor, "the cursor stays before it");
    assertTrue(owner.account().isBehind());
    assertEquals(List.of(), owner.routed());
  }

  @Test
  void whatIsNotInTheLogGoesToTheAccountOnceMore() {
    Stanza message = Owner.message("1").withTo(phone.jid());
    hand(message, 0, phone);
    end(phone);
    assertEquals(List.of(Owner.JULIET), owner.routed().stream().map(Stanza::to).toList());
  }

  @Test
  void theSenderOfAnIqOrOfARoomsMessageLearnsOfIt() {
    hand(Stanza.of(StanzaType.IQ_GET, Given.ROMEO, phone.jid(), "iq"), 0, phone);
    hand(Stanza.of(StanzaType.IQ_RESULT, Given.ROMEO, phone.jid(), "result"), 0, phone);
    hand(Stanza.of(StanzaType.MESSAGE_GROUPCHAT, Given.ROMEO, phone.jid(), "room"), 0, phone);
    hand(Stanza.of(StanzaType.MESSAGE_HEADLINE, Given.ROMEO, phone.jid(), "news"), 0, phone);
    end(phone);
    List<Stanza> errors = owner.routed();
    assertEquals(List.of("iq", "room"), errors.stream().map(Stanza::id).toList());
    assertTrue(errors.stream().allMatch(Stanza::isError));
  }

  @Test
  void whatAnotherDeviceHasTakenIsNotGivenTwice() {
    Session laptop = owner.managed("laptop", 2);
    hand(Owner.message("1"), 0, phone, laptop);
    acknowledge(laptop);
    end(phone);
    assertEquals(List.of(), owner.delivered().stream().filter("1"::equals).toList());
    end(laptop);
    assertEquals(List.of(), owner.routed());
  }

  @Test
  void aDeviceWithoutStreamManagementTakesWhatItIsSent() {
    Session old = owner.session("old", 2);
    hand(Owner.message("1"), 0, phone, old);
    end(phone);
    assertEquals(List.of(), owner.routed());
  }

  /** Two devices that both waited in vain: the message must not end with the second. */
  @Test
  void whatNoDeviceHasTakenIsGivenBackByTheLast() {
    Session laptop = owner.managed("laptop", 2);
    hand(Owner.message("1"), 0, phone, laptop);
    end(phone);
    assertEquals(List.of(), owner.routed(), "the other one has it");
    end(laptop);
    assertEquals(List.of("1"), owner.routed().stream().map(Stanza::id).toList());
  }

  @Test
  void aSessionEndsOnce() {
    hand(Owner.message("1"), 0, phone);
    end(phone);
    owner.bus.taken();
    end(phone);
    assertEquals(List.of(), owner.bus.taken());
    assertFalse(owner.stored.stored.containsKey(phone.jid()));
  }
}

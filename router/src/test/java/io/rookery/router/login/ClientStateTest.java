package io.rookery.router.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.SessionRecord;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.presence.Presences;
import io.rookery.router.session.Given;
import io.rookery.router.session.Session;
import io.rookery.storage.roster.RosterItem;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** XEP-0352 at the owner: what is held back, and that it is not lost with anything. */
class ClientStateTest {
  private final Owner owner = new Owner();
  private final Session phone = owner.managed("phone", 1);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void presence(String resource, String id) {
    Jid from = Given.ROMEO.withResource(resource);
    Stanza presence = Stanza.of(StanzaType.PRESENCE_AVAILABLE, from, Owner.JULIET, id);
    owner.routes.toSessions(presence, List.of(phone), List.of(Owner.JULIET));
  }

  private void message(String id) {
    owner.routes.toTakers(List.of(phone), Owner.message(id), 0, 1);
  }

  @Test
  void anActiveClientGetsEverythingAtOnce() {
    presence("a", "1");
    assertEquals(List.of("1"), owner.delivered());
    assertEquals(0, owner.routes.held());
  }

  @Test
  void whatMattersTakesWhatWasHeldAlong() {
    phone.inactive();
    presence("a", "1");
    presence("b", "2");
    presence("a", "3");
    assertEquals(List.of(), owner.delivered());
    assertEquals(0, phone.outbox().size(), "the client does not have to acknowledge it");
    message("m");
    assertEquals(List.of("2", "3", "m"), owner.delivered());
    assertEquals(3, phone.outbox().size());
    presence("a", "4");
    assertEquals(List.of(), owner.delivered(), "still inactive");
    assertEquals(4, owner.routes.held());
    assertEquals(1, owner.routes.superseded());
  }

  /** Of several sessions each has its own state. */
  @Test
  void othersAreNotKeptWaiting() {
    Session laptop = owner.managed("laptop", 2);
    phone.inactive();
    Stanza presence = Stanza.of(StanzaType.PRESENCE_AVAILABLE, Given.ROMEO, Owner.JULIET, "1");
    owner.routes.toSessions(presence, List.of(phone, laptop), List.of(Owner.JULIET, Owner.JULIET));
    assertEquals(0, phone.outbox().size());
    assertEquals(1, laptop.outbox().size());
  }

  @Test
  void aResumedSessionHasItAndIsActive() {
    phone.inactive();
    presence("a", "1");
    owner.resumption.disconnected(owner.account(), phone);
    assertNull(phone.held());
    assertEquals(1, phone.outbox().size());
    owner.bus.taken();
    owner.resumption.resume(
        owner.account(),
        Given.CONNECTOR,
        new ToRouter.Resume(5, Owner.JULIET, "id-phone", 0, "192.0.2.2"));
    assertEquals(List.of("1"), owner.delivered());
    presence("a", "2");
    assertEquals(List.of("2"), owner.delivered());
  }

  private Session next() {
    return new Session(phone.jid(), SessionRecord.parse(phone.record().toBytes()), 5);
  }

  @Test
  void theNextOwnerGetsItWithTheAccount() {
    phone.inactive();
    presence("a", "1");
    phone.handOver(owner.clock.now);
    Session adopted = next();
    assertFalse(adopted.takeHeldLost());
    owner.routes.release(adopted);
    assertEquals(List.of("1"), owner.delivered());
  }

  @Test
  void ofAnOwnerThatDiedItIsKnownThatSomethingMayBeMissing() {
    phone.inactive();
    presence("a", "1");
    Session adopted = next();
    assertNotNull(adopted.held());
    assertTrue(adopted.takeHeldLost());
    assertFalse(adopted.takeHeldLost(), "once");
    phone.active();
    assertFalse(next().takeHeldLost());
    assertNull(next().held());
  }

  @Test
  void thenItLearnsAnewWhereContactsAre() {
    Jid romeo = Given.ROMEO.bare();
    owner.account().putContact(Given.contact(romeo, RosterItem.Subscription.TO));
    owner
        .account()
        .putContact(
            Given.contact(Jid.parse("paris@montague.example"), RosterItem.Subscription.FROM));
    owner.bus.taken();
    new Presences(owner.routes).learnAgain(owner.account(), phone);
    List<Stanza> sent = phone.outbox().unacked().stream().map(one -> one.stanza()).toList();
    assertEquals(1, sent.size());
    assertEquals(romeo, sent.get(0).from());
    assertEquals(StanzaType.PRESENCE_UNAVAILABLE, sent.get(0).type());
    List<ToRouter.Fanout> probes = owner.taken(ToRouter.Fanout.class);
    assertEquals(StanzaType.PRESENCE_PROBE, probes.get(0).stanza().type());
    assertEquals(phone.jid(), probes.get(0).stanza().from());
    assertEquals(List.of(romeo), List.of(probes.get(0).recipients()));
  }
}

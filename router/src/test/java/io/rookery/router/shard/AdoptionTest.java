package io.rookery.router.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.cluster.SessionRecords;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.router.login.Owner;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.Outbox;
import io.rookery.router.session.Session;
import io.rookery.storage.mailbox.MailboxEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An account with sessions comes from an owner that is gone. */
class AdoptionTest {
  private static final Jid PHONE = Owner.JULIET.withResource("phone");
  private static final Jid LAPTOP = Owner.JULIET.withResource("laptop");

  private final Owner owner = new Owner();
  private final Adoption adoption =
      new Adoption(
          owner.bus,
          owner.routes,
          owner.accounts,
          owner.records,
          owner.resumption,
          owner.sessionEnd,
          owner.offline,
          owner.tail,
          owner.origins);
  private final List<SessionRecords.Stored> stored = new ArrayList<>();
  private final long before = owner.clock.now - 60_000 << 16;

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  /** A session of the owner before. */
  private Session recorded(Jid jid, long stream, boolean managed) {
    Session session = new Session(jid, 100, Given.CONNECTOR, stream, "192.0.2.1", 1);
    session.available(Stanza.of(StanzaType.PRESENCE_AVAILABLE, jid, null, null), 0);
    session.caughtUp();
    session.position(before);
    if (managed) {
      session.outbox(new Outbox("id-" + jid.resource(), true, 300, 0));
    }
    return session;
  }

  private void adopt(Session... sessions) {
    for (Session session : sessions) {
      stored.add(new SessionRecords.Stored(session.jid(), 7, session.record().toBytes()));
    }
    adoption.adopt(stored, node -> true);
  }

  private void state(Jid session, long stream, long counter, long handled, Unacked... unacked) {
    adoption.state(
        Given.CONNECTOR,
        new ToRouter.StreamState(
            session,
            stream,
            counter,
            handled,
            "id-" + session.resource(),
            3,
            before,
            unacked,
            new long[0]));
  }

  private void logged(long id, long origin, Jid to) {
    Stanza message = Owner.message("log" + id % 10).withTo(to);
    owner.log.entries.add(
        new MailboxEntry(id, origin, Given.ROMEO, false, true, true, message.toBytes()));
  }

  private Session session(Jid jid) {
    return owner.accounts.active(Owner.JULIET).session(jid.resource());
  }

  private boolean isDone() {
    boolean[] done = new boolean[1];
    owner.accounts.run(Owner.JULIET, Level.NOTHING, account -> done[0] = true);
    return done[0];
  }

  @Test
  void connectorsAreAskedAndEverythingElseWaits() {
    adopt(recorded(PHONE, 1, true), recorded(LAPTOP, 2, true));
    assertEquals(
        List.of(new ToConnector.StateWanted(1, PHONE), new ToConnector.StateWanted(2, LAPTOP)),
        owner.taken(ToConnector.StateWanted.class));
    assertFalse(isDone());
    state(PHONE, 1, 5, 5);
    assertFalse(isDone());
    state(LAPTOP, 2, 5, 5);
    assertTrue(isDone());
  }

  /**
   * Otherwise the answer would follow the account to its next owner, and this one wait for ever.
   */
  @Test
  void theAnswerToItsQuestionIsForNobodyElse() {
    ToRouter.StreamState answer =
        new ToRouter.StreamState(
            PHONE, 1, 5, 5, "id-phone", 3, before, new Unacked[0], new long[0]);
    assertFalse(adoption.awaits(Given.CONNECTOR, answer));
    adopt(recorded(PHONE, 1, true));
    assertTrue(adoption.awaits(Given.CONNECTOR, answer));
    assertTrue(adoption.awaits(Given.CONNECTOR, new ToRouter.StreamEnded(PHONE, 1, false)));
    assertFalse(adoption.awaits(Given.CONNECTOR, new ToRouter.StreamEnded(PHONE, 2, false)));
    assertFalse(adoption.awaits(Given.CONNECTOR, new ToRouter.ClientAcked(PHONE, 1, 1)));
    state(PHONE, 1, 5, 5);
    assertFalse(adoption.awaits(Given.CONNECTOR, answer));
  }

  @Test
  void itGoesOnWithWhatTheConnectorKnows() {
    adopt(recorded(PHONE, 1, true));
    Unacked one = new Unacked(Owner.message("a"), 0, 55, false);
    state(PHONE, 1, 9, 6, one);
    Session phone = session(PHONE);
    assertEquals(6, phone.progress().handled());
    assertTrue(phone.mayBeRepeated(9));
    assertFalse(phone.mayBeRepeated(10));
    assertEquals(3, phone.outbox().acked());
    assertEquals(4, phone.outbox().sent());
    assertTrue(owner.origins.contains(55), "its sender may send it again");
    owner.records.flush();
    assertEquals(6, owner.stored.record(PHONE).handled());
  }

  /** The owner before died between the client and the log. */
  @Test
  void whatTheClientHasAndTheLogHasNotIsRemembered() {
    adopt(recorded(PHONE, 1, true));
    logged(before, 55, Owner.JULIET);
    Unacked one = new Unacked(Owner.message("a"), before + 1, 56, false);
    long[] taken = {54, before - (10L << 16 << 20), 55, before, 57, before + 2, 0, 0};
    adoption.state(
        Given.CONNECTOR,
        new ToRouter.StreamState(
            PHONE, 1, 5, 5, "id-phone", 3, before + 2, new Unacked[] {one}, taken));
    LiveAccount account = owner.accounts.active(Owner.JULIET);
    assertEquals(0, account.takeDeliveredNotLogged(54), "long ago");
    assertEquals(0, account.takeDeliveredNotLogged(55), "it is there");
    assertEquals(before + 1, account.takeDeliveredNotLogged(56));
    assertEquals(before + 2, account.takeDeliveredNotLogged(57));
    assertEquals(0, account.takeDeliveredNotLogged(57), "once");
  }

  @Test
  void whatTheLogHasAndTheSessionHasNotIsHandedOverOnce() {
    adopt(recorded(PHONE, 1, true), recorded(LAPTOP, 2, true));
    logged(before, 1, Owner.JULIET);
    logged(before + 1, 2, Owner.JULIET);
    logged(before + 2, 3, PHONE);
    state(PHONE, 1, 5, 5);
    state(LAPTOP, 2, 5, 5);
    assertEquals(2, session(PHONE).outbox().size());
    assertEquals(1, session(LAPTOP).outbox().size());
    assertTrue(owner.origins.contains(3));
    assertEquals(before + 2, session(PHONE).position());
  }

  @Test
  void oneThatWaitsIsAsItsRecordSays() {
    Session phone = recorded(PHONE, 1, true);
    phone.handed(Owner.message("a"), before + 1, 5, false);
    phone.disconnected(owner.clock.now);
    adopt(phone);
    assertTrue(isDone(), "nobody has to be asked");
    assertEquals(1, owner.resumption.waiting());
    assertEquals(1, session(PHONE).outbox().size());
    assertTrue(session(PHONE).mayBeRepeated(1));
  }

  @Test
  void aSessionWhoseStreamIsGoneEndsBeforeAnythingIsDelivered() {
    adopt(recorded(PHONE, 1, true), recorded(LAPTOP, 2, true));
    List<Jid> seen = new ArrayList<>();
    owner.accounts.run(
        Owner.JULIET,
        Level.NOTHING,
        account -> account.sessions().forEach(session -> seen.add(session.jid())));
    logged(before + 1, 2, Owner.JULIET);
    adoption.noStream(Given.CONNECTOR, new ToRouter.NoStream(PHONE, 1));
    state(LAPTOP, 2, 5, 5);
    assertEquals(List.of(LAPTOP), seen);
    assertEquals(before + 1, session(LAPTOP).position());
    assertEquals(0, owner.resumption.waiting());
  }

  /** Nothing was caught up with: what the log has for the lost session stays there. */
  @Test
  void theCursorDoesNotMoveForOneThatIsLost() {
    adopt(recorded(PHONE, 1, true));
    logged(before + 1, 2, Owner.JULIET);
    adoption.noStream(Given.CONNECTOR, new ToRouter.NoStream(PHONE, 1));
    assertEquals(0, owner.log.cursor);
  }

  @Test
  void aStreamThatEndsAfterItsAnswerIsNotOverheard() {
    adopt(recorded(PHONE, 1, true), recorded(LAPTOP, 2, true));
    assertTrue(adoption.awaits(Given.CONNECTOR, new ToRouter.StreamEnded(PHONE, 1, true)));
    state(PHONE, 1, 5, 5);
    assertFalse(adoption.awaits(Given.CONNECTOR, new ToRouter.StreamEnded(PHONE, 1, true)));
    assertFalse(adoption.awaits(Given.CONNECTOR, new ToRouter.StreamEnded(LAPTOP, 9, true)));
  }

  @Test
  void anEndThatComesByWayOfTheOwnerBeforeIsNotTheAnswer() {
    adopt(recorded(PHONE, 1, true));
    adoption.noStream(Given.CONNECTOR, new ToRouter.NoStream(PHONE, 2));
    assertFalse(isDone());
    state(PHONE, 1, 5, 5);
    assertTrue(isDone());
    assertEquals(1, owner.accounts.sessions());
  }

  @Test
  void aConnectorThatGoesIsNotWaitedFor() {
    adopt(recorded(PHONE, 1, false));
    adoption.nodeLeft("other");
    assertFalse(isDone());
    adoption.nodeLeft(Given.CONNECTOR.node());
    assertTrue(isDone());
    assertEquals(List.of(), owner.account().sessions());
  }

  /** As when a connector is drained while its accounts move. */
  @Test
  void aSessionThatWasHandedOverOutlivesItsConnector() {
    Session phone = recorded(PHONE, 1, true);
    phone.handed(Owner.message("a").withTo(PHONE), before, 1, false);
    phone.handOver(owner.clock.now);
    adopt(phone);
    adoption.nodeLeft(Given.CONNECTOR.node());
    assertTrue(isDone());
    assertFalse(session(PHONE).isConnected());
    assertEquals(1, owner.resumption.waiting());
    assertEquals(1, session(PHONE).outbox().size());
  }

  @Test
  void aSessionThatWasHandedOverIsWhatItsConnectorSays() {
    Session phone = recorded(PHONE, 1, true);
    phone.handed(Owner.message("a").withTo(PHONE), before, 1, false);
    phone.handOver(owner.clock.now);
    adopt(phone);
    state(PHONE, 1, 5, 5);
    assertTrue(session(PHONE).isConnected());
    assertFalse(session(PHONE).isHandedOver());
    assertEquals(0, session(PHONE).outbox().size());
    assertEquals(0, session(PHONE).record().waitsSince());
  }

  @Test
  void oneThatIsNotThereIsNotAsked() {
    stored.add(new SessionRecords.Stored(PHONE, 7, recorded(PHONE, 1, true).record().toBytes()));
    adoption.adopt(stored, node -> false);
    assertEquals(List.of(), owner.taken(ToConnector.StateWanted.class));
    assertTrue(isDone());
  }

  @Test
  void aStreamNobodyKnowsIsReset() {
    state(PHONE, 4, 1, 1);
    assertEquals(4, owner.taken(ToConnector.EndStream.class).get(0).stream());
    owner.managed("phone", 4);
    owner.bus.taken();
    state(PHONE, 4, 1, 1);
    assertEquals(List.of(), owner.taken(ToConnector.EndStream.class), "it is known");
  }

  @Test
  void aRecordThatCannotBeReadIsPassedOver() {
    stored.add(new SessionRecords.Stored(PHONE, 7, new byte[] {99}));
    adopt(recorded(LAPTOP, 2, true));
    assertEquals(1, owner.taken(ToConnector.StateWanted.class).size());
  }
}

package io.rookery.router.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.client.ClientRecords;
import io.rookery.router.client.SessionClient;
import io.rookery.router.mailbox.Archiving;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.Session;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** XEP-0175 and XEP-0198: the sessions of those who have no account. */
class AnonymousSessionTest {
  private static final Jid GUEST = Owner.GUEST;
  private static final Jid NEWCOMER = Jid.parse("fedcba9876543210@guests.example");

  private final Owner owner = new Owner();
  private LiveAccount account;
  private Session session;

  @BeforeEach
  void logsIn() {
    owner.accounts.authenticated(GUEST);
    owner.accounts.run(GUEST, Level.ROSTER, loaded -> account = loaded);
    session =
        new Session(
            GUEST.withResource("lute"), 100, Given.CONNECTOR, 1, "192.0.2.1", owner.clock.now);
    session.watch(owner.records::changed);
    owner.accounts.add(account, session);
    session.available(Stanza.of(StanzaType.PRESENCE_AVAILABLE, session.jid(), null, null), 0);
  }

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private static Stanza message(String id) {
    return Owner.message(id).withTo(GUEST);
  }

  private void manage() {
    owner.resumption.manage(session, true, 0);
  }

  /** A message that comes while the session waits. */
  private void receive(String id) {
    Archiving.Kept kept =
        owner.archiving.received(account, message(id), Archiving.Taker.WAITING, 5);
    owner.routes.toTakers(List.of(session), kept.stanza(), kept.position(), 5);
  }

  private void end() {
    owner.bus.taken();
    owner.sessionEnd.ended(account, session);
  }

  @Test
  void anAccountIsThereWhileItHasASession() {
    assertTrue(account.exists());
    assertTrue(account.isAnonymous());
    end();
    LiveAccount[] later = new LiveAccount[1];
    owner.accounts.run(GUEST, Level.ROSTER, loaded -> later[0] = loaded);
    assertFalse(later[0].exists(), "whatever the store of accounts says");
    assertNull(owner.accounts.active(GUEST));
  }

  @Test
  void whatNobodyTakesGoesBack() {
    manage();
    owner.routes.toTakers(List.of(session), message("1"), 0, 5);
    end();
    List<Stanza> routed = owner.routed();
    assertEquals(List.of(GUEST), routed.stream().map(Stanza::to).toList(), "to be refused there");
    assertEquals(0, owner.log.entries.size());
  }

  @Test
  void whatWasKeptForASessionThatWaitsGoesWithIt() {
    manage();
    owner.resumption.disconnected(account, session);
    receive("1");
    assertEquals(1, owner.log.entries.size(), "no other node has it");
    end();
    List<Stanza> errors = owner.routed();
    assertEquals(List.of("1"), errors.stream().map(Stanza::id).toList());
    assertTrue(errors.get(0).isError());
    assertEquals(Given.ROMEO, errors.get(0).to());
    assertEquals(0, owner.log.entries.size());
    assertNull(owner.accounts.active(GUEST));
  }

  @Test
  void anOwnerBeforeMayHaveKeptSomething() {
    account.tailKnown();
    end();
    assertEquals(1, owner.log.deleted);
  }

  @Test
  void nothingIsDeletedWhereNothingWasKept() {
    end();
    assertEquals(0, owner.log.deleted);
  }

  @Test
  void theirClientsAreNotRemembered() {
    session.put(SessionClient.ID, "agent");
    new ClientRecords(owner.stores.loginTokens(), Duration.ofDays(60), owner.clock)
        .seen(account, session);
    assertEquals(List.of(), owner.stores.loginTokens().clients(GUEST).result());
  }

  // Resumption: the client logs in again as somebody else.

  private ToRouter.Resume wish(Jid as, String id) {
    return new ToRouter.Resume(7, as, id, 0, "192.0.2.1");
  }

  @Test
  void theIdOfASessionSaysWhoseItIs() {
    manage();
    String id = session.outbox().id();
    ToRouter.Resume meant = owner.resumption.meant(wish(NEWCOMER, id));
    assertEquals(GUEST, meant.account());
    assertEquals(id, meant.id());
    owner.resumption.disconnected(account, session);
    owner.resumption.resume(account, Owner.SENDER, meant);
    assertEquals(session.jid(), owner.taken(ToConnector.Resumed.class).get(0).session());
  }

  @Test
  void toKnowTheAddressIsNotEnough() {
    manage();
    owner.resumption.disconnected(account, session);
    for (String id : List.of("." + GUEST.local(), "guessed." + GUEST.local())) {
      ToRouter.Resume meant = owner.resumption.meant(wish(NEWCOMER, id));
      assertEquals(GUEST, meant.account());
      owner.resumption.resume(account, Owner.SENDER, meant);
      assertEquals(1, owner.taken(ToConnector.ResumeRefused.class).size());
    }
  }

  @Test
  void anIdThatNamesNobodyIsLeftAsItIs() {
    for (String id : List.of("x", "x.", "x.@", "", "x." + "y".repeat(1024))) {
      assertEquals(NEWCOMER, owner.resumption.meant(wish(NEWCOMER, id)).account());
    }
  }

  @Test
  void whoHasAnAccountResumesItsOwnSessions() {
    Session phone = owner.session("phone", 2);
    owner.resumption.manage(phone, true, 0);
    assertFalse(phone.outbox().id().contains("."));
    ToRouter.Resume named = wish(Owner.JULIET, "x." + GUEST.local());
    assertEquals(named, owner.resumption.meant(named));
  }
}

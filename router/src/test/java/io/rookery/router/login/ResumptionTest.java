package io.rookery.router.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.Unacked;
import io.rookery.router.routing.RecordedBus;
import io.rookery.router.session.Given;
import io.rookery.router.session.Progress;
import io.rookery.router.session.Session;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** XEP-0198 at the owner. */
class ResumptionTest {
  private static final LoopAddress OTHER = new LoopAddress("connector2", 1);

  private final Owner owner = new Owner();
  private final Session phone = owner.managed("phone", 1);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void deliver(String... ids) {
    for (String id : ids) {
      owner.routes.toTakers(List.of(phone), Owner.message(id), 0, id.charAt(0));
    }
  }

  private void disconnect() {
    owner.resumption.disconnected(owner.account(), phone);
    owner.bus.taken();
  }

  private void resume(long stream, String id, long h) {
    owner.resumption.resume(
        owner.account(), OTHER, new ToRouter.Resume(stream, Owner.JULIET, id, h, "192.0.2.2"));
  }

  private ToConnector.ResumeRefused refused() {
    return owner.taken(ToConnector.ResumeRefused.class).get(0);
  }

  private void later(long seconds) {
    owner.clock.now += seconds * 1000;
    owner.resumption.check();
  }

  @Test
  void itIsOnOnceItCannotBeLost() {
    Session session = owner.session("new", 2);
    owner.stored.failing = 2;
    owner.resumption.enable(
        Given.CONNECTOR, new ToRouter.EnableAcks(session.jid(), 2, 7, true, 900), session);
    owner.routes.toSession(session, Owner.message("before"));
    assertEquals(List.of(), owner.taken(ToConnector.AcksEnabled.class));
    owner.records.flush();
    ToConnector.AcksEnabled enabled = owner.taken(ToConnector.AcksEnabled.class).get(0);
    assertEquals(session.outbox().id(), enabled.id());
    assertEquals(300, enabled.maxSeconds(), "not longer than configured");
    assertEquals(7, session.outbox().base());
    assertEquals(0, session.outbox().sent(), "what was sent before does not count");
    assertEquals(enabled.id(), owner.stored.record(session.jid()).id());
  }

  @Test
  void acknowledgementsAloneHaveNoId() {
    Session session = owner.session("new", 2);
    owner.resumption.enable(
        Given.CONNECTOR, new ToRouter.EnableAcks(session.jid(), 2, 0, false, 0), session);
    assertEquals(null, owner.taken(ToConnector.AcksEnabled.class).get(0).id());
    owner.resumption.disconnected(owner.account(), session);
    assertFalse(owner.account().sessions().contains(session), "it does not wait");
  }

  @Test
  void aClientComesBackForWhatItHasNotReceived() {
    deliver("a", "b", "c");
    disconnect();
    owner.routes.toTakers(List.of(phone), Owner.message("d"), 0, 'd');
    assertEquals(List.of(), owner.delivered(), "nobody is there");
    assertEquals(1, owner.resumption.waiting());
    phone.progress().done(phone.progress().begin(1));
    resume(5, "id-phone", 2);
    List<ToConnector.Resumed> resumed = owner.taken(ToConnector.Resumed.class);
    assertEquals(new ToConnector.Resumed(5, phone.jid(), "id-phone", 1, 0, 2), resumed.get(0));
    assertEquals(0, owner.resumption.waiting());
    assertTrue(phone.isOn(OTHER, 5));
    assertEquals(2, phone.outbox().size());
  }

  @Test
  void whatIsSentAgainComesBehindTheAnswerAndInOrder() {
    deliver("a", "b", "c");
    disconnect();
    owner.clock.now += 60_000;
    resume(5, "id-phone", 1);
    List<RecordedBus.Sent> sent = owner.bus.taken();
    assertTrue(sent.get(0).message() instanceof ToConnector.Resumed);
    List<ToConnector.ToClient> again =
        sent.stream().skip(1).map(s -> (ToConnector.ToClient) s.message()).toList();
    assertEquals(List.of("b", "c"), again.stream().map(m -> m.stanza().id()).toList());
    assertTrue(again.get(0).stanza().payload().has("urn:xmpp:delay", "delay"));
    assertTrue(again.stream().allMatch(m -> m.position() != 0), "kept when it began to wait");
  }

  @Test
  void itsMessagesAreInTheLogFromWhenItWaits() {
    deliver("a", "b");
    assertEquals(0, owner.log.entries.size());
    disconnect();
    assertEquals(2, owner.log.entries.size());
    assertTrue(owner.log.entries.stream().allMatch(entry -> entry.offline()));
    assertEquals(
        owner.log.entries.stream().map(entry -> entry.id()).toList(),
        phone.outbox().unacked().stream().map(Unacked::position).toList());
    owner.records.flush();
    assertEquals(2, owner.stored.record(phone.jid()).unacked().length);
  }

  @Test
  void aStreamThatIsStillThereGivesWay() {
    deliver("a");
    owner.bus.taken();
    resume(5, "id-phone", 0);
    ToConnector.EndStream end = owner.taken(ToConnector.EndStream.class).get(0);
    assertEquals(1, end.stream());
    assertEquals(StreamError.Condition.CONFLICT, end.error().condition());
    assertTrue(phone.isOn(OTHER, 5));
  }

  /**
   * It ends in order, at once when its connector is on this loop: that is not the session's end.
   */
  @Test
  void theEndOfTheStreamThatGaveWayIsNotTheSessions() {
    List<Boolean> stillOn = new ArrayList<>();
    owner.bus.onSend(
        message -> {
          if (message instanceof ToConnector.EndStream) {
            stillOn.add(phone.isOn(Given.CONNECTOR, 1));
          }
        });
    resume(9, phone.outbox().id(), 0);
    assertEquals(List.of(false), stillOn);
  }

  @Test
  void theAnswerWaitsUntilAllThatCameIsHandled() {
    Progress.Pending open = phone.progress().begin(1);
    disconnect();
    resume(5, "id-phone", 0);
    assertEquals(List.of(), owner.bus.taken());
    phone.progress().done(open);
    assertEquals(1, owner.taken(ToConnector.Resumed.class).get(0).counter());
  }

  @Test
  void theLastWhoResumesHasIt() {
    Progress.Pending open = phone.progress().begin(1);
    disconnect();
    resume(5, "id-phone", 0);
    resume(6, "id-phone", 0);
    assertEquals(5, owner.taken(ToConnector.EndStream.class).get(0).stream());
    phone.progress().done(open);
    assertEquals(6, owner.taken(ToConnector.Resumed.class).get(0).stream());
  }

  @Test
  void whoResumesWhatEndsMeanwhileIsTold() {
    Progress.Pending open = phone.progress().begin(1);
    disconnect();
    resume(5, "id-phone", 0);
    owner.sessionEnd.ended(owner.account(), phone);
    phone.progress().done(open);
    assertEquals("item-not-found", refused().condition());
  }

  @Test
  void whoResumesWhileTheAccountMovesIsAnsweredByTheNextOwner() {
    phone.progress().begin(1);
    disconnect();
    resume(5, "id-phone", 0);
    owner.resumption.release(owner.account(), OTHER);
    ToRouter.Forwarded forwarded = owner.taken(ToRouter.Forwarded.class).get(0);
    assertEquals(OTHER, forwarded.sender());
    assertEquals(5, ((ToRouter.Resume) forwarded.message()).stream());
    assertEquals(0, owner.resumption.waiting());
  }

  @Test
  void anUnknownSessionIsRefused() {
    resume(5, "nothing", 0);
    assertEquals(new ToConnector.ResumeRefused(5, "item-not-found", -1), refused());
  }

  @Test
  void oneThatExpiredIsRefusedWithWhatWasHandled() {
    phone.progress().done(phone.progress().begin(1));
    disconnect();
    later(300);
    assertTrue(owner.account().sessions().contains(phone));
    later(1);
    assertFalse(owner.account().sessions().contains(phone));
    owner.bus.taken();
    resume(5, "id-phone", 0);
    assertEquals(1, refused().handled());
  }

  @Test
  void aCountThatIsTooHighEndsTheStreamOnly() {
    deliver("a");
    disconnect();
    resume(5, "id-phone", 2);
    ToConnector.EndStream end = owner.taken(ToConnector.EndStream.class).get(0);
    assertEquals(5, end.stream());
    resume(6, "id-phone", 1);
    assertEquals(6, owner.taken(ToConnector.Resumed.class).get(0).stream());
  }

  @Test
  void tooMuchThatWaitsEndsIt() {
    disconnect();
    deliver("a", "b", "c", "d", "e");
    later(1);
    assertTrue(owner.account().sessions().contains(phone));
    deliver("f");
    later(1);
    assertFalse(owner.account().sessions().contains(phone));
    assertEquals(0, owner.resumption.waiting());
  }

  @Test
  void whatEndedOtherwiseDoesNotWait() {
    disconnect();
    owner.sessionEnd.ended(owner.account(), phone);
    later(1);
    assertEquals(0, owner.resumption.waiting());
  }
}

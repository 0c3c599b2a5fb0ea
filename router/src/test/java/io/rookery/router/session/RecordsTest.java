package io.rookery.router.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cluster.SessionRecords;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordsTest {
  private final MemoryRecords store = new MemoryRecords();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Records records = new Records(store, meters);
  private final LiveAccount account = Given.account(Given.JULIET, true);
  private final Session session = Given.session(account, "balcony");

  private double count(String name) {
    return meters.counter(name).count();
  }

  @Test
  void theChangesOfAMomentAreOneWrite() {
    Future<Void> first = records.changed(session);
    session.position(5);
    Future<Void> second = records.changed(session);
    records.changed(Given.session(account, "garden"));
    assertEquals(List.of(), store.writes);
    records.flush();
    records.flush();
    assertEquals(2, store.writes.size());
    assertTrue(first.succeeded() && second.succeeded());
    assertEquals(5, store.record(session.jid()).position());
  }

  @Test
  void whatCouldNotBeWrittenIsTriedAgainAndNotDoneBefore() {
    store.failing = 2;
    Future<Void> written = records.changed(session);
    records.flush();
    assertFalse(written.isComplete());
    records.flush();
    assertFalse(written.isComplete());
    records.flush();
    assertTrue(written.succeeded());
    assertTrue(store.stored.containsKey(session.jid()));
    assertEquals(2, count("rookery.router.record.failures"));
    records.flush();
    assertEquals(3, store.writes.size());
  }

  @Test
  void whoHasLostTheAccountIsRefused() {
    Session next = new Session(session.jid(), session.record(), 1L << 40);
    records.changed(next);
    records.flush();
    Future<Void> stale = records.changed(session);
    records.flush();
    assertTrue(stale.succeeded(), "there is nothing to try again");
    assertEquals(1, count("rookery.router.stale.writes"));
    records.remove(session);
    assertEquals(2, count("rookery.router.stale.writes"));
    assertTrue(store.stored.containsKey(session.jid()));
  }

  @Test
  void anEndedSessionLeavesNoRecord() {
    records.changed(session);
    records.flush();
    records.changed(session);
    records.remove(session);
    records.flush();
    assertTrue(store.stored.isEmpty());
    assertTrue(session.hasEnded());
  }

  @Test
  void aRecordThatIsLeftBehindDoesNotStandInTheWay() {
    records.changed(session);
    records.flush();
    store.failing = 1;
    records.remove(session);
    Session next = new Session(session.jid(), 8, Given.CONNECTOR, 9, "192.0.2.1", 2);
    records.changed(next);
    records.flush();
    assertEquals(9, store.record(session.jid()).stream());
    assertEquals(0, count("rookery.router.stale.writes"));
  }

  @Test
  void withoutOthersThereIsNothingToWrite() {
    assertTrue(new Records(SessionRecords.NONE, meters).changed(session).succeeded());
  }
}

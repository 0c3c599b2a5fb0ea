package io.rookery.router.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.SessionRecord;
import io.rookery.router.extension.SessionKey;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What survives of a session when its account gets another owner. */
class SessionTest {
  private static final SessionKey<Boolean> CARBONS = SessionKey.flag("carbons");
  private static final SessionKey<Integer> LEVEL =
      new SessionKey<>("level", 1, String::valueOf, Integer::valueOf);

  private final Session session =
      new Session(Given.JULIET.withResource("balcony"), 7, Given.CONNECTOR, 3, "192.0.2.1", 1000);

  private Session adopted() {
    return new Session(session.jid(), SessionRecord.parse(session.record().toBytes()), 5);
  }

  @Test
  void anOwnerGoesOnWithWhatTheOneBeforeRecorded() {
    session.available(Stanza.of(StanzaType.PRESENCE_AVAILABLE, session.jid(), null, "p"), -5);
    session.interested();
    session.caughtUp();
    session.directedTo(Given.ROMEO);
    session.position(4711);
    session.progress().done(session.progress().begin(1));
    session.outbox(new Outbox("sm", true, 60, 12));
    Session adopted = adopted();
    assertArrayEquals(session.record().toBytes(), adopted.record().toBytes());
    assertTrue(adopted.isOn(Given.CONNECTOR, 3));
    assertEquals(-5, adopted.priority());
    assertEquals(Set.of(Given.ROMEO), adopted.directed());
    assertFalse(adopted.startCatchingUp());
    assertEquals(1, adopted.progress().handled());
    assertEquals(session.origin(9), adopted.origin(9));
    assertEquals(12, adopted.outbox().base());
  }

  @Test
  void stateOfExtensionsSurvivesAlsoUnread() {
    session.put(CARBONS, true);
    session.put(LEVEL, 3);
    Session second = new Session(session.jid(), adopted().record(), 6);
    assertTrue(second.get(CARBONS));
    assertEquals(3, second.get(LEVEL));
    second.put(LEVEL, 4);
    assertEquals("4", second.record().state().get("level"), "what was read first does not win");
  }

  @Test
  void onlyAWaitingSessionRecordsWhatIsNotAcknowledged() {
    session.outbox(new Outbox("sm", true, 60, 0));
    session.handed(Stanza.of(StanzaType.MESSAGE_CHAT, Given.ROMEO, session.jid(), "1"), 9, 8, true);
    assertEquals(0, session.record().unacked().length, "its connector has it");
    session.disconnected(2000);
    Session adopted = adopted();
    assertNull(adopted.connector());
    assertEquals(2000, adopted.waitsSince());
    assertEquals(1, adopted.outbox().size());
    assertEquals(9, adopted.position());
    assertTrue(adopted.outbox().unacked().iterator().next().shared());
  }

  @Test
  void versionsGrowFromOwnerToOwnerAndFromSessionToSession() {
    long first = session.nextVersion();
    assertTrue(session.nextVersion() > first);
    assertTrue(adopted().nextVersion() > 5 + (1L << 31));
    Session later = new Session(session.jid(), 8, Given.CONNECTOR, 4, "192.0.2.1", 1_001);
    assertTrue(later.nextVersion() > session.nextVersion());
  }

  @Test
  void whatMayHaveBeenHandledBeforeIsToldByItsCounter() {
    session.continueAfter(10, 12);
    assertNull(session.progress().begin(10));
    assertTrue(session.mayBeRepeated(12));
    assertFalse(session.mayBeRepeated(13));
  }
}

package io.rookery.router.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.login.Owner;
import io.rookery.router.session.Given;
import io.rookery.router.session.Session;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client sends while its account moves: some of it is repeated, some does not arrive. */
class IntakeTest {
  private static final Jid PHONE = Owner.JULIET.withResource("phone");
  private static final long STREAM = 7;

  private final Owner owner = new Owner();
  private final List<Long> taken = new ArrayList<>();
  private final Intake intake =
      new Intake(
          owner.bus,
          owner.routes,
          owner.accounts,
          (account, session, stanza, pending, done) -> taken.add(pending.counter()),
          new ShardMetrics(new SimpleMeterRegistry()));

  @BeforeEach
  void aSessionOfTheOwnerBefore() {
    Session session = new Session(PHONE, 100, Given.CONNECTOR, STREAM, "192.0.2.1", 1);
    owner.accounts.adopt(session);
    session.continueAfter(2, 5);
  }

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void sends(long... counters) {
    for (long counter : counters) {
      intake.take(
          Given.CONNECTOR,
          new ToRouter.FromClient(PHONE, STREAM, counter, Owner.message("m" + counter), false));
    }
  }

  private List<ToConnector.Handled> reports() {
    intake.report();
    return owner.taken(ToConnector.Handled.class);
  }

  @Test
  void eachIsTakenOnceAndInItsTurn() {
    sends(3, 4, 3, 4, 5);
    assertEquals(List.of(3L, 4L, 5L), taken);
    assertEquals(List.of(new ToConnector.Handled(STREAM, 5)), reports());
  }

  /** Or the client would take for handled what was dropped before: lost, and acknowledged. */
  @Test
  void whatFollowsAGapIsNotTakenAndTheConnectorSaysAllOfItAgain() {
    sends(5, 6);
    assertEquals(List.of(), taken);
    assertEquals(
        List.of(new ToConnector.StateWanted(STREAM, PHONE)),
        owner.taken(ToConnector.StateWanted.class),
        "asked once");

    sends(3, 4, 5, 6, 7);
    assertEquals(List.of(3L, 4L, 5L, 6L, 7L), taken);
    assertEquals(List.of(new ToConnector.Handled(STREAM, 7)), reports());
  }

  @Test
  void anotherStreamThanTheSessionsIsEnded() {
    intake.take(Given.CONNECTOR, new ToRouter.FromClient(PHONE, 8, 3, Owner.message("m"), false));
    assertEquals(List.of(), taken);
    assertEquals(1, owner.taken(ToConnector.EndStream.class).size());
  }
}

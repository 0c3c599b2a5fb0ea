package io.rookery.router.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.ResourceConflict;
import io.rookery.router.session.Session;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 6120, section 7, where sessions wait to be resumed. */
class BindingTest {
  private static final LoopAddress CONNECTOR = new LoopAddress("connector2", 0);
  private static final int MAX_SESSIONS = 2;

  private final Owner owner = new Owner();
  private final Session phone = owner.managed("phone", 1);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void bind(String resource, ResourceConflict conflict) {
    RouterConfig config =
        new RouterConfig(
            Map.of("capulet.example", RouterConfig.Archive.OFF),
            new RouterConfig.Registration(false, 1, Duration.ofMinutes(1)),
            Map.of(),
            4096,
            MAX_SESSIONS,
            1,
            1,
            conflict,
            new RouterConfig.Resumption(Duration.ofMinutes(5), 100, 100_000));
    owner.bus.taken();
    new Binding(
            owner.bus,
            owner.accounts,
            owner.sessionEnd,
            config,
            () -> "made",
            new Admission(() -> 0, 0, owner.meters),
            owner.records,
            owner.clock,
            new SecureRandom())
        .bind(CONNECTOR, new ToRouter.Bind(9, Owner.JULIET, resource, "192.0.2.1"));
  }

  private StanzaError.Condition refused() {
    return owner.taken(ToConnector.BindRefused.class).get(0).error().condition();
  }

  private void disconnect(Session session) {
    owner.resumption.disconnected(owner.account(), session);
  }

  @Test
  void aResourceInUseIsReplacedOrRefused() {
    bind("phone", ResourceConflict.REFUSE);
    assertEquals(StanzaError.Condition.CONFLICT, refused());
    bind("phone", ResourceConflict.REPLACE);
    assertEquals(1, owner.taken(ToConnector.EndStream.class).get(0).stream());
    assertTrue(owner.account().session("phone").isOn(CONNECTOR, 9));
    owner.records.flush();
    assertEquals(9, owner.stored.record(phone.jid()).stream());
  }

  @Test
  void aSessionThatWaitsIsNoConflict() {
    disconnect(phone);
    bind("phone", ResourceConflict.REFUSE);
    assertEquals(1, owner.taken(ToConnector.Bound.class).size());
    assertEquals(1, owner.accounts.sessions());
    assertTrue(phone.hasEnded());
  }

  @Test
  void theOneThatHasWaitedLongestMakesRoom() {
    Session laptop = owner.managed("laptop", 2);
    bind("tablet", ResourceConflict.REPLACE);
    assertEquals(StanzaError.Condition.RESOURCE_CONSTRAINT, refused());
    disconnect(laptop);
    owner.clock.now += 1000;
    disconnect(phone);
    bind("tablet", ResourceConflict.REPLACE);
    assertTrue(laptop.hasEnded());
    assertFalse(phone.hasEnded());
    assertEquals(
        List.of("phone", "tablet"),
        owner.account().sessions().stream().map(session -> session.jid().resource()).toList());
  }
}

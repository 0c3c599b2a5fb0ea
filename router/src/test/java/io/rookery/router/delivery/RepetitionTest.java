package io.rookery.router.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.HookChain;
import io.rookery.router.login.Owner;
import io.rookery.router.presence.Presences;
import io.rookery.router.session.Given;
import io.rookery.router.session.Session;
import io.rookery.storage.mailbox.MailboxEntry;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Between nodes everything may come twice; to the client it may not. */
class RepetitionTest {
  private final Owner owner = new Owner();
  private final Session phone = owner.managed("phone", 1);
  private final Delivery delivery =
      new Delivery(
          owner.accounts,
          owner.routes,
          new HookChain(
              new Extensions(List.of()),
              (account, effects) -> Future.succeededFuture(),
              owner.meters),
          null,
          new Presences(owner.routes),
          null,
          owner.archiving,
          owner.tail,
          owner.origins);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void routed(long ticket, long origin, boolean repeated) {
    delivery.routed(
        Owner.SENDER, new ToRouter.Routed(Owner.message("m" + ticket), ticket, origin, repeated));
  }

  private List<String> messages() {
    return phone.outbox().unacked().stream()
        .map(one -> one.stanza())
        .filter(stanza -> stanza.isMessage())
        .map(stanza -> stanza.id())
        .toList();
  }

  @Test
  void aStanzaIsDeliveredOnceAndSettledEachTime() {
    owner.bus.taken();
    routed(1, 50, false);
    routed(2, 50, true);
    routed(3, 50, false); // overtaken on its way by the repetition
    assertEquals(List.of("m1"), messages());
    assertEquals(3, owner.taken(ToRouter.Settled.class).size());
  }

  @Test
  void whatTheLogHasIsNotDeliveredAgain() {
    owner.log.entries.add(
        new MailboxEntry(owner.clock.now << 16, 50, Given.ROMEO, false, true, true, new byte[0]));
    routed(1, 50, true);
    routed(2, 51, true);
    assertEquals(List.of("m2"), messages());
  }

  @Test
  void whatTheClientHasIsWrittenToTheLogUnderTheIdItHasAndNotDeliveredAgain() {
    long position = owner.clock.now << 16;
    owner.account().deliveredNotLogged(new HashMap<>(Map.of(50L, position)));
    owner.bus.taken();
    routed(1, 50, true);
    routed(2, 50, true);
    assertEquals(List.of(), messages());
    assertEquals(1, owner.log.entries.size());
    assertEquals(position, owner.log.entries.get(0).id());
    assertEquals(50, owner.log.entries.get(0).origin());
    assertEquals(2, owner.taken(ToRouter.Settled.class).size());
  }

  @Test
  void aRepetitionIsSettledWhenTheFirstIsDurable() {
    owner.resumption.disconnected(owner.account(), phone);
    owner.log.held = true;
    owner.bus.taken();
    routed(1, 50, false);
    routed(2, 50, true);
    assertEquals(List.of(), owner.taken(ToRouter.Settled.class));
    owner.log.appends.get(0).complete();
    assertEquals(2, owner.taken(ToRouter.Settled.class).size());
  }

  @Test
  void aMessageForOneThatWaitsIsInTheLogAlsoWhenAnotherIsThere() {
    Session laptop = owner.managed("laptop", 2);
    routed(1, 50, false);
    assertEquals(0, owner.log.entries.size(), "two nodes have it for each");
    owner.resumption.disconnected(owner.account(), phone);
    int kept = owner.log.entries.size();
    routed(2, 51, false);
    assertEquals(kept + 1, owner.log.entries.size());
    assertTrue(laptop.outbox().size() >= 2);
    assertEquals(2, phone.outbox().unacked().stream().filter(o -> o.stanza().isMessage()).count());
    assertEquals(
        1, owner.taken(ToConnector.ToClients.class).stream().filter(m -> m.origin() == 51).count());
  }
}

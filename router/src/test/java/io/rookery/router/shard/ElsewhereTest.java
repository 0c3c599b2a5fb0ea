package io.rookery.router.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.login.Owner;
import io.rookery.router.shard.Tenure.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages about an account that is not ours. */
class ElsewhereTest {
  private final Owner owner = new Owner();
  private final Table table = new Table();
  private final Tenure tenure = new Tenure();
  private final Elsewhere elsewhere = new Elsewhere(tenure, table, owner.routes, owner.meters);
  private final List<String> delivered = new ArrayList<>();

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void take(String id, long hops) {
    ToRouter message = new ToRouter.Routed(Owner.message(id), 0, 0, false);
    elsewhere.take(Owner.JULIET, Owner.SENDER, message, hops);
  }

  private void retry() {
    elsewhere.retry((from, message) -> delivered.add(((ToRouter.Routed) message).stanza().id()));
  }

  private LoopAddress forwardedTo(long hops) {
    var sent = owner.bus.taken();
    assertEquals(1, sent.size());
    ToRouter.Forwarded forwarded = (ToRouter.Forwarded) sent.get(0).message();
    assertEquals(hops, forwarded.hops());
    assertEquals(Owner.SENDER, forwarded.sender());
    return sent.get(0).to();
  }

  @Test
  void itGoesToTheOwner() {
    take("1", 0);
    assertEquals(Table.OTHER, forwardedTo(1));
    take("2", 2);
    assertEquals(Table.OTHER, forwardedTo(3));
  }

  @Test
  void whoHasClaimedItIsMoreRecentThanTheTable() {
    tenure.claimed(Table.JULIETS, Table.THIRD);
    take("1", 0);
    assertEquals(Table.THIRD, forwardedTo(1));
  }

  @Test
  void itIsKeptUntilItIsOurs() {
    tenure.set(Table.JULIETS, State.COMING);
    take("1", 0);
    take("2", 0);
    assertEquals(List.of(), owner.bus.taken());
    retry();
    assertEquals(List.of("1", "2"), delivered);
    retry();
    assertEquals(2, delivered.size());
  }

  @Test
  void nothingOvertakesWhatIsKept() {
    take("1", 3); // two nodes disagree
    take("2", 0);
    assertEquals(List.of(), owner.bus.taken());
    retry();
    assertEquals(List.of("1", "2"), delivered);
    take("3", 0);
    assertEquals(Table.OTHER, forwardedTo(1));
  }

  @Test
  void oneThatIsGoneIsNoOwner() {
    owner.routes.nodeLeft("other");
    take("1", 0);
    assertEquals(List.of(), owner.bus.taken());
  }

  @Test
  void whatConnectorsSayAgainIsForgotten() {
    tenure.set(Table.JULIETS, State.COMING);
    elsewhere.take(
        Owner.JULIET,
        Owner.SENDER,
        new ToRouter.FromClient(Owner.JULIET.withResource("a"), 1, 1, Owner.message("1"), false),
        0);
    retry();
    assertEquals(List.of(), delivered);
  }
}

package io.rookery.router.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.cluster.Membership;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.SessionRecord;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.login.Owner;
import io.rookery.router.routing.RecordedBus.Sent;
import io.rookery.router.session.Session;
import io.rookery.router.shard.Tenure.State;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One partition comes and goes. */
class TakeoverTest {
  private static final LoopAddress OTHER = Table.OTHER;
  private static final LoopAddress THIRD = Table.THIRD;

  private final Owner owner = new Owner();
  private final Table table = new Table();
  private final Tenure tenure = new Tenure();
  private final Context context = owner.vertx.getOrCreateContext();
  private final Takeover takeover =
      new Takeover(
          owner.vertx,
          owner.bus,
          table,
          table,
          owner.stored,
          tenure,
          new Adoption(
              owner.bus,
              owner.routes,
              owner.accounts,
              owner.records,
              owner.resumption,
              owner.sessionEnd,
              owner.offline,
              owner.tail,
              owner.origins),
          owner.accounts,
          owner.records,
          owner.resumption);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private State state() {
    return tenure.of(Table.JULIETS);
  }

  private void ours() {
    table.owner(Owner.SELF);
    takeover.ownersChanged();
  }

  private void yielded(LoopAddress by) {
    takeover.yielded(by, new ToRouter.Yielded(new long[] {Table.JULIETS}));
  }

  private void claimed(LoopAddress by) {
    takeover.claimed(by, new ToRouter.Claim(new long[] {Table.JULIETS}));
  }

  private List<LoopAddress> yieldedTo() {
    return owner.bus.taken().stream()
        .filter(sent -> sent.message() instanceof ToRouter.Yielded)
        .map(Sent::to)
        .toList();
  }

  private void onLoop(Runnable task) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          try {
            task.run();
            done.complete(null);
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
    done.get(10, TimeUnit.SECONDS);
  }

  private void until(BooleanSupplier condition) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        v ->
            owner.vertx.setPeriodic(
                2,
                id -> {
                  if (condition.getAsBoolean()) {
                    owner.vertx.cancelTimer(id);
                    done.complete(null);
                  }
                }));
    done.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aloneThereIsNobodyToAsk() {
    ours();
    assertEquals(State.OURS, state());
    assertTrue(tenure.isOurs(Owner.JULIET));
  }

  @Test
  void everyRouterThatLivesIsAsked() {
    table.nodes.add(Table.router("other"));
    table.nodes.add(Table.router("third"));
    ours();
    assertEquals(List.of(OTHER, THIRD), owner.bus.taken().stream().map(Sent::to).toList());
    yielded(OTHER);
    yielded(OTHER);
    assertEquals(State.COMING, state());
    yielded(THIRD);
    assertEquals(State.OURS, state());
  }

  @Test
  void oneThatDiesNeedNotYield() {
    table.nodes.add(Table.router("other"));
    ours();
    takeover.nodeLeft("third");
    assertEquals(State.COMING, state());
    takeover.nodeLeft("other");
    assertEquals(State.OURS, state());
  }

  @Test
  void theSessionsComeWithIt() {
    table.nodes.add(new Membership.Node("connector", "connector", false, true, 1));
    Session phone = owner.managed("phone", 1);
    owner.records.flush();
    owner.accounts.release(owner.account());
    ours();
    assertEquals(
        List.of(new ToConnector.StateWanted(1, phone.jid())),
        owner.taken(ToConnector.StateWanted.class));
    assertEquals(1, owner.accounts.sessions());
  }

  @Test
  void whatIsNotOursIsYieldedAtOnce() {
    claimed(THIRD);
    assertEquals(List.of(THIRD), yieldedTo());
    assertEquals(THIRD, tenure.claimant(Table.JULIETS));
    takeover.ownersChanged();
    ours();
    assertNull(tenure.claimant(Table.JULIETS));
  }

  @Test
  void oneThatIsStillComingGoesOnToWhoClaimsIt() {
    table.nodes.add(Table.router("other"));
    ours();
    owner.bus.taken();
    claimed(THIRD);
    assertEquals(List.of(THIRD), yieldedTo());
    yielded(OTHER);
    assertEquals(State.FOREIGN, state());
  }

  @Test
  void itGoesWhenAllIsQuietAndWritten() throws Exception {
    Promise<Void> work = Promise.promise();
    onLoop(
        () -> {
          ours();
          Session phone = owner.managed("phone", 1);
          phone.handed(Owner.message("a"), 99, 1, false);
          owner.accounts.hold(owner.account(), "work", work.future());
          table.owner(THIRD);
          claimed(THIRD);
          assertEquals(State.LEAVING, state());
          assertEquals(List.of(), yieldedTo());
          assertFalse(tenure.isOurs(Owner.JULIET));
        });
    onLoop(work::complete);
    until(() -> state() == State.FOREIGN);
    onLoop(
        () -> {
          assertEquals(List.of(THIRD), yieldedTo());
          assertEquals(0, owner.accounts.sessions());
          SessionRecord record = owner.stored.record(Owner.JULIET.withResource("phone"));
          assertEquals(99, record.position());
          assertEquals(1, record.unacked().length, "its connector may go, too");
        });
  }

  @Test
  void whoeverClaimedItLastGetsIt() throws Exception {
    Promise<Void> work = Promise.promise();
    onLoop(
        () -> {
          ours();
          owner.managed("phone", 1);
          owner.accounts.hold(owner.account(), "work", work.future());
          table.owner(OTHER);
          claimed(THIRD);
          claimed(OTHER);
          assertEquals(List.of(), yieldedTo(), "work is still under way");
        });
    onLoop(work::complete);
    until(() -> state() == State.FOREIGN);
    onLoop(() -> assertEquals(List.of(OTHER), yieldedTo()));
  }

  /** Nodes learn of owners one after the other; two of them must not play a partition. */
  @Test
  void whatWasClaimedIsNotTakenBackByAnOlderTable() {
    ours();
    claimed(THIRD);
    takeover.ownersChanged();
    assertEquals(State.FOREIGN, state(), "the table still names us");
    table.owner(THIRD);
    takeover.ownersChanged();
    ours();
    assertEquals(State.OURS, state(), "now it has come back");
  }

  @Test
  void whatComesBackFromOneThatDiedIsGainedAtOnce() {
    ours();
    claimed(THIRD);
    takeover.ownersChanged();
    assertEquals(State.FOREIGN, state());
    takeover.nodeLeft(THIRD.node());
    assertEquals(State.OURS, state());
  }

  @Test
  void withoutAnyOwnerItIsSuspended() {
    ours();
    table.owner(null);
    takeover.ownersChanged();
    assertEquals(State.SUSPENDED, state());
    ours();
    assertEquals(State.OURS, state());
  }

  @Test
  void whatIsSuspendedIsLetGoLikeWhatIsOurs() {
    ours();
    owner.managed("phone", 1);
    table.owner(null);
    takeover.ownersChanged();
    claimed(THIRD);
    assertEquals(State.FOREIGN, state());
    assertEquals(0, owner.accounts.sessions(), "nothing stays behind");
  }
}

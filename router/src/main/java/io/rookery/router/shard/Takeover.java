package io.rookery.router.shard;

import io.rookery.cluster.Bus;
import io.rookery.cluster.Membership;
import io.rookery.cluster.Partitions;
import io.rookery.cluster.SessionRecords;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.login.Resumption;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Records;
import io.rookery.router.shard.Tenure.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions come to this loop and go from it: when a router joins, leaves in order, or dies. The
 * new owner claims a partition from all routers that live; each of them stops working for it and
 * says so; then the new owner adopts the sessions there. One that is dead is not asked: it was
 * taken out of the cluster before the table of owners changed.
 */
final class Takeover {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

  /** An owner that does not get to an end is not waited for longer: storage may be down. */
  private static final long YIELD_WITHIN_MILLIS = 10_000;

  /** Tables of owners are at most so far apart. */
  private static final long TABLE_WITHIN_MILLIS = 5_000;

  private static final long QUIET_POLL_MILLIS = 5;

  private final Vertx vertx;
  private final Bus bus;
  private final Membership membership;
  private final Partitions partitions;
  private final SessionRecords store;
  private final Tenure tenure;
  private final Adoption adoption;
  private final LiveAccounts accounts;
  private final Records records;
  private final Resumption resumption;

  /** Who has still to yield, by partition. */
  private final Map<Integer, Set<LoopAddress>> claims = new HashMap<>();

  private Runnable retry = () -> {};
  private IntConsumer gained = partition -> {};

  Takeover(
      Vertx vertx,
      Bus bus,
      Membership membership,
      Partitions partitions,
      SessionRecords store,
      Tenure tenure,
      Adoption adoption,
      LiveAccounts accounts,
      Records records,
      Resumption resumption) {
    this.vertx = vertx;
    this.bus = bus;
    this.membership = membership;
    this.partitions = partitions;
    this.store = store;
    this.tenure = tenure;
    this.adoption = adoption;
    this.accounts = accounts;
    this.records = records;
    this.resumption = resumption;
  }

  /** What to do when something that waited for an owner may go on. */
  void onProgress(Runnable action) {
    retry = action;
  }

  /** Learns of partitions that this loop works for from now on. */
  void onGained(IntConsumer listener) {
    gained = listener;
  }

  /** Whether this loop works for an account now; not while it may have lost it unawares. */
  boolean admits(Jid account) {
    int partition = Partitions.of(account);
    if (tenure.of(partition) == State.OURS && partitions.ownerOf(partition) == null) {
      tenure.set(partition, State.SUSPENDED);
    }
    return tenure.of(partition) == State.OURS;
  }

  // Coming.

  /** Owners may have changed. */
  void ownersChanged() {
    List<Integer> gained = new ArrayList<>();
    for (int p = 0; p < Partitions.COUNT; p++) {
      LoopAddress owner = partitions.ownerOf(p);
      boolean ours = bus.self().equals(owner);
      if (!ours && owner != null) {
        tenure.confirmed(p);
      }
      if (ours && tenure.mayGain(p)) {
        tenure.set(p, State.COMING);
        gained.add(p);
      } else if (ours && tenure.of(p) == State.SUSPENDED) {
        tenure.set(p, State.OURS);
      } else if (owner == null && tenure.of(p) == State.OURS) {
        tenure.set(p, State.SUSPENDED);
      }
    }
    accounts.forgetIdle(jid -> !tenure.isOurs(jid));
    if (!gained.isEmpty()) {
      claim(gained);
    }
    retry.run();
  }

  private void claim(List<Integer> gained) {
    Map<LoopAddress, List<Integer>> byLoop = new LinkedHashMap<>();
    for (Membership.Node node : membership.nodes()) {
      if (node.router() && !node.id().equals(bus.self().node())) {
        for (int p : gained) {
          LoopAddress loop = new LoopAddress(node.id(), Partitions.loopOf(p, node.loops()));
          byLoop.computeIfAbsent(loop, l -> new ArrayList<>()).add(p);
          claims.computeIfAbsent(p, c -> new HashSet<>()).add(loop);
        }
      }
    }
    byLoop.forEach((loop, ps) -> bus.send(loop, new ToRouter.Claim(array(ps))));
    Map<Integer, Set<LoopAddress>> asked = new HashMap<>(claims);
    asked.keySet().retainAll(gained);
    gained.stream().filter(p -> !asked.containsKey(p)).forEach(this::adopt);
    vertx.setTimer(YIELD_WITHIN_MILLIS, id -> asked.forEach(this::stopWaiting));
  }

  private static long[] array(List<Integer> ps) {
    return ps.stream().mapToLong(p -> p).toArray();
  }

  private void stopWaiting(int partition, Set<LoopAddress> silent) {
    if (claims.get(partition) == silent) { // and not those of a later claim
      claims.remove(partition);
      LOG.warn("{} did not yield partition {} in time", silent, partition);
      adopt(partition);
    }
  }

  void yielded(LoopAddress from, ToRouter.Yielded yielded) {
    for (long p : yielded.partitions()) {
      doneWaiting((int) p, from);
    }
  }

  private void doneWaiting(int partition, LoopAddress loop) {
    Set<LoopAddress> awaited = claims.get(partition);
    if (awaited != null && awaited.remove(loop) && awaited.isEmpty()) {
      claims.remove(partition);
      adopt(partition);
    }
  }

  /** A router that is gone yields nothing any more, and need not. */
  void nodeLeft(String node) {
    for (int partition : List.copyOf(claims.keySet())) {
      for (LoopAddress loop : List.copyOf(claims.get(partition))) {
        if (loop.node().equals(node)) {
          doneWaiting(partition, loop);
        }
      }
    }
    adoption.nodeLeft(node);
    tenure.claimantLeft(node);
    ownersChanged();
  }

  private void adopt(int partition) {
    store
        .read(partition)
        .onSuccess(stored -> adopted(partition, stored))
        .onFailure(
            failure -> {
              LOG.warn("records of partition {}: {}", partition, failure.toString());
              vertx.setTimer(1000, id -> readAgain(partition));
            });
  }

  private void readAgain(int partition) {
    if (tenure.of(partition) == State.COMING && !claims.containsKey(partition)) {
      adopt(partition);
    }
  }

  private void adopted(int partition, List<SessionRecords.Stored> stored) {
    if (tenure.of(partition) != State.COMING || claims.containsKey(partition)) {
      return; // it went on to another router meanwhile, or is coming once more
    }
    tenure.set(partition, State.OURS);
    if (!stored.isEmpty()) {
      LOG.debug("partition {} comes with {} sessions", partition, stored.size());
    }
    Set<String> nodes = new HashSet<>();
    membership.nodes().forEach(node -> nodes.add(node.id()));
    adoption.adopt(stored, nodes::contains);
    gained.accept(partition);
    retry.run();
  }

  // Going.

  /** Another router has become the owner. */
  void claimed(LoopAddress by, ToRouter.Claim claim) {
    List<Integer> ours = new ArrayList<>();
    List<Integer> idle = new ArrayList<>();
    for (long number : claim.partitions()) {
      int partition = (int) number;
      claims.remove(partition);
      tenure.claimed(partition, by);
      switch (tenure.of(partition)) {
        case OURS, SUSPENDED -> {
          tenure.set(partition, State.LEAVING);
          ours.add(partition);
        }
        case LEAVING -> LOG.debug("partition {} goes to {} instead", partition, by);
        case COMING, FOREIGN -> {
          tenure.set(partition, State.FOREIGN);
          idle.add(partition);
        }
      }
    }
    vertx.setTimer(TABLE_WITHIN_MILLIS, id -> confirm(by, claim.partitions()));
    if (!idle.isEmpty()) {
      bus.send(by, new ToRouter.Yielded(array(idle)));
    }
    if (!ours.isEmpty()) {
      Set<Integer> which = Set.copyOf(ours);
      List<LiveAccount> going = new ArrayList<>(accounts.active());
      going.removeIf(account -> !which.contains(Partitions.of(account.jid())));
      if (!going.isEmpty()) {
        LOG.info("{} accounts of {} partitions go to {}", going.size(), ours.size(), by);
      }
      letGo(ours, going, new ArrayList<>());
    }
  }

  /** Who claimed may have lost the partitions again before the table here named it. */
  private void confirm(LoopAddress by, long[] claimed) {
    for (long p : claimed) {
      if (by.equals(tenure.claimant((int) p))) {
        tenure.confirmed((int) p);
      }
    }
    ownersChanged();
  }

  /** Lets accounts go as their work comes to an end; when all have gone, the new owner is told. */
  private void letGo(List<Integer> leaving, List<LiveAccount> going, List<Future<?>> written) {
    going.removeIf(account -> isGone(account, written));
    if (!going.isEmpty()) {
      vertx.setTimer(QUIET_POLL_MILLIS, id -> letGo(leaving, going, written));
      return;
    }
    records.flush();
    Future.join(written)
        .onComplete(
            done -> {
              leaving.forEach(p -> tenure.set(p, State.FOREIGN));
              leaving.stream()
                  .collect(Collectors.groupingBy(tenure::claimant))
                  .forEach((to, ps) -> bus.send(to, new ToRouter.Yielded(array(ps))));
              ownersChanged(); // it may have come back to us meanwhile
            });
  }

  private boolean isGone(LiveAccount account, List<Future<?>> written) {
    if (!accounts.isQuiet(account)) {
      return false;
    }
    resumption.release(account, tenure.claimant(Partitions.of(account.jid())));
    account.sessions().forEach(session -> written.add(records.changed(session)));
    accounts.release(account);
    return true;
  }
}

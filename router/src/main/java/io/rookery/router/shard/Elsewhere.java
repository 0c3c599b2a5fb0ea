package io.rookery.router.shard;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.routing.Routes;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of messages that came to a loop which does not work for their account: passed on to
 * the owner, or kept until there is one. Nodes learn of a change one after the other, so for a
 * moment they disagree.
 */
final class Elsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(Elsewhere.class);

  /** Two nodes that disagree would play a message back and forth. */
  private static final int MAX_HOPS = 3;

  private static final int MAX_KEPT_BYTES = 64 << 20;

  private record Kept(LoopAddress from, ToRouter message) {}

  private final Tenure tenure;
  private final Partitions partitions;
  private final Routes routes;
  private final Counter dropped;
  private ArrayDeque<Kept> kept = new ArrayDeque<>();
  private final BitSet waiting = new BitSet(Partitions.COUNT);
  private int keptBytes;

  Elsewhere(Tenure tenure, Partitions partitions, Routes routes, MeterRegistry meters) {
    this.tenure = tenure;
    this.partitions = partitions;
    this.routes = routes;
    this.dropped =
        Counter.builder("rookery.router.homeless")
            .description("Messages dropped because too many waited for an owner of their account")
            .register(meters);
  }

  /**
   * @param about the account, not ours
   * @param hops how often the message has been passed on already
   */
  void take(Jid about, LoopAddress from, ToRouter message, long hops) {
    int partition = Partitions.of(about);
    if (isRepeated(message) && tenure.of(partition) != Tenure.State.SUSPENDED) {
      return;
    }
    LoopAddress owner = ownerOf(partition);
    if (owner != null && hops < MAX_HOPS && !waiting.get(partition)) {
      routes.forward(from, hops, message, owner);
    } else if (keptBytes < MAX_KEPT_BYTES) {
      keptBytes += message.weight();
      kept.add(new Kept(from, message));
      waiting.set(partition); // what comes later must not overtake it
    } else {
      drop(from, message);
    }
  }

  /** The connector says it again to a new owner, when that asks for the stream. */
  private static boolean isRepeated(ToRouter message) {
    return message instanceof ToRouter.FromClient
        || message instanceof ToRouter.ClientAcked
        || message instanceof ToRouter.AckWanted
        || message instanceof ToRouter.EnableAcks;
  }

  /** Another loop that may work for a partition, null when none is known. */
  private LoopAddress ownerOf(int partition) {
    if (tenure.of(partition) == Tenure.State.COMING) {
      return null;
    }
    LoopAddress claimant = tenure.claimant(partition);
    LoopAddress owner = claimant == null ? partitions.ownerOf(partition) : claimant;
    return owner == null || owner.equals(routes.self()) || routes.isGone(owner) ? null : owner;
  }

  private void drop(LoopAddress from, ToRouter message) {
    dropped.increment();
    LOG.warn("dropped a {}: too many wait for an owner", message.type());
    if (message instanceof ToRouter.Routed routed) {
      routes.settle(from, routed, false);
    }
  }

  /** Tries all that is kept once more. */
  void retry(BiConsumer<LoopAddress, ToRouter> deliver) {
    if (!kept.isEmpty()) {
      ArrayDeque<Kept> all = kept;
      kept = new ArrayDeque<>();
      keptBytes = 0;
      waiting.clear();
      all.forEach(one -> deliver.accept(one.from, one.message));
    }
  }
}

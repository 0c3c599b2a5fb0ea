package io.rookery.router.shard;

import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** For which partitions one loop works. Lives on the loop. */
final class Tenure {
  /** What a partition is to this loop. */
  enum State {
    /** Another loop's. */
    FOREIGN,
    /** Ours, but somebody else may still work for it, or its sessions are not known yet. */
    COMING,
    OURS,
    /** It was ours, and at the moment it is not known whose it is. */
    SUSPENDED,
    /** Another router has claimed it; what is under way here comes to an end. */
    LEAVING
  }

  private final State[] states = new State[Partitions.COUNT];
  private final Map<Integer, LoopAddress> claimants = new HashMap<>();
  private final BitSet unconfirmed = new BitSet(Partitions.COUNT);
  private final int[] terms = new int[Partitions.COUNT];

  Tenure() {
    Arrays.fill(states, State.FOREIGN);
  }

  boolean isOurs(Jid address) {
    return states[Partitions.of(address)] == State.OURS;
  }

  /**
   * How often the partition of an address has become ours. What was read in an earlier term may
   * have been changed by others since.
   */
  int term(Jid address) {
    return terms[Partitions.of(address)];
  }

  State of(int partition) {
    return states[partition];
  }

  void set(int partition, State state) {
    if (state == State.OURS && states[partition] != State.OURS) {
      terms[partition]++;
    }
    states[partition] = state;
    if (state == State.COMING) {
      claimants.remove(partition);
      unconfirmed.clear(partition);
    }
  }

  /** Remembers who has claimed a partition, which the table of owners here need not say yet. */
  void claimed(int partition, LoopAddress by) {
    claimants.put(partition, by);
    unconfirmed.set(partition);
  }

  /** The table of owners has caught up with the last claim. */
  void confirmed(int partition) {
    unconfirmed.clear(partition);
  }

  /** Whoever claimed and is gone claims nothing any more. */
  void claimantLeft(String node) {
    claimants.forEach(
        (partition, by) -> {
          if (by.node().equals(node)) {
            unconfirmed.clear(partition);
          }
        });
  }

  /** False while the table of owners may be older than a claim of another router. */
  boolean mayGain(int partition) {
    return states[partition] == State.FOREIGN && !unconfirmed.get(partition);
  }

  /** Who has claimed it, null when nobody has. */
  LoopAddress claimant(int partition) {
    return claimants.get(partition);
  }
}

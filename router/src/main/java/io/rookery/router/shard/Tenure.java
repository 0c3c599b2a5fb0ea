package io.rookery.router.shard;

import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import java.util.Arrays;
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

  Tenure() {
    Arrays.fill(states, State.FOREIGN);
  }

  boolean isOurs(Jid address) {
    return states[Partitions.of(address)] == State.OURS;
  }

  State of(int partition) {
    return states[partition];
  }

  void set(int partition, State state) {
    states[partition] = state;
    if (state == State.COMING) {
      claimants.remove(partition);
    }
  }

  /** Remembers who has claimed a partition: until the table of owners says the same. */
  void claimed(int partition, LoopAddress by) {
    claimants.put(partition, by);
  }

  /** Who has claimed it, null when nobody has. */
  LoopAddress claimant(int partition) {
    return claimants.get(partition);
  }
}

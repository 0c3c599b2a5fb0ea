package io.rookery.cluster;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;

/**
 * How {@link Ownership} comes about: addresses fall into partitions, and each partition belongs to
 * one loop of one router. Safe to use from every thread.
 */
public interface Partitions extends Ownership {

  /** How many partitions there are: the same on every node, and for ever. */
  int COUNT = 271;

  /** The partition of an address, the same on every node. */
  static int of(Jid address) {
    return PartitionTable.partitionOf(address, COUNT);
  }

  /**
   * Which of its owner's loops a partition is on.
   *
   * @param loops how many the owner has
   */
  static int loopOf(int partition, int loops) {
    return PartitionTable.loopOf(partition, loops);
  }

  /** The owner of a partition, null as with {@link #ownerOf(Jid)}. */
  LoopAddress ownerOf(int partition);

  @Override
  default LoopAddress ownerOf(Jid address) {
    return ownerOf(of(address));
  }
}

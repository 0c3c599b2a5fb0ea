package io.rookery.cluster;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The owners of all partitions at one moment, as a plain array: finding an owner costs a hash of
 * the address and nothing else. Immutable.
 */
final class PartitionTable implements Partitions {
  static final PartitionTable EMPTY = new PartitionTable(new LoopAddress[1][]);

  /** Per partition the loops of the node that owns it; null where nobody does. */
  private final LoopAddress[][] owners;

  private PartitionTable(LoopAddress[][] owners) {
    this.owners = owners;
  }

  /**
   * @param ownerIds per partition the id of the owning node, or null
   */
  static PartitionTable of(List<String> ownerIds, List<Membership.Node> nodes) {
    Map<String, LoopAddress[]> loops = new HashMap<>();
    for (Membership.Node node : nodes) {
      LoopAddress[] addresses = new LoopAddress[node.loops()];
      for (int i = 0; i < addresses.length; i++) {
        addresses[i] = new LoopAddress(node.id(), i);
      }
      loops.put(node.id(), addresses);
    }
    LoopAddress[][] owners = new LoopAddress[ownerIds.size()][];
    for (int i = 0; i < owners.length; i++) {
      owners[i] = ownerIds.get(i) == null ? null : loops.get(ownerIds.get(i));
    }
    return new PartitionTable(owners);
  }

  @Override
  public LoopAddress ownerOf(int partition) {
    LoopAddress[] loops = owners[partition % owners.length];
    return loops == null ? null : loops[loopOf(partition, loops.length)];
  }

  /** Whether a node owns anything. */
  boolean names(String node) {
    return Arrays.stream(owners).anyMatch(o -> o != null && o[0].node().equals(node));
  }

  /** Whether there is an owner for everything. */
  boolean complete() {
    return Arrays.stream(owners).allMatch(Objects::nonNull);
  }

  /** Ids of all nodes that own something. */
  Set<String> nodes() {
    return Arrays.stream(owners)
        .filter(Objects::nonNull)
        .map(loops -> loops[0].node())
        .collect(Collectors.toSet());
  }

  /** Which of its owner's loops a partition is on: spread, whatever the pattern of the owners. */
  static int loopOf(int partition, int loops) {
    long fraction = partition * 0x9E3779B9L & 0xFFFFFFFFL; // multiples of the golden ratio
    return (int) (fraction * loops >>> 32);
  }

  /** The partition of an address; with it, session records land where the owner is. */
  static int partitionOf(Jid address, int partitions) {
    return Math.floorMod(spread(address), partitions);
  }

  /** The same on every node and JVM: rests on String.hashCode, which is specified. */
  static int spread(Jid address) {
    int h = address.bare().hashCode() * 0x9E3779B9;
    return h ^ h >>> 16;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartitionTable that && Arrays.deepEquals(owners, that.owners);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(owners);
  }
}

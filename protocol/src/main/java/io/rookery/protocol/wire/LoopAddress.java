package io.rookery.protocol.wire;

/**
 * One event loop of one node: where messages between nodes go. Cluster-wide registrations grow with
 * the number of loops, never with users.
 *
 * @param node the node's unique id, new at every start of a process
 * @param loop from 0
 */
public record LoopAddress(String node, int loop) {
  @Override
  public String toString() {
    return node + "/" + loop;
  }
}

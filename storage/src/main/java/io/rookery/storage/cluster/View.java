package io.rookery.storage.cluster;

import java.util.Set;

/**
 * Which routers form a cluster, as agreed by all of them.
 *
 * @param epoch grows with every view of a cluster; from 1 on
 * @param members the routers' names
 */
public record View(long epoch, Set<String> members) {
  public View {
    if (epoch < 1) {
      throw new IllegalArgumentException("not an epoch: " + epoch);
    }
    members = Set.copyOf(members);
  }
}

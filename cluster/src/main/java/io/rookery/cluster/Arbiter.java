package io.rookery.cluster;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the one view of a cluster that its routers agree on, outside of the cluster: both methods
 * are linearizable, whatever the network between the routers does. Safe to use from every thread; a
 * failed future means that it is not known what happened.
 */
public interface Arbiter {

  /**
   * Which routers may own accounts.
   *
   * @param epoch grows by one with every view
   * @param members ids of nodes
   */
  record View(long epoch, Set<String> members) {
    static final View NONE = new View(0, Set.of());

    public View {
      members = Set.copyOf(members);
    }

    View next(Set<String> routers) {
      return new View(epoch + 1, routers);
    }

    View with(String router) {
      Set<String> more = new HashSet<>(members);
      more.add(router);
      return next(more);
    }

    View without(Set<String> routers) {
      Set<String> fewer = new HashSet<>(members);
      fewer.removeAll(routers);
      return next(fewer);
    }
  }

  /** The last view that was installed; empty when there has never been one. */
  Future<Optional<View>> current();

  /**
   * Installs the next view if the current one still has the expected epoch.
   *
   * @param expectedEpoch 0 when there has never been a view
   * @return whether it was installed
   */
  Future<Boolean> install(long expectedEpoch, View next);
}

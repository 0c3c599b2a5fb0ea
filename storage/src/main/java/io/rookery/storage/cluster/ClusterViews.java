package io.rookery.storage.cluster;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * The membership that the routers of a cluster agree on: a row that changes by consensus, so that
 * two sides of a split network cannot both change it. All its routers use one datacentre of
 * Cassandra.
 */
public interface ClusterViews {

  /** The newest view; empty before the first. Sees every install that has succeeded. */
  Future<Optional<View>> current(String cluster);

  /**
   * Replaces the view of an epoch by the next one; of several attempts at a time one succeeds.
   *
   * @param expectedEpoch of the view to replace; 0 for none yet
   * @param next of a greater epoch
   * @return true when {@code next} was installed, also by somebody else; false when another view is
   *     in force. Fails when Cassandra does not say, even asked again: the view may then be
   *     installed or not, or be so later
   */
  Future<Boolean> install(String cluster, long expectedEpoch, View next);
}

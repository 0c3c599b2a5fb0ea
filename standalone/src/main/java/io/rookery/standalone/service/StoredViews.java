package io.rookery.standalone.service;

import io.rookery.cluster.Arbiter;
import io.rookery.storage.cluster.ClusterViews;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * The views of one cluster, kept in Cassandra.
 *
 * @param cluster its name
 */
record StoredViews(ClusterViews views, String cluster) implements Arbiter {

  @Override
  public Future<Optional<View>> current() {
    return views
        .current(cluster)
        .map(current -> current.map(view -> new View(view.epoch(), view.members())));
  }

  @Override
  public Future<Boolean> install(long expectedEpoch, View next) {
    return views.install(
        cluster, expectedEpoch, new io.rookery.storage.cluster.View(next.epoch(), next.members()));
  }
}

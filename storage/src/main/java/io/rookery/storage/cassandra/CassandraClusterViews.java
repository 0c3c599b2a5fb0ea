package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.storage.cluster.ClusterViews;
import io.rookery.storage.cluster.View;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Views of clusters: one row each. When the answer to a change is lost, a serial read tells what
 * became of it; as epochs only grow, a change that lost to another cannot happen later.
 */
final class CassandraClusterViews implements ClusterViews {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Vertx vertx;
  private final Query current;
  private final Query first;
  private final Query replace;
  private final Duration patience;

  private CassandraClusterViews(
      Vertx vertx, Query current, Query first, Query replace, Duration patience) {
    this.vertx = vertx;
    this.current = current;
    this.first = first;
    this.replace = replace;
    this.patience = patience;
  }

  /**
   * @param patience for how long to ask what became of a change
   */
  static Future<ClusterViews> prepare(Vertx vertx, Requests requests, Duration patience) {
    Future<Query> current =
        requests.prepareSerialRead(
            "view_current", "SELECT epoch, members FROM %s.cluster_views WHERE cluster = ?");
    Future<Query> first =
        requests.prepareLocalConditional(
            "view_install_first",
            "INSERT INTO %s.cluster_views (cluster, epoch, members) VALUES (?, ?, ?)"
                + " IF NOT EXISTS");
    Future<Query> replace =
        requests.prepareLocalConditional(
            "view_install",
            "UPDATE %s.cluster_views SET epoch = ?, members = ? WHERE cluster = ? IF epoch = ?");
    return Future.all(current, first, replace)
        .map(
            ready ->
                new CassandraClusterViews(
                    vertx, current.result(), first.result(), replace.result(), patience));
  }

  @Override
  public Future<Optional<View>> current(String cluster) {
    return current.one(CassandraClusterViews::decode, cluster);
  }

  @Override
  public Future<Boolean> install(String cluster, long expectedEpoch, View next) {
    if (expectedEpoch < 0 || next.epoch() <= expectedEpoch) {
      throw new IllegalArgumentException(expectedEpoch + " to " + next.epoch());
    }
    Future<Boolean> installed =
        expectedEpoch == 0
            ? first.writeIf(cluster, next.epoch(), next.members())
            : replace.writeIf(next.epoch(), next.members(), cluster, expectedEpoch);
    return installed.recover(
        lost -> {
          long end = System.nanoTime() + patience.toNanos();
          return askWhether(cluster, expectedEpoch, next, lost, end);
        });
  }

  private Future<Boolean> askWhether(
      String cluster, long expectedEpoch, View next, Throwable lost, long end) {
    return current(cluster)
        .transform(
            asked -> {
              if (asked.succeeded()) {
                return outcome(asked.result(), expectedEpoch, next, lost);
              }
              return System.nanoTime() - end > 0
                  ? Future.failedFuture(lost)
                  : vertx
                      .timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                      .compose(again -> askWhether(cluster, expectedEpoch, next, lost, end));
            });
  }

  /** Nothing has happened yet: the request may still be on its way, so that is not a no. */
  private static Future<Boolean> outcome(
      Optional<View> found, long expectedEpoch, View next, Throwable lost) {
    long epoch = found.map(View::epoch).orElse(0L);
    return epoch == expectedEpoch
        ? Future.failedFuture(lost)
        : Future.succeededFuture(found.get().equals(next));
  }

  private static View decode(Row row) {
    return new View(row.getLong("epoch"), row.getSet("members", String.class));
  }
}

package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Writes of single rows, many in one request, because most of what a request costs does not depend
 * on what is in it (docs/adr/0008). A group is an unlogged batch over many partitions: Cassandra
 * executes its rows one by one and answers when it has all. A group fails as a whole; as each row
 * has its key, writing some of them again changes nothing.
 */
final class Appends {

  /**
   * @param index of the same partition as the statement, which makes it one write with it; null for
   *     none
   * @param bytes about what it takes in Cassandra
   * @param done completes when the row is durable
   */
  record Append(BoundStatement statement, BoundStatement index, int bytes, Promise<Void> done) {}

  /** What Cassandra counts for a row beside the values. */
  private static final int ROW_OVERHEAD = 150;

  private final Requests requests;
  private final Timer timer;
  private final int maxPending;
  private final DistributionSummary groups;
  private final Context ownContext;

  /** Of contexts which live as long as this: those of loops. */
  private final Map<Context, AppendLane> lanes = new ConcurrentHashMap<>();

  private final AtomicInteger pending = new AtomicInteger();

  /**
   * @param timer for a group each
   * @param maxPending rows that are waiting or on their way; more are refused
   */
  Appends(Vertx vertx, Requests requests, Timer timer, int maxPending, MeterRegistry meters) {
    this.requests = requests;
    this.timer = timer;
    this.maxPending = maxPending;
    this.ownContext = vertx.getOrCreateContext();
    this.groups =
        DistributionSummary.builder("rookery.storage.group.size")
            .description("Rows of mailboxes written by one request")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32)
            .register(meters);
    Gauge.builder("rookery.storage.appends.pending", pending, AtomicInteger::get)
        .description("Rows of mailboxes waiting or on their way to Cassandra")
        .register(meters);
  }

  /**
   * Writes a row, and its index if it has one; fails at once with {@link
   * StorageOverloadedException} when too many wait.
   */
  Future<Void> append(BoundStatement statement, BoundStatement index, int valueBytes) {
    if (pending.incrementAndGet() > maxPending) {
      pending.decrementAndGet();
      requests.refused();
      return Future.failedFuture(new StorageOverloadedException("appends"));
    }
    int bytes = valueBytes + (index == null ? ROW_OVERHEAD : 2 * ROW_OVERHEAD);
    Append append = new Append(statement, index, bytes, Promise.promise());
    Context context = Vertx.currentContext();
    if (context == null) {
      ownContext.runOnContext(moved -> lane(ownContext).add(append));
    } else {
      lane(((ContextInternal) context).unwrap()).add(append);
    }
    return append.done().future();
  }

  private AppendLane lane(Context context) {
    AppendLane lane = lanes.get(context);
    return lane != null ? lane : lanes.computeIfAbsent(context, of -> new AppendLane(of, this));
  }

  void write(AppendLane lane, List<Append> group) {
    groups.record(group.size());
    Append first = group.get(0);
    if (group.size() == 1 && (first.index() == null || first.bytes() > AppendLane.MAX_BYTES)) {
      alone(lane, group, first);
      return;
    }
    BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
    for (Append append : group) {
      batch.addStatement(append.statement());
      if (append.index() != null) {
        batch.addStatement(append.index());
      }
    }
    requests.execute(
        requests.asWrite(batch.build()), timer, failure -> lane.written(group, failure));
  }

  /** Not as a batch, which may not be large. An index of what is not there yet does no harm. */
  private void alone(AppendLane lane, List<Append> group, Append append) {
    Consumer<Throwable> indexed =
        failure -> {
          if (failure != null) {
            lane.written(group, failure);
          } else {
            requests.execute(append.statement(), timer, last -> lane.written(group, last));
          }
        };
    if (append.index() == null) {
      indexed.accept(null);
    } else {
      requests.execute(append.index(), timer, indexed);
    }
  }

  void finish(List<Append> group, Throwable failure) {
    pending.addAndGet(-group.size());
    for (Append append : group) {
      if (failure == null) {
        append.done().complete();
      } else {
        append.done().fail(failure);
      }
    }
  }
}

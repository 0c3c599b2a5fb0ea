package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Prepares statements and executes them, measured, with the result on the caller's context. */
final class Requests {
  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final CqlSession session;
  private final StorageConfig config;
  private final MeterRegistry meters;

  Requests(CqlSession session, StorageConfig config, MeterRegistry meters) {
    this.session = session;
    this.config = config;
    this.meters = meters;
  }

  /**
   * @param name what the statement is measured by
   * @param cql with %s for the keyspace
   */
  Future<Query> prepareRead(String name, String cql) {
    return prepare(name, cql, config.reads(), true);
  }

  /** A read that sees every change by {@link #prepareLocalConditional} that has succeeded. */
  Future<Query> prepareSerialRead(String name, String cql) {
    return prepare(name, cql, DefaultConsistencyLevel.LOCAL_SERIAL, true);
  }

  /** As {@link #prepareRead}, with the consistency of writes. */
  Future<Query> prepareWrite(String name, String cql) {
    return prepare(name, cql, config.writes(), true);
  }

  /**
   * As {@link #prepareWrite}, for a lightweight transaction. The driver must not repeat it: when
   * the first attempt was applied and its answer lost, the second says that the condition did not
   * hold.
   */
  Future<Query> prepareConditional(String name, String cql) {
    return prepare(name, cql, config.writes(), false);
  }

  /** As {@link #prepareConditional}, with consensus within the local datacentre only. */
  Future<Query> prepareLocalConditional(String name, String cql) {
    return prepare(
        name,
        statement(cql, config.writes(), false)
            .setSerialConsistencyLevel(DefaultConsistencyLevel.LOCAL_SERIAL));
  }

  private Future<Query> prepare(
      String name, String cql, ConsistencyLevel level, boolean idempotent) {
    return prepare(name, statement(cql, level, idempotent));
  }

  private SimpleStatement statement(String cql, ConsistencyLevel level, boolean idempotent) {
    return SimpleStatement.newInstance(cql.formatted(config.keyspace()))
        .setConsistencyLevel(level)
        .setIdempotent(idempotent);
  }

  private Future<Query> prepare(String name, SimpleStatement statement) {
    return Future.fromCompletionStage(session.prepareAsync(statement))
        .map(prepared -> new Query(this, prepared, timer(name)));
  }

  private Timer timer(String name) {
    return Timer.builder("rookery.storage.requests")
        .description("Time from the call to the result of a storage request")
        .tag("statement", name)
        .serviceLevelObjectives(BUCKETS)
        .register(meters);
  }

  Future<AsyncResultSet> execute(Statement<?> statement, Timer timer) {
    long begin = System.nanoTime();
    CompletionStage<AsyncResultSet> stage = send(statement);
    stage.whenComplete((rows, failure) -> measure(timer, begin, failure));
    return onCallersContext(stage);
  }

  /** Without a future of Vert.x, for what cannot afford it: the result comes on any thread. */
  void execute(Statement<?> statement, Timer timer, Consumer<Throwable> done) {
    long begin = System.nanoTime();
    send(statement)
        .whenComplete(
            (rows, failure) -> {
              measure(timer, begin, failure);
              done.accept(failure == null ? null : named(failure));
            });
  }

  /** Failures come as the stage's result always: nobody waits for an answer in vain. */
  private CompletionStage<AsyncResultSet> send(Statement<?> statement) {
    try {
      return session.executeAsync(statement);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Measured, group by group, as this query, which may be one of several in a group. */
  Appends appends(Vertx vertx, Query query) {
    int maxPending = (config.maxInFlight() + config.maxQueued()) * AppendLane.MAX_ROWS;
    return new Appends(vertx, this, query.timer(), maxPending, meters);
  }

  /** Counts what was not even tried. */
  void refused() {
    meters.counter("rookery.storage.errors", "kind", "overloaded").increment();
  }

  BatchStatement asWrite(BatchStatement batch) {
    return batch.setConsistencyLevel(config.writes());
  }

  private void measure(Timer timer, long begin, Throwable failure) {
    timer.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    if (failure != null) {
      meters.counter("rookery.storage.errors", "kind", kind(failure)).increment();
    }
  }

  private static Future<AsyncResultSet> onCallersContext(CompletionStage<AsyncResultSet> stage) {
    Context context = Vertx.currentContext();
    Future<AsyncResultSet> future =
        context == null
            ? Future.fromCompletionStage(stage)
            : Future.fromCompletionStage(stage, context);
    return future.recover(failure -> Future.failedFuture(named(failure)));
  }

  private static Throwable named(Throwable failure) {
    return failure instanceof RequestThrottlingException
        ? new StorageOverloadedException("requests to Cassandra")
        : failure;
  }

  private static String kind(Throwable failure) {
    if (failure instanceof RequestThrottlingException) {
      return "overloaded";
    }
    if (failure instanceof DriverTimeoutException) {
      return "timeout";
    }
    return failure instanceof NoNodeAvailableException ? "unavailable" : "other";
  }

  /** Executes changes of one partition as one: all become visible together, or none. */
  Future<Void> executeTogether(Query measuredAs, BoundStatement... changes) {
    BatchStatement batch = asWrite(BatchStatement.newInstance(BatchType.UNLOGGED, changes));
    return execute(batch, measuredAs.timer()).mapEmpty();
  }

  /** Executes changes of several partitions: in the end all are made, or none; in no order. */
  Future<Void> executeAllOrNone(Query measuredAs, List<BoundStatement> changes) {
    BatchStatement batch = asWrite(BatchStatement.newInstance(BatchType.LOGGED).addAll(changes));
    return execute(batch, measuredAs.timer()).mapEmpty();
  }

  /** All rows of a result, page after page. */
  static <T> Future<List<T>> collect(AsyncResultSet first, Function<Row, T> mapper) {
    return collect(first, mapper, new ArrayList<>(first.remaining()));
  }

  private static <T> Future<List<T>> collect(
      AsyncResultSet page, Function<Row, T> mapper, List<T> into) {
    page.currentPage().forEach(row -> into.add(mapper.apply(row)));
    if (!page.hasMorePages()) {
      return Future.succeededFuture(into);
    }
    return onCallersContext(page.fetchNextPage()).compose(rows -> collect(rows, mapper, into));
  }
}

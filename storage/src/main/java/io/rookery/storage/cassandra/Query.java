package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A prepared statement under the name it is measured by. */
record Query(Requests requests, PreparedStatement prepared, Timer timer) {

  BoundStatement bind(Object... values) {
    return prepared.bind(values);
  }

  BoundStatementBuilder builder() {
    return prepared.boundStatementBuilder();
  }

  Future<AsyncResultSet> execute(BoundStatement statement) {
    return requests.execute(statement, timer);
  }

  Future<Void> write(Object... values) {
    return execute(bind(values)).mapEmpty();
  }

  /** For a lightweight transaction: whether its condition held. */
  Future<Boolean> writeIf(Object... values) {
    return execute(bind(values)).map(AsyncResultSet::wasApplied);
  }

  <T> Future<Optional<T>> one(Function<Row, T> mapper, Object... values) {
    return execute(bind(values)).map(rows -> Optional.ofNullable(rows.one()).map(mapper));
  }

  <T> Future<List<T>> all(Function<Row, T> mapper, Object... values) {
    return execute(bind(values)).compose(rows -> Requests.collect(rows, mapper));
  }
}

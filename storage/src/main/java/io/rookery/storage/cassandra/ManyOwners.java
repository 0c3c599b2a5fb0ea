package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads of the partitions of several owners together: one request asks for so many partitions that
 * a node of Cassandra can read them beside its other work.
 */
final class ManyOwners {
  /**
   * Partitions of one request. Most of them are not there, which Cassandra knows without a read.
   */
  private static final int AT_ONCE = 64;

  private ManyOwners() {}

  /**
   * The rows of each owner that has any.
   *
   * @param query with {@code owner IN ?} first, and the column owner in its result
   * @param others what else is bound
   */
  static <T> Future<Map<Jid, List<T>>> read(
      Query query, Function<Row, T> mapper, Collection<Jid> owners, Object... others) {
    List<String> names = owners.stream().map(Jid::toString).distinct().toList();
    List<Future<List<Map.Entry<Jid, T>>>> requests = new ArrayList<>();
    for (int from = 0; from < names.size(); from += AT_ONCE) {
      List<Object> values = new ArrayList<>();
      values.add(names.subList(from, Math.min(names.size(), from + AT_ONCE)));
      values.addAll(List.of(others));
      requests.add(
          query.all(
              row -> Map.entry(Jid.parse(row.getString("owner")), mapper.apply(row)),
              values.toArray()));
    }
    return Future.all(requests).map(done -> byOwner(requests));
  }

  private static <T> Map<Jid, List<T>> byOwner(List<Future<List<Map.Entry<Jid, T>>>> pages) {
    Map<Jid, List<T>> found = new HashMap<>();
    for (Future<List<Map.Entry<Jid, T>>> page : pages) {
      for (Map.Entry<Jid, T> row : page.result()) {
        found.computeIfAbsent(row.getKey(), o -> new ArrayList<>()).add(row.getValue());
      }
    }
    return found;
  }
}

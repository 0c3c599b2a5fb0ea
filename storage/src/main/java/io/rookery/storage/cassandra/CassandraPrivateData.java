package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.privatedata.PrivateName;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Private XML: one partition per user. */
record CassandraPrivateData(
    Requests requests, Query find, Query sizes, Query put, Query remove, Query delete)
    implements PrivateData {

  static Future<PrivateData> prepare(Requests requests) {
    Future<Query> find =
        requests.prepareRead(
            "private_find",
            "SELECT namespace, name, xml FROM %s.private_data WHERE owner = ? AND namespace = ?");
    Future<Query> sizes =
        requests.prepareRead(
            "private_sizes", "SELECT namespace, name, bytes FROM %s.private_data WHERE owner = ?");
    Future<Query> put =
        requests.prepareWrite(
            "private_put",
            "INSERT INTO %s.private_data (owner, namespace, name, xml, bytes)"
                + " VALUES (?, ?, ?, ?, ?)");
    Future<Query> remove =
        requests.prepareWrite(
            "private_remove",
            "DELETE FROM %s.private_data WHERE owner = ? AND namespace = ? AND name = ?");
    Future<Query> delete =
        requests.prepareWrite("private_delete", "DELETE FROM %s.private_data WHERE owner = ?");
    return Future.all(find, sizes, put, remove, delete)
        .map(
            ready ->
                new CassandraPrivateData(
                    requests,
                    find.result(),
                    sizes.result(),
                    put.result(),
                    remove.result(),
                    delete.result()));
  }

  @Override
  public Future<Map<PrivateName, String>> find(Jid owner, String namespace) {
    return find.all(row -> Map.entry(name(row), row.getString("xml")), owner.toString(), namespace)
        .map(CassandraPrivateData::map);
  }

  @Override
  public Future<Map<PrivateName, Integer>> sizes(Jid owner) {
    return sizes
        .all(row -> Map.entry(name(row), row.getInt("bytes")), owner.toString())
        .map(CassandraPrivateData::map);
  }

  private static PrivateName name(Row row) {
    return new PrivateName(row.getString("namespace"), row.getString("name"));
  }

  private static <T> Map<PrivateName, T> map(List<Map.Entry<PrivateName, T>> rows) {
    Map<PrivateName, T> map = new HashMap<>();
    rows.forEach(row -> map.put(row.getKey(), row.getValue()));
    return map;
  }

  @Override
  public Future<Void> put(Jid owner, Map<PrivateName, String> elements) {
    Function<Map.Entry<PrivateName, String>, BoundStatement> change =
        element -> change(owner.toString(), element.getKey(), element.getValue());
    return requests.executeTogether(
        put, elements.entrySet().stream().map(change).toArray(BoundStatement[]::new));
  }

  private BoundStatement change(String owner, PrivateName name, String xml) {
    return xml.isEmpty()
        ? remove.bind(owner, name.namespace(), name.name())
        : put.bind(
            owner, name.namespace(), name.name(), xml, xml.getBytes(StandardCharsets.UTF_8).length);
  }

  @Override
  public Future<Void> delete(Jid owner) {
    return delete.write(owner.toString());
  }
}

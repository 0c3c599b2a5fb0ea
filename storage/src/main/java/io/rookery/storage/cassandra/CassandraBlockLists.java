package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Block lists, one row per user who has one: it is read for every account that is loaded. */
record CassandraBlockLists(Query load, Query find, Query save, Query delete) implements BlockLists {

  static Future<BlockLists> prepare(Requests requests) {
    Future<Query> load =
        requests.prepareRead(
            "block_list_load", "SELECT addresses FROM %s.block_lists WHERE owner = ?");
    Future<Query> find =
        requests.prepareRead(
            "block_lists_find", "SELECT owner, addresses FROM %s.block_lists WHERE owner IN ?");
    Future<Query> save =
        requests.prepareWrite(
            "block_list_save", "INSERT INTO %s.block_lists (owner, addresses) VALUES (?, ?)");
    Future<Query> delete =
        requests.prepareWrite("block_list_delete", "DELETE FROM %s.block_lists WHERE owner = ?");
    return Future.all(load, find, save, delete)
        .map(
            ready ->
                new CassandraBlockLists(
                    load.result(), find.result(), save.result(), delete.result()));
  }

  @Override
  public Future<BlockList> load(Jid user) {
    return load.one(CassandraBlockLists::decode, user.toString())
        .map(found -> found.orElse(BlockList.NOBODY));
  }

  @Override
  public Future<Map<Jid, BlockList>> of(Collection<Jid> users) {
    return ManyOwners.read(find, CassandraBlockLists::decode, users)
        .map(
            rows ->
                rows.entrySet().stream()
                    .collect(
                        Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get(0))));
  }

  private static BlockList decode(Row row) {
    return new BlockList(
        row.getSet("addresses", String.class).stream()
            .map(Jid::parse)
            .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public Future<Void> save(Jid user, BlockList list) {
    return list.isEmpty()
        ? delete(user)
        : save.write(
            user.toString(),
            list.addresses().stream().map(Jid::toString).collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public Future<Void> delete(Jid user) {
    return delete.write(user.toString());
  }
}

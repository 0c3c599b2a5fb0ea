package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.reflect.GenericType;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.directory.DirectoryEntry;
import io.rookery.storage.directory.DirectoryField;
import io.rookery.storage.directory.SearchTerm;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An entry for each user, and a row for each value that he is found by. An index of Cassandra's own
 * (SAI) would not do: of texts it finds equal ones only, not what begins with something, and it
 * asks all nodes where this asks for a slice of one partition.
 *
 * <p>Entry and rows change by one logged batch: were a row left when its entry is gone, nobody
 * would know of it any more.
 */
record CassandraDirectory(
    Requests requests,
    Query find,
    Query findMany,
    Query equal,
    Query prefix,
    Query put,
    Query remove,
    Query index,
    Query unindex)
    implements Directory {
  private static final GenericType<Map<String, List<String>>> NAMES =
      GenericType.mapOf(GenericType.STRING, GenericType.listOf(GenericType.STRING));

  /** Greater than whatever follows a prefix: the last of all characters. */
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  private static final int BUCKET = 2;

  /** A row for a value. */
  private record Key(DirectoryField field, String key) {

    /** The characters that are the same in all values of a partition. */
    private String bucket() {
      int length = Math.min(BUCKET, key.codePointCount(0, key.length()));
      return key.substring(0, key.offsetByCodePoints(0, length));
    }
  }

  static Future<Directory> prepare(Requests requests) {
    String entry = "SELECT owner, names FROM %s.directory_entries WHERE owner ";
    Future<Query> find = requests.prepareRead("directory_find", entry + "= ?");
    Future<Query> findMany = requests.prepareRead("directory_find_many", entry + "IN ?");
    String bucket = " FROM %s.directory_keys WHERE domain = ? AND field = ? AND bucket = ?";
    Future<Query> equal =
        requests.prepareRead("directory_equal", "SELECT owner" + bucket + " AND key = ? LIMIT ?");
    Future<Query> prefix =
        requests.prepareRead(
            "directory_prefix", "SELECT owner" + bucket + " AND key >= ? AND key < ? LIMIT ?");
    Future<Query> put =
        requests.prepareWrite(
            "directory_put", "INSERT INTO %s.directory_entries (owner, names) VALUES (?, ?)");
    Future<Query> remove =
        requests.prepareWrite(
            "directory_remove", "DELETE FROM %s.directory_entries WHERE owner = ?");
    Future<Query> index =
        requests.prepareWrite(
            "directory_index",
            "INSERT INTO %s.directory_keys (domain, field, bucket, key, owner)"
                + " VALUES (?, ?, ?, ?, ?)");
    Future<Query> unindex =
        requests.prepareWrite(
            "directory_unindex", "DELETE" + bucket + " AND key = ? AND owner = ?");
    return Future.all(List.of(find, findMany, equal, prefix, put, remove, index, unindex))
        .map(
            ready ->
                new CassandraDirectory(
                    requests,
                    find.result(),
                    findMany.result(),
                    equal.result(),
                    prefix.result(),
                    put.result(),
                    remove.result(),
                    index.result(),
                    unindex.result()));
  }

  @Override
  public Future<Optional<DirectoryEntry>> find(Jid owner) {
    return find.one(CassandraDirectory::entry, owner.toString());
  }

  @Override
  public Future<Map<Jid, DirectoryEntry>> find(Collection<Jid> owners) {
    return ManyOwners.read(findMany, CassandraDirectory::entry, owners)
        .map(
            all -> {
              Map<Jid, DirectoryEntry> entries = new HashMap<>();
              all.forEach((owner, one) -> entries.put(owner, one.get(0)));
              return entries;
            });
  }

  private static DirectoryEntry entry(Row row) {
    Map<DirectoryField, List<String>> values = new EnumMap<>(DirectoryField.class);
    Map<String, List<String>> names = row.get("names", NAMES);
    for (DirectoryField field : DirectoryField.values()) {
      values.put(field, names.getOrDefault(field.key(), List.of()));
    }
    return new DirectoryEntry(Jid.parse(row.getString("owner")), values);
  }

  @Override
  public Future<List<Jid>> search(String domain, SearchTerm term, int max) {
    String field = term.field().key();
    String bucket = new Key(term.field(), term.key()).bucket();
    return term.isPrefix()
        ? prefix.all(
            CassandraDirectory::owner, domain, field, bucket, term.key(), term.key() + LAST, max)
        : equal.all(CassandraDirectory::owner, domain, field, bucket, term.key(), max);
  }

  private static Jid owner(Row row) {
    return Jid.parse(row.getString("owner"));
  }

  @Override
  public Future<Void> put(DirectoryEntry entry) {
    Map<String, List<String>> names = new HashMap<>();
    entry.values().forEach((field, values) -> names.put(field.key(), values));
    Set<Key> now = keys(entry);
    return find(entry.owner())
        .compose(
            before -> {
              Set<Key> gone = new HashSet<>(before.map(CassandraDirectory::keys).orElse(Set.of()));
              gone.removeAll(now);
              List<BoundStatement> changes = changes(unindex, entry.owner(), gone);
              changes.addAll(changes(index, entry.owner(), now));
              changes.add(put.bind(entry.owner().toString(), names));
              return requests.executeAllOrNone(put, changes);
            });
  }

  @Override
  public Future<Void> delete(Jid owner) {
    return find(owner)
        .compose(
            before -> {
              if (before.isEmpty()) {
                return Future.succeededFuture();
              }
              List<BoundStatement> changes = changes(unindex, owner, keys(before.get()));
              changes.add(remove.bind(owner.toString()));
              return requests.executeAllOrNone(remove, changes);
            });
  }

  private static Set<Key> keys(DirectoryEntry entry) {
    Set<Key> keys = new HashSet<>();
    for (DirectoryField field : DirectoryField.values()) {
      entry.keys(field).forEach(key -> keys.add(new Key(field, key)));
    }
    return keys;
  }

  private static List<BoundStatement> changes(Query query, Jid owner, Set<Key> keys) {
    List<BoundStatement> changes = new ArrayList<>();
    for (Key key : keys) {
      changes.add(
          query.bind(owner.domain(), key.field().key(), key.bucket(), key.key(), owner.toString()));
    }
    return changes;
  }
}

package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.archive.ArchivePolicies;
import io.rookery.storage.archive.ArchivePolicy;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Archive policies, one row per user who has one. */
record CassandraArchivePolicies(Query find, Query put, Query delete) implements ArchivePolicies {

  static Future<ArchivePolicies> prepare(Requests requests) {
    Future<Query> find =
        requests.prepareRead(
            "archive_policy_find",
            "SELECT others, always, never FROM %s.archive_policies WHERE owner = ?");
    Future<Query> put =
        requests.prepareWrite(
            "archive_policy_put",
            "INSERT INTO %s.archive_policies (owner, others, always, never) VALUES (?, ?, ?, ?)");
    Future<Query> delete =
        requests.prepareWrite(
            "archive_policy_delete", "DELETE FROM %s.archive_policies WHERE owner = ?");
    return Future.all(find, put, delete)
        .map(ready -> new CassandraArchivePolicies(find.result(), put.result(), delete.result()));
  }

  @Override
  public Future<Optional<ArchivePolicy>> find(Jid user) {
    return find.one(CassandraArchivePolicies::decode, user.toString());
  }

  private static ArchivePolicy decode(Row row) {
    return new ArchivePolicy(
        ArchivePolicy.Others.valueOf(row.getString("others").toUpperCase(Locale.ROOT)),
        addresses(row, "always"),
        addresses(row, "never"));
  }

  private static Set<Jid> addresses(Row row, String column) {
    return row.getSet(column, String.class).stream()
        .map(Jid::parse)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Future<Void> put(Jid user, ArchivePolicy policy) {
    return put.write(
        user.toString(),
        policy.others().name().toLowerCase(Locale.ROOT),
        texts(policy.always()),
        texts(policy.never()));
  }

  private static Set<String> texts(Set<Jid> addresses) {
    return addresses.stream().map(Jid::toString).collect(Collectors.toSet());
  }

  @Override
  public Future<Void> delete(Jid user) {
    return delete.write(user.toString());
  }
}

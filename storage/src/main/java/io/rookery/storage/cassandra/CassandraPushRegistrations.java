package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.push.PushProgress;
import io.rookery.storage.push.PushRegistration;
import io.rookery.storage.push.PushRegistrations;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Push registrations, one partition per user. What an owner that was replaced writes of the
 * progress of a registration that is gone by then has no time of its beginning: it is none.
 */
record CassandraPushRegistrations(
    Requests requests,
    Query load,
    Query put,
    Query update,
    Query remove,
    Query delete,
    Query waits,
    Query waitsNoMore,
    Query waiting)
    implements PushRegistrations {
  /** Routers keep far fewer for a user. */
  private static final int MAX = 1000;

  /** Of a partition. */
  private static final int MAX_WAITING = 5000;

  /** Longer than it is tried again: about a day. */
  private static final int WAITING_SECONDS = 2 * 86_400;

  static Future<PushRegistrations> prepare(Requests requests) {
    Future<Query> load =
        requests.prepareRead(
            "push_load",
            "SELECT service, node, resource, client, options, since, unread, publish, published,"
                + " failures FROM %s.push_registrations WHERE owner = ? LIMIT "
                + MAX);
    Future<Query> put =
        requests.prepareWrite(
            "push_put",
            "INSERT INTO %s.push_registrations (owner, service, node, resource, client, options,"
                + " since, unread, publish, published, failures)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Future<Query> update =
        requests.prepareWrite(
            "push_update",
            "UPDATE %s.push_registrations SET unread = ?, publish = ?, published = ?, failures = ?"
                + " WHERE owner = ? AND service = ? AND node = ?");
    Future<Query> remove =
        requests.prepareWrite(
            "push_remove",
            "DELETE FROM %s.push_registrations WHERE owner = ? AND service = ? AND node = ?");
    Future<Query> delete =
        requests.prepareWrite("push_delete", "DELETE FROM %s.push_registrations WHERE owner = ?");
    Future<Query> waits =
        requests.prepareWrite(
            "push_waits",
            "INSERT INTO %s.waiting_pushes (partition, owner) VALUES (?, ?) USING TTL "
                + WAITING_SECONDS);
    Future<Query> waitsNoMore =
        requests.prepareWrite(
            "push_waits_no_more",
            "DELETE FROM %s.waiting_pushes WHERE partition = ? AND owner = ?");
    Future<Query> waiting =
        requests.prepareRead(
            "push_waiting",
            "SELECT owner FROM %s.waiting_pushes WHERE partition = ? LIMIT " + MAX_WAITING);
    return Future.all(load, put, update, remove, delete, Future.all(waits, waitsNoMore, waiting))
        .map(
            ready ->
                new CassandraPushRegistrations(
                    requests,
                    load.result(),
                    put.result(),
                    update.result(),
                    remove.result(),
                    delete.result(),
                    waits.result(),
                    waitsNoMore.result(),
                    waiting.result()));
  }

  @Override
  public Future<List<PushRegistration>> load(Jid user) {
    return load.all(CassandraPushRegistrations::decode, user.toString())
        .map(rows -> rows.stream().filter(Objects::nonNull).toList());
  }

  private static PushRegistration decode(Row row) {
    Instant since = row.getInstant("since");
    return since == null
        ? null
        : new PushRegistration(
            Jid.parse(row.getString("service")),
            row.getString("node"),
            row.getString("resource"),
            row.getString("client"),
            row.getString("options"),
            since,
            new PushProgress(
                row.getInt("unread"),
                row.getString("publish"),
                row.getInstant("published"),
                row.getInt("failures")));
  }

  @Override
  public Future<Void> put(Jid user, PushRegistration registration) {
    PushProgress progress = registration.progress();
    return put.write(
        user.toString(),
        registration.service().toString(),
        registration.node(),
        registration.resource(),
        registration.client(),
        registration.options(),
        registration.since(),
        progress.unread(),
        progress.publish(),
        progress.published(),
        progress.failures());
  }

  @Override
  public Future<Void> update(Jid user, PushRegistration registration) {
    PushProgress progress = registration.progress();
    return update.write(
        progress.unread(),
        progress.publish(),
        progress.published(),
        progress.failures(),
        user.toString(),
        registration.service().toString(),
        registration.node());
  }

  @Override
  public Future<Void> remove(Jid user, Collection<PushRegistration> registrations) {
    BoundStatement[] removals =
        registrations.stream()
            .map(one -> remove.bind(user.toString(), one.service().toString(), one.node()))
            .toArray(BoundStatement[]::new);
    return requests.executeTogether(remove, removals);
  }

  @Override
  public Future<Void> waits(int partition, Jid user) {
    return waits.write(partition, user.toString());
  }

  @Override
  public Future<Void> waitsNoMore(int partition, Jid user) {
    return waitsNoMore.write(partition, user.toString());
  }

  @Override
  public Future<List<Jid>> waiting(int partition) {
    return waiting.all(row -> Jid.parse(row.getString("owner")), partition);
  }

  @Override
  public Future<Void> delete(Jid user) {
    return delete.write(user.toString());
  }
}

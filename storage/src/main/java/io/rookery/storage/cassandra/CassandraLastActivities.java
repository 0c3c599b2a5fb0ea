package io.rookery.storage.cassandra;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.activity.LastActivities;
import io.rookery.storage.activity.LastActivity;
import io.vertx.core.Future;
import java.util.Optional;

/** Last activity, one row per user. */
record CassandraLastActivities(Query find, Query record, Query delete) implements LastActivities {

  static Future<LastActivities> prepare(Requests requests) {
    Future<Query> find =
        requests.prepareRead(
            "activity_find", "SELECT at, status FROM %s.last_activity WHERE owner = ?");
    Future<Query> record =
        requests.prepareWrite(
            "activity_record", "INSERT INTO %s.last_activity (owner, at, status) VALUES (?, ?, ?)");
    Future<Query> delete =
        requests.prepareWrite("activity_delete", "DELETE FROM %s.last_activity WHERE owner = ?");
    return Future.all(find, record, delete)
        .map(ready -> new CassandraLastActivities(find.result(), record.result(), delete.result()));
  }

  @Override
  public Future<Optional<LastActivity>> find(Jid user) {
    return find.one(
        row -> new LastActivity(row.getInstant("at"), row.getString("status")), user.toString());
  }

  @Override
  public Future<Void> record(Jid user, LastActivity activity) {
    return record.write(user.toString(), activity.at(), activity.status());
  }

  @Override
  public Future<Void> delete(Jid user) {
    return delete.write(user.toString());
  }
}

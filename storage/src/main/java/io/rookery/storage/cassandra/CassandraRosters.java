package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.Rosters;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Rosters: one partition each, the version as its static column. */
final class CassandraRosters implements Rosters {
  private final Requests requests;
  private final Query load;
  private final Query find;
  private final Query put;
  private final Query remove;
  private final Query setVersion;
  private final Query delete;

  private CassandraRosters(
      Requests requests,
      Query load,
      Query find,
      Query put,
      Query remove,
      Query setVersion,
      Query delete) {
    this.requests = requests;
    this.load = load;
    this.find = find;
    this.put = put;
    this.remove = remove;
    this.setVersion = setVersion;
    this.delete = delete;
  }

  static Future<Rosters> prepare(Requests requests) {
    Future<Query> load =
        requests.prepareRead(
            "roster_load",
            "SELECT version, photo, contact, name, subscription, ask, approved, pending_in, hidden,"
                + " groups FROM %s.rosters WHERE owner = ?");
    Future<Query> find =
        requests.prepareRead(
            "roster_items_find",
            "SELECT owner, contact, name, subscription, ask, approved, pending_in, hidden, groups"
                + " FROM %s.rosters WHERE owner IN ? AND contact = ?");
    Future<Query> put =
        requests.prepareWrite(
            "roster_put",
            "INSERT INTO %s.rosters (owner, version, contact, name, subscription, ask, approved,"
                + " pending_in, hidden, groups) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Future<Query> remove =
        requests.prepareWrite(
            "roster_remove", "DELETE FROM %s.rosters WHERE owner = ? AND contact = ?");
    Future<Query> setVersion =
        requests.prepareWrite(
            "roster_version", "INSERT INTO %s.rosters (owner, version) VALUES (?, ?)");
    Future<Query> delete =
        requests.prepareWrite("roster_delete", "DELETE FROM %s.rosters WHERE owner = ?");
    return Future.all(List.of(load, find, put, remove, setVersion, delete))
        .map(
            ready ->
                new CassandraRosters(
                    requests,
                    load.result(),
                    find.result(),
                    put.result(),
                    remove.result(),
                    setVersion.result(),
                    delete.result()));
  }

  @Override
  public Future<Roster> load(Jid user) {
    return load.execute(load.bind(user.toString()))
        .compose(
            first -> {
              Row any = first.one();
              if (any == null) {
                return Future.succeededFuture(Roster.EMPTY);
              }
              Map<Jid, RosterItem> items = new HashMap<>();
              addTo(items, any);
              return Requests.collect(first, row -> addTo(items, row))
                  .map(
                      all ->
                          new Roster(
                              any.getLong("version"), items, orEmpty(any.getString("photo"))));
            });
  }

  @Override
  public Future<Map<Jid, RosterItem>> items(Collection<Jid> users, Jid contact) {
    return ManyOwners.read(find, CassandraRosters::decode, users, contact.toString())
        .map(
            rows ->
                rows.entrySet().stream()
                    .collect(
                        Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get(0))));
  }

  /** A roster whose last item was removed is one row with nothing but the version. */
  private static Row addTo(Map<Jid, RosterItem> items, Row row) {
    if (!row.isNull("contact")) {
      RosterItem item = decode(row);
      items.put(item.contact(), item);
    }
    return row;
  }

  private static RosterItem decode(Row row) {
    return new RosterItem(
        Jid.parse(row.getString("contact")),
        orNull(row.getString("name")),
        RosterItem.Subscription.valueOf(row.getString("subscription").toUpperCase(Locale.ROOT)),
        row.getBoolean("ask"),
        row.getBoolean("approved"),
        orNull(row.getString("pending_in")),
        row.getBoolean("hidden"),
        row.getSet("groups", String.class));
  }

  /** A null would be a tombstone: 500 contacts without a name make a roster slow to load. */
  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  @Override
  public Future<Void> put(Jid user, RosterItem item, long newVersion) {
    return put.write(
        user.toString(),
        newVersion,
        item.contact().toString(),
        orEmpty(item.name()),
        item.subscription().name().toLowerCase(Locale.ROOT),
        item.ask(),
        item.approved(),
        orEmpty(item.pendingIn()),
        item.hidden(),
        item.groups());
  }

  @Override
  public Future<Void> remove(Jid user, Jid contact, long newVersion) {
    return requests.executeTogether(
        remove,
        remove.bind(user.toString(), contact.toString()),
        setVersion.bind(user.toString(), newVersion));
  }

  @Override
  public Future<Void> delete(Jid user) {
    return delete.write(user.toString());
  }
}

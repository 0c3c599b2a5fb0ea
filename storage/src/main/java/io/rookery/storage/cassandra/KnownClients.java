package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.token.KnownClient;
import io.vertx.core.Future;
import java.util.List;

/** The clients that log in, one partition per account. */
record KnownClients(Query find, Query put, Query remove, Query delete) {
  /** Routers keep far fewer for an account. */
  private static final int MAX = 1000;

  static Future<KnownClients> prepare(Requests requests) {
    Future<Query> find =
        requests.prepareRead(
            "client_find",
            "SELECT client, software, device, first_seen, last_seen, password"
                + " FROM %s.login_clients WHERE owner = ? LIMIT "
                + MAX);
    Future<Query> put =
        requests.prepareWrite(
            "client_put",
            "INSERT INTO %s.login_clients"
                + " (owner, client, software, device, first_seen, last_seen, password)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) USING TTL ?");
    Future<Query> remove =
        requests.prepareWrite(
            "client_remove", "DELETE FROM %s.login_clients WHERE owner = ? AND client = ?");
    Future<Query> delete =
        requests.prepareWrite("client_delete", "DELETE FROM %s.login_clients WHERE owner = ?");
    return Future.all(find, put, remove, delete)
        .map(
            ready ->
                new KnownClients(find.result(), put.result(), remove.result(), delete.result()));
  }

  Future<List<KnownClient>> find(Jid account) {
    return find.all(KnownClients::decode, account.toString());
  }

  private static KnownClient decode(Row row) {
    return new KnownClient(
        row.getString("client"),
        row.getString("software"),
        row.getString("device"),
        row.getInstant("first_seen"),
        row.getInstant("last_seen"),
        row.getBoolean("password"));
  }

  Future<Void> put(Jid account, KnownClient client, int seconds) {
    return put.write(
        account.toString(),
        client.client(),
        client.software(),
        client.device(),
        client.firstSeen(),
        client.lastSeen(),
        client.password(),
        seconds);
  }

  Future<Void> remove(Jid account, String client) {
    return remove.write(account.toString(), client);
  }

  Future<Void> delete(Jid account) {
    return delete.write(account.toString());
  }
}

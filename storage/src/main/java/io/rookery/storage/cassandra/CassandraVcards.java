package io.rookery.storage.cassandra;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.vcard.Vcards;
import io.vertx.core.Future;
import java.util.Optional;

/** VCards, one row per user; the hash of the photo is a static column of the user's roster. */
record CassandraVcards(Query find, Query put, Query photo, Query delete) implements Vcards {

  static Future<Vcards> prepare(Requests requests) {
    Future<Query> find =
        requests.prepareRead("vcard_find", "SELECT xml FROM %s.vcards WHERE owner = ?");
    Future<Query> put =
        requests.prepareWrite("vcard_put", "INSERT INTO %s.vcards (owner, xml) VALUES (?, ?)");
    Future<Query> photo =
        requests.prepareWrite("vcard_photo", "INSERT INTO %s.rosters (owner, photo) VALUES (?, ?)");
    Future<Query> delete =
        requests.prepareWrite("vcard_delete", "DELETE FROM %s.vcards WHERE owner = ?");
    return Future.all(find, put, photo, delete)
        .map(
            ready ->
                new CassandraVcards(find.result(), put.result(), photo.result(), delete.result()));
  }

  @Override
  public Future<Optional<String>> find(Jid owner) {
    return find.one(row -> row.getString("xml"), owner.toString());
  }

  @Override
  public Future<Void> put(Jid owner, String xml, String hash) {
    return put.write(owner.toString(), xml).compose(v -> photo.write(owner.toString(), hash));
  }

  @Override
  public Future<Void> delete(Jid owner) {
    return delete.write(owner.toString());
  }
}

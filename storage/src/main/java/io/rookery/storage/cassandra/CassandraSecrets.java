package io.rookery.storage.cassandra;

import io.rookery.storage.secret.SharedSecrets;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Shared secrets, one row each. */
record CassandraSecrets(Query find, Query create) implements SharedSecrets {
  private static final int BYTES = 32;

  static Future<SharedSecrets> prepare(Requests requests) {
    Future<Query> find =
        requests.prepareRead("secret_find", "SELECT value FROM %s.shared_secrets WHERE name = ?");
    Future<Query> create =
        requests.prepareWrite(
            "secret_create",
            "INSERT INTO %s.shared_secrets (name, value) VALUES (?, ?) IF NOT EXISTS");
    return Future.all(find, create)
        .map(ready -> new CassandraSecrets(find.result(), create.result()));
  }

  @Override
  public Future<byte[]> shared(String name) {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return create
        .writeIf(name, ByteBuffer.wrap(random))
        .compose(made -> find.one(row -> Bytes.array(row.getByteBuffer("value")), name))
        .map(found -> found.orElseThrow());
  }
}

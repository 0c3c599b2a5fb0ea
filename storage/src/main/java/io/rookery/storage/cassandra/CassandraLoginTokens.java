package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.token.LoginToken;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Tokens, one partition per account. Counts are changed by lightweight transactions; what one of
 * them writes after the token was removed has no secret, so it is no token, and expires.
 */
record CassandraLoginTokens(Query find, Query put, Query count, Query remove, Query delete)
    implements LoginTokens {
  /** Routers keep far fewer for an account. */
  private static final int MAX = 1000;

  static Future<LoginTokens> prepare(Requests requests) {
    Future<Query> find =
        requests.prepareRead(
            "token_find",
            "SELECT client, id, mechanism, secret, password, expires, count"
                + " FROM %s.login_tokens WHERE owner = ? LIMIT "
                + MAX);
    Future<Query> put =
        requests.prepareWrite(
            "token_put",
            "INSERT INTO %s.login_tokens"
                + " (owner, client, id, mechanism, secret, password, expires, count)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?");
    Future<Query> count =
        requests.prepareConditional(
            "token_count",
            "UPDATE %s.login_tokens USING TTL ? SET count = ?"
                + " WHERE owner = ? AND client = ? AND id = ? IF count < ?");
    Future<Query> remove =
        requests.prepareWrite(
            "token_remove",
            "DELETE FROM %s.login_tokens WHERE owner = ? AND client = ? AND id = ?");
    Future<Query> delete =
        requests.prepareWrite("token_delete", "DELETE FROM %s.login_tokens WHERE owner = ?");
    return Future.all(find, put, count, remove, delete)
        .map(
            ready ->
                new CassandraLoginTokens(
                    find.result(), put.result(), count.result(), remove.result(), delete.result()));
  }

  @Override
  public Future<List<LoginToken>> find(Jid account) {
    return find.all(CassandraLoginTokens::decode, account.toString())
        .map(rows -> rows.stream().filter(Objects::nonNull).toList());
  }

  private static LoginToken decode(Row row) {
    ByteBuffer secret = row.getByteBuffer("secret");
    return secret == null
        ? null
        : new LoginToken(
            row.getString("client"),
            row.getLong("id"),
            row.getString("mechanism"),
            Bytes.array(secret),
            Bytes.array(row.getByteBuffer("password")),
            row.getInstant("expires"),
            row.getLong("count"));
  }

  @Override
  public Future<Void> put(Jid account, LoginToken token, Duration keep) {
    return put.write(
        account.toString(),
        token.client(),
        token.id(),
        token.mechanism(),
        ByteBuffer.wrap(token.secret()),
        ByteBuffer.wrap(token.password()),
        token.expires(),
        token.count(),
        seconds(keep));
  }

  @Override
  public Future<Boolean> count(Jid account, LoginToken token, long used, Duration keep) {
    return count.writeIf(seconds(keep), used, account.toString(), token.client(), token.id(), used);
  }

  private static int seconds(Duration keep) {
    return Math.toIntExact(keep.toSeconds());
  }

  @Override
  public Future<Void> remove(Jid account, List<LoginToken> tokens) {
    BoundStatement[] removals =
        tokens.stream()
            .map(token -> remove.bind(account.toString(), token.client(), token.id()))
            .toArray(BoundStatement[]::new);
    return remove.requests().executeTogether(remove, removals);
  }

  @Override
  public Future<Void> delete(Jid account) {
    return delete.write(account.toString());
  }
}

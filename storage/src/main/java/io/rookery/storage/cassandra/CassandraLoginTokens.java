package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.token.KnownClient;
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
final class CassandraLoginTokens implements LoginTokens {
  /** Routers keep far fewer for an account. */
  private static final int MAX = 1000;

  private final Query find;
  private final Query put;
  private final Query count;
  private final Query remove;
  private final Query rekey;
  private final Query revoke;
  private final Query delete;
  private final KnownClients known;

  private CassandraLoginTokens(
      Query find,
      Query put,
      Query count,
      Query remove,
      Query rekey,
      Query revoke,
      Query delete,
      KnownClients known) {
    this.find = find;
    this.put = put;
    this.count = count;
    this.remove = remove;
    this.rekey = rekey;
    this.revoke = revoke;
    this.delete = delete;
    this.known = known;
  }

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
    Future<Query> rekey =
        requests.prepareWrite(
            "token_rekey",
            "UPDATE %s.login_tokens USING TTL ? SET password = ?"
                + " WHERE owner = ? AND client = ? AND id = ?");
    Future<Query> revoke =
        requests.prepareWrite(
            "token_revoke", "DELETE FROM %s.login_tokens WHERE owner = ? AND client = ?");
    Future<Query> delete =
        requests.prepareWrite("token_delete", "DELETE FROM %s.login_tokens WHERE owner = ?");
    Future<KnownClients> known = KnownClients.prepare(requests);
    return Future.all(List.of(find, put, count, remove, rekey, revoke, delete, known))
        .map(
            ready ->
                new CassandraLoginTokens(
                    find.result(),
                    put.result(),
                    count.result(),
                    remove.result(),
                    rekey.result(),
                    revoke.result(),
                    delete.result(),
                    known.result()));
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
  public Future<Void> rekey(Jid account, List<LoginToken> tokens, byte[] password, Duration keep) {
    BoundStatement[] changes =
        tokens.stream()
            .map(
                token ->
                    rekey.bind(
                        seconds(keep),
                        ByteBuffer.wrap(password),
                        account.toString(),
                        token.client(),
                        token.id()))
            .toArray(BoundStatement[]::new);
    return rekey.requests().executeTogether(rekey, changes);
  }

  @Override
  public Future<Void> revoke(Jid account, String client) {
    return revoke.write(account.toString(), client);
  }

  @Override
  public Future<List<KnownClient>> clients(Jid account) {
    return known.find(account);
  }

  @Override
  public Future<Void> putClient(Jid account, KnownClient client, Duration keep) {
    return known.put(account, client, seconds(keep));
  }

  @Override
  public Future<Void> removeClient(Jid account, String client) {
    return known.remove(account, client);
  }

  @Override
  public Future<Void> delete(Jid account) {
    return delete.write(account.toString()).compose(v -> known.delete(account));
  }
}

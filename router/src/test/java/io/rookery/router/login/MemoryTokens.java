package io.rookery.router.login;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.token.KnownClient;
import io.rookery.storage.token.LoginToken;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tokens of one account in memory; fails when it is told to. */
public final class MemoryTokens implements LoginTokens {
  public final List<LoginToken> tokens = new ArrayList<>();
  public final Map<String, KnownClient> clients = new TreeMap<>();
  boolean failing;

  /** Done before a token is put. */
  Runnable onPut = () -> {};

  private <T> Future<T> result(T value) {
    return failing ? Future.failedFuture("storage does not answer") : Future.succeededFuture(value);
  }

  @Override
  public Future<List<LoginToken>> find(Jid account) {
    return Future.succeededFuture(List.copyOf(tokens));
  }

  @Override
  public Future<Void> put(Jid account, LoginToken token, Duration keep) {
    onPut.run();
    if (!failing) {
      tokens.add(token);
    }
    return result(null);
  }

  @Override
  public Future<Boolean> count(Jid account, LoginToken token, long count, Duration keep) {
    boolean first = tokens.contains(token) && token.count() < count;
    if (first) {
      tokens.set(
          tokens.indexOf(token),
          new LoginToken(
              token.client(),
              token.id(),
              token.mechanism(),
              token.secret(),
              token.password(),
              token.expires(),
              count));
    }
    return result(first);
  }

  @Override
  public Future<Void> rekey(Jid account, List<LoginToken> changed, byte[] password, Duration keep) {
    tokens.replaceAll(
        one ->
            changed.stream().noneMatch(c -> isSame(one, c))
                ? one
                : new LoginToken(
                    one.client(),
                    one.id(),
                    one.mechanism(),
                    one.secret(),
                    password,
                    one.expires(),
                    one.count()));
    return result(null);
  }

  @Override
  public Future<Void> revoke(Jid account, String client) {
    tokens.removeIf(one -> one.client().equals(client));
    return result(null);
  }

  @Override
  public Future<List<KnownClient>> clients(Jid account) {
    return result(List.copyOf(clients.values()));
  }

  @Override
  public Future<Void> putClient(Jid account, KnownClient client, Duration keep) {
    clients.put(client.client(), client);
    return result(null);
  }

  @Override
  public Future<Void> removeClient(Jid account, String client) {
    clients.remove(client);
    return result(null);
  }

  @Override
  public Future<Void> remove(Jid account, List<LoginToken> removed) {
    if (!failing) {
      tokens.removeIf(one -> removed.stream().anyMatch(r -> isSame(one, r)));
    }
    return result(null);
  }

  private static boolean isSame(LoginToken one, LoginToken other) {
    return one.client().equals(other.client()) && one.id() == other.id();
  }

  @Override
  public Future<Void> delete(Jid account) {
    tokens.clear();
    clients.clear();
    return result(null);
  }
}

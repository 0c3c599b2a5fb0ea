package io.rookery.router.login;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.token.LoginToken;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The tokens of one account in memory; fails when it is told to. */
public final class MemoryTokens implements LoginTokens {
  public final List<LoginToken> tokens = new ArrayList<>();
  boolean failing;

  private <T> Future<T> result(T value) {
    return failing ? Future.failedFuture("storage does not answer") : Future.succeededFuture(value);
  }

  @Override
  public Future<List<LoginToken>> find(Jid account) {
    return Future.succeededFuture(List.copyOf(tokens));
  }

  @Override
  public Future<Void> put(Jid account, LoginToken token, Duration keep) {
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
    return result(null);
  }
}

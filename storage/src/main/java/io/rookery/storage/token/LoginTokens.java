package io.rookery.storage.token;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** The tokens of all accounts. Every future fails with a technical failure only. */
public interface LoginTokens {

  /** All of an account's, in the order of clients and ids; expired ones, too, for a while. */
  Future<List<LoginToken>> find(Jid account);

  /**
   * @param keep how long it is there, at least a second
   */
  Future<Void> put(Jid account, LoginToken token, Duration keep);

  /**
   * The client uses a token with a count; at most one of several attempts with the same succeeds.
   *
   * @param keep as in {@link #put}
   * @return false when that count, or a greater one, has been used before, or the token is gone
   */
  Future<Boolean> count(Jid account, LoginToken token, long count, Duration keep);

  /** Removes these; all or none. */
  Future<Void> remove(Jid account, List<LoginToken> tokens);

  /** Removes all of an account's. */
  Future<Void> delete(Jid account);
}

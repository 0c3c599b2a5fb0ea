package io.rookery.storage.token;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * The tokens of all accounts, and the clients that log in to them. Every future fails with a
 * technical failure only.
 */
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

  /**
   * The password of these has other keys now: {@link LoginToken#password}.
   *
   * @param keep as in {@link #put}
   */
  Future<Void> rekey(Jid account, List<LoginToken> tokens, byte[] password, Duration keep);

  /** Removes all that one client has, also what is written at this moment; all or none. */
  Future<Void> revoke(Jid account, String client);

  /** The clients of an account. */
  Future<List<KnownClient>> clients(Jid account);

  /**
   * @param keep how long it is known, at least a second
   */
  Future<Void> putClient(Jid account, KnownClient client, Duration keep);

  /** Forgets a client, which keeps its tokens. */
  Future<Void> removeClient(Jid account, String client);

  /** Removes all tokens and clients of an account. */
  Future<Void> delete(Jid account);
}

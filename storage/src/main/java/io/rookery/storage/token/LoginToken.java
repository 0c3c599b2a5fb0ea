package io.rookery.storage.token;

import java.security.MessageDigest;
import java.time.Instant;

/**
 * A token that one client of an account can log in with (XEP-0484).
 *
 * @param client id of its user agent
 * @param id milliseconds since 1970 of its making, ascending among the tokens of a client
 * @param mechanism the only one it is good for
 * @param secret the token itself: the mechanisms compute with it, so a hash would not do
 * @param password digest of the account's keys at that time: with another password, the token is
 *     not good any more
 * @param count greatest one that the client has used it with, 0 for none
 */
public record LoginToken(
    String client,
    long id,
    String mechanism,
    byte[] secret,
    byte[] password,
    Instant expires,
    long count) {

  /** True while the account has the password of that digest, and the token has not expired. */
  public boolean isOf(byte[] present, Instant now) {
    return MessageDigest.isEqual(password, present) && now.isBefore(expires);
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "LoginToken[client=" + client + ", id=" + id + ", mechanism=" + mechanism + "]";
  }
}

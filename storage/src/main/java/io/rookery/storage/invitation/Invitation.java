package io.rookery.storage.invitation;

import io.rookery.protocol.jid.Jid;
import java.time.Instant;

/**
 * An invitation, good for one use.
 *
 * @param token SHA-256 of the token: nobody can use what is stored
 * @param inviter bare address of who has made it; a domain's for its operator
 * @param account the address to be registered, which is kept free meanwhile; null for any
 * @param registers an account can be made with it
 * @param subscribes who uses it and the inviter get into each other's rosters
 * @param expires when it cannot be begun to use any more
 * @param claim who is using it, or null
 */
public record Invitation(
    byte[] token,
    Jid inviter,
    Jid account,
    boolean registers,
    boolean subscribes,
    Instant expires,
    Jid claim) {

  /** The same once somebody has claimed it. */
  public Invitation claimedBy(Jid user) {
    return new Invitation(token, inviter, account, registers, subscribes, expires, user);
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "Invitation[inviter=" + inviter + ", account=" + account + ", claim=" + claim + "]";
  }
}

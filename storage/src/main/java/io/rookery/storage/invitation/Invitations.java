package io.rookery.storage.invitation;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** The invitations of all users. Every future fails with a technical failure only. */
public interface Invitations {

  /**
   * Keeps a new invitation and, if it is for one, its address.
   *
   * @param keep how long it is there, at least a second
   * @return false when the address is kept for another one; then nothing is
   */
  Future<Boolean> put(Invitation invitation, Duration keep);

  /**
   * @param token its hash
   */
  Future<Optional<Invitation>> find(byte[] token);

  /** How many an inviter has, used ones left out; counts up to 1001. */
  Future<Integer> count(Jid inviter);

  /** The hash of the token that an address is kept for. */
  Future<Optional<byte[]>> reservation(Jid account);

  /**
   * Claims an invitation as it was found. Of several at a time one succeeds.
   *
   * @param hold after which the claim is void, at least a second
   * @return false when somebody else has claimed or used it, or it is gone
   */
  Future<Boolean> claim(Invitation invitation, Jid by, Duration hold);

  /** Gives up a claim, if it still is this one's. */
  Future<Void> release(Invitation invitation, Jid by);

  /** An invitation has been used: it goes, and its address is not kept any more. */
  Future<Void> remove(Invitation invitation);

  /** Removes all of an inviter's. */
  Future<Void> delete(Jid inviter);
}

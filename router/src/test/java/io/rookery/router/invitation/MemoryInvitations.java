package io.rookery.router.invitation;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.invitation.Invitation;
import io.rookery.storage.invitation.Invitations;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Invitations in memory; they stay until they are removed. Fails when it is told to. */
public final class MemoryInvitations implements Invitations {
  public final List<Invitation> all = new ArrayList<>();
  public boolean failing;

  private <T> Future<T> result(T value) {
    return failing ? Future.failedFuture("storage does not answer") : Future.succeededFuture(value);
  }

  private Optional<Invitation> of(byte[] token) {
    return all.stream().filter(one -> Arrays.equals(one.token(), token)).findFirst();
  }

  private Optional<byte[]> reserved(Jid account) {
    return all.stream()
        .filter(one -> account.equals(one.account()))
        .map(Invitation::token)
        .findFirst();
  }

  @Override
  public Future<Boolean> put(Invitation invitation, Duration keep) {
    if (invitation.account() != null && reserved(invitation.account()).isPresent()) {
      return result(false);
    }
    all.add(invitation);
    return result(true);
  }

  @Override
  public Future<Optional<Invitation>> find(byte[] token) {
    return result(of(token));
  }

  @Override
  public Future<Integer> count(Jid inviter) {
    return result((int) all.stream().filter(one -> one.inviter().equals(inviter)).count());
  }

  @Override
  public Future<Optional<byte[]>> reservation(Jid account) {
    return result(reserved(account));
  }

  @Override
  public Future<Boolean> claim(Invitation invitation, Jid by, Duration hold) {
    Optional<Invitation> now = of(invitation.token());
    boolean free =
        now.isPresent()
            && Objects.equals(now.get().claim(), invitation.claim())
            && (invitation.claim() == null || invitation.claim().equals(by));
    if (free) {
      all.set(all.indexOf(now.get()), now.get().claimedBy(by));
    }
    return result(free);
  }

  @Override
  public Future<Void> release(Invitation invitation, Jid by) {
    of(invitation.token())
        .filter(now -> by.equals(now.claim()))
        .ifPresent(now -> all.set(all.indexOf(now), now.claimedBy(null)));
    return result(null);
  }

  @Override
  public Future<Void> remove(Invitation invitation) {
    all.removeIf(one -> Arrays.equals(one.token(), invitation.token()));
    return result(null);
  }

  @Override
  public Future<Void> delete(Jid inviter) {
    all.removeIf(one -> one.inviter().equals(inviter));
    return result(null);
  }
}

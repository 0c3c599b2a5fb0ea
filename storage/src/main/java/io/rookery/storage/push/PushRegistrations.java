package io.rookery.storage.push;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;

/**
 * Where users want push notifications. Only the owner of the user writes, one change after the
 * other.
 */
public interface PushRegistrations {

  /** All of a user. */
  Future<List<PushRegistration>> load(Jid user);

  /** Adds one, or replaces that of its service and node. */
  Future<Void> put(Jid user, PushRegistration registration);

  /** Changes the progress of one that is there. */
  Future<Void> update(Jid user, PushRegistration registration);

  /** Removes some, at least one. */
  Future<Void> remove(Jid user, Collection<PushRegistration> registrations);

  /**
   * Remembers that notifications of a user wait for another try, for longer than it is tried.
   *
   * @param partition of the cluster, in which the user's owner can change
   */
  Future<Void> waits(int partition, Jid user);

  /** Nothing waits any more. */
  Future<Void> waitsNoMore(int partition, Jid user);

  /** Users whose notifications wait for another try, or did; of very many some are left out. */
  Future<List<Jid>> waiting(int partition);

  /** Removes everything of the user but that something waits (account removal). */
  Future<Void> delete(Jid user);
}

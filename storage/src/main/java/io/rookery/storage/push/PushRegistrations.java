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

  /** Removes everything of the user (account removal). */
  Future<Void> delete(Jid user);
}

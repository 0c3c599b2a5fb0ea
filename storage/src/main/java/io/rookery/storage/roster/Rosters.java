package io.rookery.storage.roster;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;

/**
 * Rosters with versions (RFC 6121, section 2.6). Only the owner of the user writes, so the caller
 * knows the version: writes carry it and need no lightweight transaction.
 */
public interface Rosters {

  Future<Roster> load(Jid user);

  /** What a contact is to each of several users, in a few requests; of those who have the item. */
  Future<Map<Jid, RosterItem>> items(Collection<Jid> users, Jid contact);

  /** Writes one item under the new version; both become visible together. */
  Future<Void> put(Jid user, RosterItem item, long newVersion);

  /** Removes one item under the new version; both become visible together. */
  Future<Void> remove(Jid user, Jid contact, long newVersion);

  /** Removes everything of the user (account removal). */
  Future<Void> delete(Jid user);
}

package io.rookery.storage.directory;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The users who want to be found (XEP-0055). Only the owner of a user writes, one change after the
 * other.
 */
public interface Directory {

  /** Empty for a user who does not want to be found. */
  Future<Optional<DirectoryEntry>> find(Jid owner);

  /** The entries of several users, in a few requests; of those who have one. */
  Future<Map<Jid, DirectoryEntry>> find(Collection<Jid> owners);

  /**
   * Users of a domain whose entries may match, in the order of what is looked for.
   *
   * @param max of them
   */
  Future<List<Jid>> search(String domain, SearchTerm term, int max);

  /** Replaces the entry of its owner. Can be repeated when it fails. */
  Future<Void> put(DirectoryEntry entry);

  /** The user does not want to be found any more, or is removed. Can be repeated, too. */
  Future<Void> delete(Jid owner);
}

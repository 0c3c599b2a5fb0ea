package io.rookery.storage.archive;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.Optional;

/** What users have said about the archiving of their messages. */
public interface ArchivePolicies {

  /** Empty for a user who has said nothing. */
  Future<Optional<ArchivePolicy>> find(Jid user);

  Future<Void> put(Jid user, ArchivePolicy policy);

  /** For account removal. */
  Future<Void> delete(Jid user);
}

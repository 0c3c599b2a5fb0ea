package io.rookery.router.session;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.archive.ArchivePolicy;
import io.vertx.core.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What an account's user has said about the archiving of messages (XEP-0441), in memory: deciding
 * takes no read. On the account's loop only.
 */
public final class ArchiveChoice {
  private ArchivePolicy policy;
  private Future<Void> written = Future.succeededFuture();

  ArchiveChoice() {}

  /** Null while it has not been loaded. */
  public ArchivePolicy policy() {
    return policy;
  }

  /** Whether messages from and to that address are archived; not while nothing is known. */
  public boolean archives(Jid peer, Predicate<Jid> isContact) {
    return policy != null && policy.archives(peer, isContact);
  }

  void loaded(ArchivePolicy stored) {
    policy = stored;
  }

  /** Holds from now on; completes when it is stored. Writes come in order. */
  public Future<Void> change(ArchivePolicy changed, Supplier<Future<Void>> write) {
    policy = changed;
    return written(write);
  }

  /** After all changes. */
  public Future<Void> written(Supplier<Future<Void>> write) {
    written = written.transform(before -> write.get());
    return written;
  }

  boolean isWritten() {
    return written.isComplete();
  }
}

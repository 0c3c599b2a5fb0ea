package io.rookery.storage.mailbox;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.List;

/**
 * The mailbox log: per user one durable, ordered log of messages. Archive, offline messages and
 * recovery are cursors on it.
 */
public interface Mailboxes {

  /**
   * Appends durably: when the future succeeds, the entry survives (DESIGN: an ack means durable).
   */
  Future<Void> append(Jid user, MailboxEntry entry);

  /**
   * Entries after a position, oldest first.
   *
   * @param after exclusive; 0 for the beginning
   * @param limit at most this many, 1 to 1000
   */
  Future<List<MailboxEntry>> read(Jid user, long after, int limit);

  /**
   * How far offline messages were delivered.
   *
   * @param cursor the position up to which they were; 0 when never set
   * @param mayHaveMore false when the log surely has no entry after it: no need to read
   */
  record OfflineState(long cursor, boolean mayHaveMore) {}

  Future<OfflineState> offlineState(Jid user);

  Future<Void> moveOfflineCursor(Jid user, long position);

  /** Removes everything of the user (account removal). */
  Future<Void> delete(Jid user);
}

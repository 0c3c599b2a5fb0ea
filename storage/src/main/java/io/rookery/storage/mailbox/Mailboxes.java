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

  /** The position up to which offline messages were delivered; 0 when never set. */
  Future<Long> offlineCursor(Jid user);

  Future<Void> moveOfflineCursor(Jid user, long position);

  /** Removes everything of the user (account removal). */
  Future<Void> delete(Jid user);
}

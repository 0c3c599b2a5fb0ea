package io.rookery.storage.mailbox;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.Collection;
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

  /** {@link #since} finds at most this many. */
  int MAX_SINCE = 5_000;

  /**
   * All entries of the last few minutes, oldest first: for the new owner of a user whose owner
   * died, to learn which stanzas are in the log already ({@link MailboxEntry#origin}) and what a
   * session was not handed. One request, or two around the end of a week. {@link #read} is for
   * everything that can be long.
   *
   * @param from inclusive, not older than two weeks: {@link IllegalArgumentException} otherwise
   * @return fails with {@link TooManyEntriesException} when there are more than {@link #MAX_SINCE},
   *     so that nothing is missing from an answer
   */
  Future<List<MailboxEntry>> since(Jid user, long from);

  /**
   * A page of {@link #archive} ends when its stanzas have this many bytes, or up to twice as many.
   */
  int MAX_PAGE_BYTES = 1 << 20;

  /**
   * A page of the archive: entries with {@link MailboxEntry#archived}. What it costs depends on the
   * page, not on how much is in the log before and behind it, nor on how much of that is with
   * others (docs/adr/0012); only a search for text reads what it does not find. May be shorter than
   * the limit, see {@link #MAX_PAGE_BYTES} and {@link TextSearch#most}, but is only empty when
   * there is nothing.
   *
   * @return fails with {@link TooManyEntriesException} when nothing was found and too much was
   *     read, because the log has too much that is not archived, or not what is searched for
   */
  Future<ArchivePage> archive(Jid user, ArchiveQuery query);

  /** Whether all of these are ids of archived entries. */
  Future<Boolean> areArchived(Jid user, Collection<Long> ids);

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

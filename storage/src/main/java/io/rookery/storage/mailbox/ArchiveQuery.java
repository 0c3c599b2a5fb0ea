package io.rookery.storage.mailbox;

import io.rookery.protocol.jid.Jid;
import java.util.SortedSet;

/**
 * What is asked of an archive (XEP-0313, section 4.1). All conditions have to hold.
 *
 * @param after exclusive; 0 for the beginning
 * @param before exclusive; {@link Long#MAX_VALUE} for the end
 * @param with the other side: a bare address stands for all of its resources; null for anybody
 * @param ids no others than these; null for all
 * @param backwards the last entries of these, not the first
 * @param limit at most this many, 1 to 1000
 * @param text what the message says; null for anything
 */
public record ArchiveQuery(
    long after,
    long before,
    Jid with,
    SortedSet<Long> ids,
    boolean backwards,
    int limit,
    TextSearch text) {

  /** Whatever the messages say. */
  public ArchiveQuery(
      long after, long before, Jid with, SortedSet<Long> ids, boolean backwards, int limit) {
    this(after, before, with, ids, backwards, limit, null);
  }

  /** The first entries of an archive, or the last. */
  public static ArchiveQuery all(boolean backwards, int limit) {
    return new ArchiveQuery(0, Long.MAX_VALUE, null, null, backwards, limit);
  }

  /** Whether an entry is part of the archive and of what is asked for. */
  public boolean matches(MailboxEntry entry) {
    return entry.archived()
        && entry.id() > after
        && entry.id() < before
        && (with == null || with.equals(with.isBare() ? entry.peer().bare() : entry.peer()))
        && (text == null || text.isIn(entry));
  }
}

package io.rookery.storage.cassandra;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Reads one week of a user's archive, in the direction of the query and in chunks. Entries with one
 * contact are neighbours in the log while the two talk, and a slice of the log costs a fraction of
 * as many rows by their keys; so the log is tried first, and read on as long as enough of it is
 * with the contact. The index finds the others (docs/adr/0015).
 */
final class ArchiveWeek {
  /** Rows of one request: with the largest stanzas there are, some megabytes. */
  private static final int MAX_CHUNK = 100;

  /**
   * Rows of the log which tell whether it is worth reading on: a usual page, if all are part of it.
   */
  private static final int MIN_SAMPLE = 16;

  private static final int MAX_SAMPLE = 64;

  /** A row by its key costs about as much as this many of a slice. */
  private static final int ROWS_FOR_ONE = 4;

  /**
   * What was found of a page, in the direction of the query.
   *
   * @param skipped rows that were read in vain
   * @param isFull there are bytes enough, or too much was read in vain: nothing may follow
   */
  record Part(List<MailboxEntry> entries, long bytes, int skipped, boolean isFull) {
    static final Part NOTHING = new Part(List.of(), 0, 0, false);

    Part plus(Part more) {
      if (isFull) {
        return this; // a gap would come
      }
      List<MailboxEntry> all = new ArrayList<>(entries);
      all.addAll(more.entries);
      long sum = bytes + more.bytes;
      return new Part(all, sum, skipped + more.skipped, more.isFull || ArchiveReads.isEnough(sum));
    }

    Part full() {
      return new Part(entries, bytes, skipped, true);
    }

    /** That were read. */
    int rows() {
      return entries.size() + skipped;
    }
  }

  record Queries(
      Query forwards,
      Query backwards,
      Query indexForwards,
      Query indexBackwards,
      Query entries,
      Query flags) {
    private static final String ENTRIES = "SELECT id, origin, peer, flags, stanza";
    private static final String RANGE =
        " FROM %s.mailbox WHERE owner = ? AND bucket = ? AND id > ? AND id < ?";
    private static final String SET = " FROM %s.mailbox WHERE owner = ? AND bucket = ? AND id IN ?";

    static Future<Queries> prepare(Requests requests) {
      Future<Query> forwards = range(requests, "archive_forwards", ENTRIES, " LIMIT ?");
      Future<Query> backwards =
          range(requests, "archive_backwards", ENTRIES, " ORDER BY id DESC LIMIT ?");
      Future<Query> indexForwards =
          range(requests, "archive_index_forwards", "SELECT id", " LIMIT ?");
      Future<Query> indexBackwards =
          range(requests, "archive_index_backwards", "SELECT id", " ORDER BY id DESC LIMIT ?");
      Future<Query> entries = requests.prepareRead("archive_entries", ENTRIES + SET);
      Future<Query> flags = requests.prepareRead("archive_flags", "SELECT flags" + SET);
      return Future.all(List.of(forwards, backwards, indexForwards, indexBackwards, entries, flags))
          .map(
              ready ->
                  new Queries(
                      forwards.result(),
                      backwards.result(),
                      indexForwards.result(),
                      indexBackwards.result(),
                      entries.result(),
                      flags.result()));
    }

    private static Future<Query> range(
        Requests requests, String name, String what, String orderAndLimit) {
      return requests.prepareRead(name, what + RANGE + orderAndLimit);
    }

    Future<Boolean> areArchived(Jid user, int week, List<Long> ids) {
      return flags
          .all(row -> CassandraMailboxes.isArchived(row.getByte(0)), user.toString(), week, ids)
          .map(found -> found.size() == ids.size() && !found.contains(false));
    }
  }

  private final Queries queries;
  private final Jid user;
  private final int week;
  private final ArchiveQuery query;
  private final int maxSkipped;

  ArchiveWeek(Queries queries, Jid user, int week, ArchiveQuery query, int maxSkipped) {
    this.queries = queries;
    this.user = user;
    this.week = week;
    this.query = query;
    this.maxSkipped = maxSkipped;
  }

  /**
   * Ends when there are as many as wanted, or {@link Part#isFull}, or the week is at its end.
   *
   * @param logFirst whether to look for a contact in the log before the index
   */
  Future<Part> read(int wanted, boolean logFirst) {
    return read(wanted, query.after(), query.before(), Part.NOTHING, logFirst);
  }

  /**
   * @param inLog no more once the index has been asked
   */
  private Future<Part> read(int wanted, long after, long before, Part found, boolean inLog) {
    if (found.skipped > maxSkipped) {
      return Future.succeededFuture(found.full());
    }
    boolean slice = readsAll() || inLog && query.ids() == null && isDense(found);
    int missing = wanted - found.entries.size();
    int rows = Math.min(MAX_CHUNK, rows(missing, found, slice, inLog));
    return chunk(after, before, rows, slice)
        .compose(
            chunk -> {
              Part sum = found.plus(chunk.part);
              if (chunk.rows < rows || sum.isFull || sum.entries.size() >= wanted) {
                return Future.succeededFuture(sum);
              }
              return mayHaveMore(sum)
                  .compose(
                      more -> {
                        if (!more) {
                          return Future.succeededFuture(sum);
                        }
                        return query.backwards()
                            ? read(wanted, after, chunk.last, sum, slice)
                            : read(wanted, chunk.last, before, sum, slice);
                      });
            });
  }

  private int rows(int missing, Part found, boolean slice, boolean inLog) {
    if (slice && !readsAll()) {
      return rowsOfLog(missing, found);
    }
    // What was in vain in the log says nothing of the index.
    return slice || !inLog ? missing + found.skipped : missing;
  }

  private static boolean isDense(Part found) {
    return found.entries.size() * ROWS_FOR_ONE >= found.rows();
  }

  /** That have the missing entries if it goes on about as it did. */
  private static int rowsOfLog(int missing, Part found) {
    int matching = found.entries.size();
    return matching == 0
        ? Math.max(MIN_SAMPLE, Math.min(missing, MAX_SAMPLE))
        : missing + missing * found.skipped * 3 / 2 / matching;
  }

  /** A week of which nothing was archived has no index: not worth reading through. */
  private Future<Boolean> mayHaveMore(Part found) {
    if (!found.entries.isEmpty() || !readsAll() || found.skipped > MAX_CHUNK) {
      return Future.succeededFuture(true);
    }
    return queries
        .indexForwards
        .all(row -> row.getLong(0), user.toString(), week, Long.MIN_VALUE, 0L, 1)
        .map(any -> !any.isEmpty());
  }

  private boolean readsAll() {
    return query.with() == null && query.ids() == null;
  }

  /**
   * @param rows that were read, of which some may not be part of the archive
   * @param last the id of the last of them
   */
  private record Chunk(Part part, int rows, long last) {}

  private Future<Chunk> chunk(long after, long before, int rows, boolean slice) {
    if (slice) {
      Query range = query.backwards() ? queries.backwards : queries.forwards;
      return range
          .all(CassandraMailboxes::decode, user.toString(), week, Math.max(after, 0), before, rows)
          .map(
              entries ->
                  chunk(
                      entries,
                      entries.size(),
                      entries.isEmpty() ? 0 : entries.get(entries.size() - 1).id()));
    }
    return ids(after, before, rows).compose(this::entries);
  }

  private Future<Chunk> entries(List<Long> ids) {
    if (ids.isEmpty()) {
      return Future.succeededFuture(new Chunk(Part.NOTHING, 0, 0));
    }
    return queries
        .entries
        .all(CassandraMailboxes::decode, user.toString(), week, ids)
        .map(
            found -> {
              Comparator<MailboxEntry> byId = Comparator.comparingLong(MailboxEntry::id);
              List<MailboxEntry> ordered = new ArrayList<>(found);
              ordered.sort(query.backwards() ? byId.reversed() : byId);
              return chunk(ordered, ids.size(), ids.get(ids.size() - 1));
            });
  }

  private Chunk chunk(List<MailboxEntry> entries, int rows, long last) {
    List<MailboxEntry> matching = new ArrayList<>(entries.size());
    long bytes = 0;
    int skipped = rows - entries.size();
    for (MailboxEntry entry : entries) {
      if (ArchiveReads.isEnough(bytes)) {
        break;
      }
      if (query.matches(entry)) {
        matching.add(entry);
        bytes += entry.stanza().length;
      } else {
        skipped++;
      }
    }
    boolean full = ArchiveReads.isEnough(bytes);
    return new Chunk(new Part(matching, bytes, skipped, full), rows, last);
  }

  /** Candidates, in the direction of the query. */
  private Future<List<Long>> ids(long after, long before, int rows) {
    if (query.ids() != null) {
      return Future.succeededFuture(given(after, before, rows));
    }
    Jid peer = query.with().bare();
    Query index = query.backwards() ? queries.indexBackwards : queries.indexForwards;
    return index.all(
        row -> MailboxKeys.id(week, row.getLong(0)),
        user.toString(),
        week,
        MailboxKeys.indexAfter(peer, week, after),
        MailboxKeys.indexBefore(peer, week, before),
        rows);
  }

  private List<Long> given(long after, long before, int rows) {
    List<Long> ids = new ArrayList<>(query.ids());
    ids.removeIf(id -> id <= after || id >= before || MailboxKeys.bucket(id) != week);
    if (query.backwards()) {
      Collections.reverse(ids);
    }
    return ids.subList(0, Math.min(rows, ids.size()));
  }
}

package io.rookery.storage.cassandra;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.mailbox.ArchivePage;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.mailbox.TooManyEntriesException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Pages of archives, week after week. Mostly one week has the page; where several have nothing, up
 * to {@value #MAX_WEEKS} are read at a time.
 */
final class ArchiveReads {
  private static final int MAX_WEEKS = 8;

  /** Rows that were read and were no part of the page; of a search for text it tells itself. */
  private static final int MAX_SKIPPED = 10_000;

  private final ArchiveWeek.Queries queries;
  private final Query weeks;

  private ArchiveReads(ArchiveWeek.Queries queries, Query weeks) {
    this.queries = queries;
    this.weeks = weeks;
  }

  static Future<ArchiveReads> prepare(Requests requests) {
    Future<Query> weeks =
        requests.prepareRead(
            "archive_weeks",
            "SELECT bucket FROM %s.mailbox_index WHERE owner = ? AND bucket >= ? AND bucket <= ?");
    Future<ArchiveWeek.Queries> queries = ArchiveWeek.Queries.prepare(requests);
    return Future.all(weeks, queries)
        .map(ready -> new ArchiveReads(queries.result(), weeks.result()));
  }

  Future<ArchivePage> page(Jid user, ArchiveQuery query) {
    return begin(user, query)
        .compose(
            begun ->
                isDone(query, begun)
                    ? Future.succeededFuture(begun)
                    : weeks(user, query)
                        .compose(found -> read(user, query, ordered(query, found), 1, begun)))
        .compose(
            found ->
                found.isFull() && found.entries().isEmpty()
                    ? Future.failedFuture(
                        new TooManyEntriesException(user, query.after(), maxSkipped(query)))
                    : Future.succeededFuture(page(query, found)));
  }

  private static int maxSkipped(ArchiveQuery query) {
    return query.text() == null ? MAX_SKIPPED : query.text().most();
  }

  /**
   * The week where the query begins has most pages: it is read without a look at which weeks are in
   * use. Nothing when the query begins where the archive does, or ends.
   */
  private Future<ArchiveWeek.Part> begin(Jid user, ArchiveQuery query) {
    return hasBegin(query)
        ? new ArchiveWeek(queries, user, firstWeek(query), query, maxSkipped(query))
            .read(query.limit() + 1, true)
        : Future.succeededFuture(ArchiveWeek.Part.NOTHING);
  }

  private static boolean hasBegin(ArchiveQuery query) {
    return query.ids() == null
        && query.after() < query.before()
        && (query.backwards() ? query.before() < Long.MAX_VALUE : query.after() > 0);
  }

  private static int firstWeek(ArchiveQuery query) {
    return MailboxKeys.bucket(query.backwards() ? query.before() : query.after());
  }

  /** Those that are left to read, in the direction of the query. */
  private static List<Integer> ordered(ArchiveQuery query, Collection<Integer> weeks) {
    List<Integer> ordered = new ArrayList<>(weeks);
    if (hasBegin(query)) {
      ordered.remove((Integer) firstWeek(query));
    }
    if (query.backwards()) {
      Collections.reverse(ordered);
    }
    return ordered;
  }

  /** One entry beyond the page says that it is not complete. */
  private static boolean isDone(ArchiveQuery query, ArchiveWeek.Part found) {
    return found.isFull() || found.entries().size() > query.limit();
  }

  private Future<? extends Collection<Integer>> weeks(Jid user, ArchiveQuery query) {
    if (query.ids() != null) {
      return Future.succeededFuture(
          query.ids().stream()
              .map(MailboxKeys::bucket)
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    int first = MailboxKeys.bucket(query.after());
    int last = MailboxKeys.bucket(query.before());
    return weeks.all(row -> row.getInt(0), user.toString(), first, last);
  }

  private Future<ArchiveWeek.Part> read(
      Jid user, ArchiveQuery query, List<Integer> left, int width, ArchiveWeek.Part before) {
    if (left.isEmpty() || isDone(query, before)) {
      return Future.succeededFuture(before);
    }
    int wanted = query.limit() + 1 - before.entries().size();
    int maxSkipped = maxSkipped(query) - before.skipped();
    if (maxSkipped < 0) {
      return Future.succeededFuture(before.full());
    }
    int now = Math.min(width, left.size());
    boolean logFirst = width == 1 && before.rows() == 0; // where there is little, by the index only
    List<Future<ArchiveWeek.Part>> parts =
        left.subList(0, now).stream()
            .map(
                week ->
                    new ArchiveWeek(queries, user, week, query, maxSkipped).read(wanted, logFirst))
            .toList();
    return Future.all(parts)
        .compose(
            done -> {
              ArchiveWeek.Part sum = before;
              for (Future<ArchiveWeek.Part> part : parts) {
                sum = sum.plus(part.result());
              }
              List<Integer> further = left.subList(now, left.size());
              int next = query.text() == null ? Math.min(2 * width, MAX_WEEKS) : 1;
              return read(user, query, further, next, sum);
            });
  }

  private static ArchivePage page(ArchiveQuery query, ArchiveWeek.Part found) {
    boolean complete = found.entries().size() <= query.limit() && !found.isFull();
    List<MailboxEntry> entries =
        new ArrayList<>(
            found.entries().subList(0, Math.min(found.entries().size(), query.limit())));
    if (query.backwards()) {
      Collections.reverse(entries);
    }
    return new ArchivePage(entries, complete);
  }

  Future<Boolean> areArchived(Jid user, Collection<Long> ids) {
    Map<Integer, List<Long>> byWeek =
        ids.stream()
            .distinct()
            .collect(Collectors.groupingBy(MailboxKeys::bucket, TreeMap::new, Collectors.toList()));
    Future<Boolean> all = Future.succeededFuture(true);
    for (Map.Entry<Integer, List<Long>> week : byWeek.entrySet()) {
      all =
          all.compose(
              before ->
                  before
                      ? queries.areArchived(user, week.getKey(), week.getValue())
                      : Future.succeededFuture(false));
    }
    return all;
  }

  /** Whether stanzas of that length make a page. */
  static boolean isEnough(long bytes) {
    return bytes >= Mailboxes.MAX_PAGE_BYTES;
  }
}

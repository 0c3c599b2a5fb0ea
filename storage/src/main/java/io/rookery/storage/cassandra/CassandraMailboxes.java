package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.mailbox.TooManyEntriesException;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The mailbox log: a partition per user and week, and per user an index of the weeks in use. A
 * bucket is in the index before an entry of it is acknowledged.
 */
final class CassandraMailboxes implements Mailboxes {
  private static final long BUCKET_MILLIS = Duration.ofDays(7).toMillis();
  private static final int DAY_SECONDS = 24 * 3600;

  /** The index stays until the last entry of a bucket is gone, whenever that was written. */
  private static final int INDEX_SECONDS = 14 * DAY_SECONDS;

  /** Ids come from the clocks of several nodes; one that is ahead may be in the next week. */
  private static final long MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(5).toMillis();

  private static final int OUTGOING = 1;
  private static final int ARCHIVED = 2;
  private static final int OFFLINE = 4;

  private final Queries queries;
  private final StorageConfig.Retention retention;
  private final Clock clock;
  private final WrittenBuckets written = new WrittenBuckets(System::nanoTime);

  private record Queries(
      Query append,
      Query read,
      Query deleteBucket,
      Query index,
      Query buckets,
      Query cursor,
      Query moveCursor,
      Query deleteIndex) {}

  private CassandraMailboxes(Queries queries, StorageConfig.Retention retention, Clock clock) {
    this.queries = queries;
    this.retention = retention;
    this.clock = clock;
  }

  static Future<Mailboxes> prepare(
      Requests requests, StorageConfig.Retention retention, Clock clock) {
    Future<Query> append =
        requests.prepareWrite(
            "mailbox_append",
            "INSERT INTO %s.mailbox (owner, bucket, id, peer, flags, stanza, origin)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) USING TTL ?");
    Future<Query> read =
        requests.prepareRead(
            "mailbox_read",
            "SELECT id, origin, peer, flags, stanza FROM %s.mailbox"
                + " WHERE owner = ? AND bucket = ? AND id > ? LIMIT ?");
    Future<Query> deleteBucket =
        requests.prepareWrite(
            "mailbox_delete_bucket", "DELETE FROM %s.mailbox WHERE owner = ? AND bucket = ?");
    Future<Query> index =
        requests.prepareWrite(
            "mailbox_index",
            "INSERT INTO %s.mailbox_index (owner, bucket) VALUES (?, ?) USING TTL ?");
    Future<Query> buckets =
        requests.prepareRead(
            "mailbox_buckets",
            "SELECT bucket FROM %s.mailbox_index WHERE owner = ? AND bucket >= ?");
    Future<Query> cursor =
        requests.prepareRead(
            "mailbox_cursor",
            "SELECT bucket, offline_cursor FROM %s.mailbox_index WHERE owner = ?");
    Future<Query> moveCursor =
        requests.prepareWrite(
            "mailbox_move_cursor",
            "INSERT INTO %s.mailbox_index (owner, offline_cursor) VALUES (?, ?)");
    Future<Query> deleteIndex =
        requests.prepareWrite(
            "mailbox_delete_index", "DELETE FROM %s.mailbox_index WHERE owner = ?");
    return Future.all(
            List.of(append, read, deleteBucket, index, buckets, cursor, moveCursor, deleteIndex))
        .map(
            ready ->
                new CassandraMailboxes(
                    new Queries(
                        append.result(),
                        read.result(),
                        deleteBucket.result(),
                        index.result(),
                        buckets.result(),
                        cursor.result(),
                        moveCursor.result(),
                        deleteIndex.result()),
                    retention,
                    clock));
  }

  @Override
  public Future<Void> append(Jid user, MailboxEntry entry) {
    int bucket = bucket(entry.id());
    int ttl = retention.days(user.domain()) * DAY_SECONDS;
    Future<Void> appended = write(user, bucket, entry, ttl);
    if (written.contains(user, bucket)) {
      return appended;
    }
    int indexTtl = ttl == 0 ? 0 : ttl + INDEX_SECONDS;
    return queries
        .index
        .write(user.toString(), bucket, indexTtl)
        .compose(
            indexed -> {
              written.add(user, bucket);
              return appended;
            });
  }

  private Future<Void> write(Jid user, int bucket, MailboxEntry entry, int ttl) {
    BoundStatementBuilder insert =
        queries
            .append
            .builder()
            .setString(0, user.toString())
            .setInt(1, bucket)
            .setLong(2, entry.id())
            .setString(3, entry.peer().toString())
            .setByte(4, flags(entry))
            .setByteBuffer(5, ByteBuffer.wrap(entry.stanza()))
            .setInt(7, ttl);
    if (entry.origin() != 0) {
      insert = insert.setLong(6, entry.origin());
    }
    return queries.append.execute(insert.build()).mapEmpty();
  }

  @Override
  public Future<List<MailboxEntry>> read(Jid user, long after, int limit) {
    return queries
        .buckets
        .all(row -> row.getInt(0), user.toString(), bucket(after))
        .compose(buckets -> read(user, after, limit, buckets, new ArrayList<>()));
  }

  private Future<List<MailboxEntry>> read(
      Jid user, long after, int limit, List<Integer> buckets, List<MailboxEntry> found) {
    if (buckets.isEmpty() || found.size() == limit) {
      return Future.succeededFuture(found);
    }
    return queries
        .read
        .all(
            CassandraMailboxes::decode,
            user.toString(),
            buckets.get(0),
            after,
            limit - found.size())
        .compose(
            more -> {
              found.addAll(more);
              return read(user, after, limit, buckets.subList(1, buckets.size()), found);
            });
  }

  @Override
  public Future<List<MailboxEntry>> since(Jid user, long from) {
    int first = bucket(from);
    int last = bucket(clock.millis() + MAX_CLOCK_DIFFERENCE << 16);
    if (last - first > 2) {
      return Future.failedFuture(new IllegalArgumentException("not recent: " + from));
    }
    List<Integer> buckets = IntStream.rangeClosed(first, last).boxed().toList();
    return read(user, from - 1, MAX_SINCE + 1, buckets, new ArrayList<>())
        .compose(
            found ->
                found.size() > MAX_SINCE
                    ? Future.failedFuture(new TooManyEntriesException(user, from, MAX_SINCE))
                    : Future.succeededFuture(found));
  }

  @Override
  public Future<OfflineState> offlineState(Jid user) {
    return queries.cursor.all(Function.identity(), user.toString()).map(this::offlineState);
  }

  private OfflineState offlineState(List<Row> rows) {
    if (rows.isEmpty()) {
      return new OfflineState(0, false);
    }
    long cursor = rows.get(0).getLong("offline_cursor"); // static: the same in every row
    boolean more =
        rows.stream()
            .anyMatch(row -> !row.isNull("bucket") && row.getInt("bucket") >= bucket(cursor));
    return new OfflineState(cursor, more);
  }

  @Override
  public Future<Void> moveOfflineCursor(Jid user, long position) {
    return queries.moveCursor.write(user.toString(), position);
  }

  /** The index goes last: a delete that failed half-way can be repeated. */
  @Override
  public Future<Void> delete(Jid user) {
    written.forget(user);
    return queries
        .buckets
        .all(row -> queries.deleteBucket.write(user.toString(), row.getInt(0)), user.toString(), 0)
        .compose(Future::all)
        .compose(deleted -> queries.deleteIndex.write(user.toString()));
  }

  private static int bucket(long id) {
    return (int) ((id >>> 16) / BUCKET_MILLIS);
  }

  private static byte flags(MailboxEntry entry) {
    return (byte)
        ((entry.outgoing() ? OUTGOING : 0)
            | (entry.archived() ? ARCHIVED : 0)
            | (entry.offline() ? OFFLINE : 0));
  }

  private static MailboxEntry decode(Row row) {
    byte flags = row.getByte("flags");
    return new MailboxEntry(
        row.getLong("id"),
        row.getLong("origin"), // 0 for null
        Jid.parse(row.getString("peer")),
        (flags & OUTGOING) != 0,
        (flags & ARCHIVED) != 0,
        (flags & OFFLINE) != 0,
        Bytes.array(row.getByteBuffer("stanza")));
  }
}

package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.Row;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.mailbox.ArchivePage;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.mailbox.TooManyEntriesException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The mailbox log: a partition per user and week, and per user an index of the weeks in use. A
 * bucket is in the index before an entry of it is acknowledged. What is archived is also in an
 * index by the other side, in rows of its partition ({@link MailboxKeys}).
 */
final class CassandraMailboxes implements Mailboxes {
  private static final int DAY_SECONDS = 24 * 3600;

  /** The index stays until the last entry of a bucket is gone, whenever that was written. */
  private static final int INDEX_SECONDS = 14 * DAY_SECONDS;

  /** Of an index that another node may take for written; much more than it does so for. */
  private static final int FORGOTTEN_SECONDS = 6 * (int) WrittenBuckets.MEMORY.toSeconds();

  /** Ids come from the clocks of several nodes; one that is ahead may be in the next week. */
  private static final long MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(5).toMillis();

  private static final int OUTGOING = 1;
  private static final int ARCHIVED = 2;
  private static final int OFFLINE = 4;

  private final Queries queries;
  private final Appends appends;
  private final ArchiveReads archive;
  private final StorageConfig.Retention retention;
  private final Clock clock;
  private final WrittenBuckets written = new WrittenBuckets(System::nanoTime);

  private record Queries(
      Query append,
      Query appendIndex,
      Query read,
      Query deleteBucket,
      Query index,
      Query buckets,
      Query cursor,
      Query moveCursor,
      Query deleteIndex,
      Query deleteCursor) {}

  private CassandraMailboxes(
      Queries queries,
      Appends appends,
      ArchiveReads archive,
      StorageConfig.Retention retention,
      Clock clock) {
    this.queries = queries;
    this.appends = appends;
    this.archive = archive;
    this.retention = retention;
    this.clock = clock;
  }

  static Future<Mailboxes> prepare(
      Vertx vertx, Requests requests, StorageConfig.Retention retention, Clock clock) {
    Future<Query> append =
        requests.prepareWrite(
            "mailbox_append",
            "INSERT INTO %s.mailbox (owner, bucket, id, peer, flags, stanza, origin)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) USING TTL ?");
    Future<Query> appendIndex =
        requests.prepareWrite(
            "mailbox_append_index",
            "INSERT INTO %s.mailbox (owner, bucket, id) VALUES (?, ?, ?) USING TTL ?");
    Future<ArchiveReads> archive = ArchiveReads.prepare(requests);
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
            "mailbox_delete_index", "DELETE FROM %s.mailbox_index WHERE owner = ? AND bucket < ?");
    Future<Query> deleteCursor =
        requests.prepareWrite(
            "mailbox_delete_cursor", "DELETE offline_cursor FROM %s.mailbox_index WHERE owner = ?");
    return Future.all(
            List.of(
                append,
                appendIndex,
                archive,
                read,
                deleteBucket,
                index,
                buckets,
                cursor,
                moveCursor,
                deleteIndex,
                deleteCursor))
        .map(
            ready ->
                new CassandraMailboxes(
                    new Queries(
                        append.result(),
                        appendIndex.result(),
                        read.result(),
                        deleteBucket.result(),
                        index.result(),
                        buckets.result(),
                        cursor.result(),
                        moveCursor.result(),
                        deleteIndex.result(),
                        deleteCursor.result()),
                    requests.appends(vertx, append.result()),
                    archive.result(),
                    retention,
                    clock));
  }

  @Override
  public Future<Void> append(Jid user, MailboxEntry entry) {
    int bucket = MailboxKeys.bucket(entry.id());
    int ttl = retention.days(user.domain()) * DAY_SECONDS;
    byte[] owner = user.toString().getBytes(StandardCharsets.UTF_8);
    byte[] peer = entry.peer().toString().getBytes(StandardCharsets.UTF_8);
    BoundStatement insert = insert(owner, bucket, entry, peer, ttl);
    BoundStatement byPeer = entry.archived() ? index(owner, bucket, entry, ttl) : null;
    int bytes = owner.length + peer.length + entry.stanza().length;
    if (written.contains(user, bucket)) {
      return appends.append(insert, byPeer, bytes);
    }
    int indexTtl = ttl == 0 ? 0 : ttl + INDEX_SECONDS;
    BoundStatement index = queries.index.bind(user.toString(), bucket, indexTtl);
    Future<Void> indexed = appends.append(index, null, owner.length);
    Future<Void> appended = appends.append(insert, byPeer, bytes);
    return indexed.compose(
        done -> {
          written.add(user, bucket);
          return appended;
        });
  }

  /** For queries by the other side; nothing but a key. */
  private BoundStatement index(byte[] owner, int bucket, MailboxEntry entry, int ttl) {
    byte[] numbers = new byte[4 + 8 + 4];
    ByteBuffer.wrap(numbers)
        .putInt(bucket)
        .putLong(MailboxKeys.index(entry.peer().bare(), entry.id()))
        .putInt(ttl);
    return queries
        .appendIndex
        .builder()
        .setBytesUnsafe(0, ByteBuffer.wrap(owner))
        .setBytesUnsafe(1, ByteBuffer.wrap(numbers, 0, 4))
        .setBytesUnsafe(2, ByteBuffer.wrap(numbers, 4, 8))
        .setBytesUnsafe(3, ByteBuffer.wrap(numbers, 12, 4))
        .build();
  }

  /** Encoded by hand, because looking up the driver's codecs costs more than all the rest. */
  private BoundStatement insert(
      byte[] owner, int bucket, MailboxEntry entry, byte[] peer, int ttl) {
    byte[] numbers = new byte[4 + 8 + 1 + 4 + 8];
    ByteBuffer.wrap(numbers)
        .putInt(bucket)
        .putLong(entry.id())
        .put(flags(entry))
        .putInt(ttl)
        .putLong(entry.origin());
    BoundStatementBuilder insert =
        queries
            .append
            .builder()
            .setBytesUnsafe(0, ByteBuffer.wrap(owner))
            .setBytesUnsafe(1, ByteBuffer.wrap(numbers, 0, 4))
            .setBytesUnsafe(2, ByteBuffer.wrap(numbers, 4, 8))
            .setBytesUnsafe(3, ByteBuffer.wrap(peer))
            .setBytesUnsafe(4, ByteBuffer.wrap(numbers, 12, 1))
            .setBytesUnsafe(5, ByteBuffer.wrap(entry.stanza()))
            .setBytesUnsafe(7, ByteBuffer.wrap(numbers, 13, 4));
    if (entry.origin() != 0) {
      insert = insert.setBytesUnsafe(6, ByteBuffer.wrap(numbers, 17, 8));
    }
    return insert.build();
  }

  @Override
  public Future<List<MailboxEntry>> read(Jid user, long after, int limit) {
    return queries
        .buckets
        .all(row -> row.getInt(0), user.toString(), MailboxKeys.bucket(after))
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
    int first = MailboxKeys.bucket(from);
    int last = MailboxKeys.bucket(clock.millis() + MAX_CLOCK_DIFFERENCE << 16);
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
  public Future<ArchivePage> archive(Jid user, ArchiveQuery query) {
    return archive.page(user, query);
  }

  @Override
  public Future<Boolean> areArchived(Jid user, Collection<Long> ids) {
    return archive.areArchived(user, ids);
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
            .anyMatch(
                row -> !row.isNull("bucket") && row.getInt("bucket") >= MailboxKeys.bucket(cursor));
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
        .all(row -> row.getInt(0), user.toString(), 0)
        .compose(
            buckets ->
                Future.all(
                        buckets.stream()
                            .map(bucket -> queries.deleteBucket.write(user.toString(), bucket))
                            .toList())
                    .compose(deleted -> deleteIndex(user.toString(), buckets)));
  }

  /**
   * Another node may believe for some minutes that the present bucket is in the index. If the
   * account is made again meanwhile, what that node appends must be found: the bucket stays until
   * all have forgotten it.
   */
  private Future<Void> deleteIndex(String owner, List<Integer> buckets) {
    int recent = MailboxKeys.bucket(clock.millis() - WrittenBuckets.MEMORY.toMillis() << 16);
    List<BoundStatement> changes = new ArrayList<>();
    changes.add(queries.deleteCursor.bind(owner));
    changes.add(queries.deleteIndex.bind(owner, recent));
    buckets.stream()
        .filter(bucket -> bucket >= recent)
        .map(bucket -> queries.index.bind(owner, bucket, FORGOTTEN_SECONDS))
        .forEach(changes::add);
    return queries
        .deleteIndex
        .requests()
        .executeTogether(queries.deleteIndex, changes.toArray(BoundStatement[]::new));
  }

  private static byte flags(MailboxEntry entry) {
    return (byte)
        ((entry.outgoing() ? OUTGOING : 0)
            | (entry.archived() ? ARCHIVED : 0)
            | (entry.offline() ? OFFLINE : 0));
  }

  static boolean isArchived(byte flags) {
    return (flags & ARCHIVED) != 0;
  }

  static MailboxEntry decode(Row row) {
    byte flags = row.getByte("flags");
    return new MailboxEntry(
        row.getLong("id"),
        row.getLong("origin"), // 0 for null
        Jid.parse(row.getString("peer")),
        (flags & OUTGOING) != 0,
        isArchived(flags),
        (flags & OFFLINE) != 0,
        Bytes.array(row.getByteBuffer("stanza")));
  }
}

package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.mailbox.TooManyEntriesException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MailboxTest {
  @RegisterExtension static final CassandraServer SERVER = new CassandraServer();

  private static final Vertx VERTX = Vertx.vertx();
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
  private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static StorageConfig config;
  private static CassandraStorage storage;
  private static CqlSession cql;

  private final Jid user = Jid.of(UUID.randomUUID().toString(), "example.org", null);

  @BeforeAll
  static void open() throws Exception {
    config =
        StorageConfig.singleNode(SERVER.contactPoint(), SERVER.freshKeyspace())
            .withRetention(new StorageConfig.Retention(365, Map.of("forever.example", 0)));
    storage = get(CassandraStorage.open(VERTX, config, METERS));
    cql =
        CqlSession.builder()
            .addContactPoint(SERVER.contactPoint())
            .withLocalDatacenter(config.localDatacenter())
            .withKeyspace(config.keyspace())
            .build();
  }

  @AfterAll
  static void close() throws Exception {
    cql.close();
    get(storage.close());
    get(VERTX.close());
  }

  @Test
  void anEntryIsKeptAsItWas() throws Exception {
    MailboxEntry entry =
        new MailboxEntry(
            BEGIN << 16 | 0xFFFF,
            -77,
            Jid.parse("juliet@capulet.example/balcony"),
            true,
            false,
            true,
            "<message>ä</message>".getBytes(StandardCharsets.UTF_8));
    get(storage.mailboxes().append(user, entry));
    MailboxEntry found = get(storage.mailboxes().read(user, 0, 10)).get(0);
    assertEquals(entry.id(), found.id());
    assertEquals(Instant.ofEpochMilli(BEGIN), found.time());
    assertEquals(entry.origin(), found.origin());
    assertEquals(entry.peer(), found.peer());
    assertEquals(
        List.of(true, false, true), List.of(found.outgoing(), found.archived(), found.offline()));
    assertArrayEquals(entry.stanza(), found.stanza());
  }

  @Test
  void aRepeatedAppendIsOneEntry() throws Exception {
    get(storage.mailboxes().append(user, entry(7)));
    get(storage.mailboxes().append(user, entry(7)));
    assertEquals(1, get(storage.mailboxes().read(user, 0, 10)).size());
  }

  @Test
  void pagesGoOnOverWeeksWithAndWithoutEntries() throws Exception {
    List<Long> expected = new ArrayList<>();
    List<Future<Void>> appended = new ArrayList<>();
    for (int week : new int[] {0, 1, 2, 30, 31, 80}) {
      for (int i = 0; i < 25; i++) {
        MailboxEntry entry = entry(Duration.ofDays(7L * week).toMillis() + i);
        expected.add(entry.id());
        appended.add(storage.mailboxes().append(user, entry));
      }
    }
    get(Future.all(appended));
    List<Long> read = new ArrayList<>();
    List<MailboxEntry> page = get(storage.mailboxes().read(user, 0, 10));
    while (!page.isEmpty()) {
      assertTrue(page.size() <= 10);
      page.forEach(entry -> read.add(entry.id()));
      page = get(storage.mailboxes().read(user, read.get(read.size() - 1), 10));
    }
    assertEquals(expected, read);
    assertEquals(expected, get(ids(0, 1000)));
    assertEquals(expected.subList(30, 150), get(ids(expected.get(29), 1000)));
  }

  private Future<List<Long>> ids(long after, int limit) {
    return storage
        .mailboxes()
        .read(user, after, limit)
        .map(entries -> entries.stream().map(MailboxEntry::id).toList());
  }

  @Test
  void whatIsRecentIsFoundWithoutTheIndex() throws Exception {
    long now = System.currentTimeMillis() - BEGIN;
    for (long millis : new long[] {now - 60_000, now - 2, now - 1, now}) {
      get(storage.mailboxes().append(user, entry(millis)));
    }
    long indexReads = requests("mailbox_buckets");
    List<MailboxEntry> found = get(storage.mailboxes().since(user, entry(now - 2).id()));
    assertEquals(
        List.of(entry(now - 2).id(), entry(now - 1).id(), entry(now).id()),
        found.stream().map(MailboxEntry::id).toList());
    assertEquals(List.of(0L, 0L, 0L), found.stream().map(MailboxEntry::origin).toList());
    assertEquals(indexReads, requests("mailbox_buckets"));
    assertEquals(4, get(storage.mailboxes().since(user, entry(now - 60_000).id())).size());
    long lastWeek = entry(now - Duration.ofDays(7).toMillis()).id();
    assertEquals(4, get(storage.mailboxes().since(user, lastWeek)).size());
  }

  @Test
  void moreRecentEntriesThanAnAnswerHoldsAreAFailure() throws Exception {
    long now = System.currentTimeMillis() - BEGIN;
    List<Future<Void>> appended = new ArrayList<>();
    for (int i = 0; i <= Mailboxes.MAX_SINCE; i++) {
      appended.add(storage.mailboxes().append(user, entry(now + i)));
      if (appended.size() % 500 == 0) {
        get(Future.all(appended));
      }
    }
    get(Future.all(appended));
    Future<List<MailboxEntry>> tooMany = storage.mailboxes().since(user, entry(now).id());
    ExecutionException refused = assertThrows(ExecutionException.class, () -> get(tooMany));
    assertInstanceOf(TooManyEntriesException.class, refused.getCause());
    assertEquals(
        Mailboxes.MAX_SINCE, get(storage.mailboxes().since(user, entry(now + 1).id())).size());
    Future<List<MailboxEntry>> old = storage.mailboxes().since(user, 0);
    refused = assertThrows(ExecutionException.class, () -> get(old));
    assertInstanceOf(IllegalArgumentException.class, refused.getCause());
  }

  @Test
  void anIdleUsersLogCostsOneRequest() throws Exception {
    get(storage.mailboxes().append(user, entry(1)));
    long before = requests("mailbox_read");
    Jid idle = Jid.of("idle", "example.org", null);
    assertEquals(List.of(), get(storage.mailboxes().read(idle, 0, 10)));
    assertEquals(before, requests("mailbox_read"));
  }

  @Test
  void theIndexIsWrittenOncePerWeekNotPerMessage() throws Exception {
    double before = groups().totalAmount();
    for (int i = 0; i < 10; i++) {
      get(storage.mailboxes().append(user, entry(i)));
    }
    assertEquals(before + 11, groups().totalAmount());
  }

  @Test
  void appendsOfATickGoInFewRequestsAndFailOnTheirOwn() throws Exception {
    int tooLarge = 70;
    List<Jid> users = new ArrayList<>();
    for (int i = 0; i < 130; i++) {
      users.add(Jid.of(user.local() + i, "example.org", null));
    }
    get(onContext(users, i -> entry(i)));
    long before = groups().count();
    Future<Void> together =
        onContext(users, i -> i == tooLarge ? entry(1_000 + i, 5 * 1024 * 1024) : entry(1_000 + i));
    assertThrows(ExecutionException.class, () -> get(together));
    long requests = groups().count() - before;
    assertTrue(requests <= 130 / 32 + 3, requests + " requests");
    for (int i = 0; i < users.size(); i++) {
      List<MailboxEntry> found = get(storage.mailboxes().read(users.get(i), 0, 10));
      List<Long> expected =
          i == tooLarge ? List.of(entry(i).id()) : List.of(entry(i).id(), entry(1_000 + i).id());
      assertEquals(expected, found.stream().map(MailboxEntry::id).toList());
    }
  }

  /** An append for each user, in one tick; the results must arrive there, too. */
  private static Future<Void> onContext(List<Jid> users, IntFunction<MailboxEntry> entries) {
    Context context = VERTX.getOrCreateContext();
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        tick -> {
          List<Future<Void>> appended = new ArrayList<>();
          for (int i = 0; i < users.size(); i++) {
            Future<Void> append = storage.mailboxes().append(users.get(i), entries.apply(i));
            appended.add(append.compose(ok -> isCurrent(context)));
          }
          Future.join(appended).<Void>mapEmpty().onComplete(done);
        });
    return done.future();
  }

  private static Future<Void> isCurrent(Context context) {
    return Vertx.currentContext() == context
        ? Future.succeededFuture()
        : Future.failedFuture("on another context");
  }

  private static DistributionSummary groups() {
    return METERS.get("rookery.storage.group.size").summary();
  }

  @Test
  void anAccountThatWasRemovedElsewhereAndMadeAgainKeepsItsMessages() throws Exception {
    CassandraStorage other = get(CassandraStorage.open(VERTX, config, new SimpleMeterRegistry()));
    long now = System.currentTimeMillis() - BEGIN;
    get(storage.mailboxes().append(user, entry(now - 1)));
    get(other.mailboxes().moveOfflineCursor(user, entry(now - 1).id()));
    get(other.mailboxes().delete(user));
    assertEquals(List.of(), get(other.mailboxes().read(user, 0, 10)));
    assertEquals(0, get(other.mailboxes().offlineState(user)).cursor());
    get(storage.mailboxes().append(user, entry(now)));
    assertEquals(1, get(other.mailboxes().read(user, 0, 10)).size());
    assertTrue(get(other.mailboxes().offlineState(user)).mayHaveMore());
    get(other.close());
  }

  private static long requests(String statement) {
    return METERS.get("rookery.storage.requests").tag("statement", statement).timer().count();
  }

  @Test
  void theOfflineCursorMovesAndDoesNotMakeAnEntry() throws Exception {
    assertEquals(0, get(storage.mailboxes().offlineState(user)).cursor());
    get(storage.mailboxes().moveOfflineCursor(user, 42));
    assertEquals(42, get(storage.mailboxes().offlineState(user)).cursor());
    assertEquals(List.of(), get(storage.mailboxes().read(user, 0, 10)));
    get(storage.mailboxes().append(user, entry(1)));
    assertEquals(42, get(storage.mailboxes().offlineState(user)).cursor());
  }

  @Test
  void deleteLeavesNothingAndTheAddressCanBeUsedAgain() throws Exception {
    for (int week = 0; week < 5; week++) {
      get(storage.mailboxes().append(user, entry(Duration.ofDays(7L * week).toMillis())));
    }
    get(storage.mailboxes().moveOfflineCursor(user, 42));
    get(storage.mailboxes().delete(user));
    assertEquals(0, get(storage.mailboxes().offlineState(user)).cursor());
    assertEquals(List.of(), rowsOf("mailbox"));
    assertEquals(List.of(), rowsOf("mailbox_index"));
    get(storage.mailboxes().append(user, entry(1)));
    assertEquals(1, get(storage.mailboxes().read(user, 0, 10)).size());
  }

  private List<Row> rowsOf(String table) {
    return cql.execute("SELECT * FROM " + table).all().stream()
        .filter(row -> user.toString().equals(row.getString("owner")))
        .toList();
  }

  @Test
  void entriesAreKeptAsLongAsTheirDomainSays() throws Exception {
    Jid forever = Jid.of(user.local(), "forever.example", null);
    get(storage.mailboxes().append(user, entry(1)));
    get(storage.mailboxes().append(forever, entry(1)));
    int year = 365 * 24 * 3600;
    int ttl = ttl(user);
    assertTrue(ttl <= year && ttl > year - 600, "ttl " + ttl);
    assertEquals(0, ttl(forever));
  }

  private static int ttl(Jid owner) {
    return cql
        .execute("SELECT owner, ttl(stanza) FROM mailbox WHERE id > 0 ALLOW FILTERING")
        .all()
        .stream()
        .filter(row -> owner.toString().equals(row.getString(0)))
        .findFirst()
        .orElseThrow()
        .getInt(1);
  }

  private static MailboxEntry entry(long millis) {
    return entry(millis, 10);
  }

  private static MailboxEntry entry(long millis, int bytes) {
    byte[] stanza = new byte[bytes];
    Jid peer = Jid.parse("juliet@capulet.example");
    return new MailboxEntry(BEGIN + millis << 16, 0, peer, false, true, false, stanza);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}

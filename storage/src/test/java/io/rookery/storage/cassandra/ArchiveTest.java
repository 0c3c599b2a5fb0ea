package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.mailbox.ArchivePage;
import io.rookery.storage.mailbox.ArchiveQuery;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.mailbox.TextSearch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages of archives, and who is archived. */
class ArchiveTest {
  @RegisterExtension static final CassandraServer SERVER = new CassandraServer();

  private static final Vertx VERTX = Vertx.vertx();
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
  private static final long WEEK = Duration.ofDays(7).toMillis();

  /** The first moment of a week of the log. */
  private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  private static final Jid ROMEO = Jid.parse("romeo@montague.example");
  private static final Jid NURSE = Jid.parse("nurse@capulet.example");
  private static CassandraStorage storage;

  private final Jid user = Jid.of(UUID.randomUUID().toString(), "example.org", null);
  private final List<MailboxEntry> log = new ArrayList<>();
  private final List<Future<Void>> appended = new ArrayList<>();

  @BeforeAll
  static void open() throws Exception {
    StorageConfig config = StorageConfig.singleNode(SERVER.contactPoint(), SERVER.freshKeyspace());
    storage = get(CassandraStorage.open(VERTX, config, METERS));
  }

  @AfterAll
  static void close() throws Exception {
    get(storage.close());
    get(VERTX.close());
  }

  @Test
  void everyWalkFindsEveryEntryOnceAndInOrder() throws Exception {
    assertEquals(0, BEGIN % WEEK, "a border");
    for (int week : new int[] {0, 1, 2, 30, 31, 32, 33, 80}) {
      long first = BEGIN + week * WEEK << 16;
      entry(first, ROMEO.withResource("orchard"), true);
      entry(first + 1, NURSE, true);
      for (int i = 2; i < 25; i++) {
        entry(first + (i * 1_000_000L << 3), i % 5 == 0 ? ROMEO : NURSE, i % 4 != 0);
      }
      entry(first + (WEEK << 16) - 2, ROMEO.withResource("hall"), week % 2 == 0);
      entry(first + (WEEK << 16) - 1, NURSE, true);
    }
    entry(BEGIN + 50 * WEEK << 16, NURSE, false);
    get(Future.all(appended));
    for (Jid with :
        new Jid[] {null, ROMEO, NURSE, ROMEO.withResource("hall"), Jid.parse("paris@a")}) {
      for (int limit : new int[] {1, 7, 1000}) {
        assertEquals(expected(with), walk(with, false, limit), with + " forwards by " + limit);
        assertEquals(expected(with), walk(with, true, limit), with + " backwards by " + limit);
      }
    }
    List<Long> all = expected(ROMEO);
    for (int[] range : new int[][] {{0, 9}, {2, 3}, {3, 12}, {5, all.size() - 1}}) {
      ArchiveQuery between =
          new ArchiveQuery(all.get(range[0]), all.get(range[1]), ROMEO, null, false, 1000);
      assertEquals(all.subList(range[0] + 1, range[1]), ids(get(page(between))));
    }
  }

  /** Runs of all lengths, so pages come from the log, from the index and from both. */
  @Test
  void walksGoOnFromTheLogToTheIndexAndBack() throws Exception {
    Random random = new Random(7);
    Jid[] peers = {ROMEO.withResource("orchard"), ROMEO.withResource("hall"), NURSE};
    int peer = 0;
    for (int i = 0; i < 900; i++) {
      peer = random.nextInt(i % 300 < 150 ? 40 : 3) == 0 ? random.nextInt(peers.length) : peer;
      entry(BEGIN + i * (WEEK / 800) << 16, peers[peer], random.nextInt(20) != 0);
    }
    get(Future.all(appended));
    for (Jid with : peers) {
      for (Jid address : new Jid[] {with, with.bare()}) {
        for (int limit : new int[] {3, 20, 50, 250}) {
          assertEquals(expected(address), walk(address, false, limit), address + " by " + limit);
          assertEquals(
              expected(address), walk(address, true, limit), address + " back by " + limit);
        }
      }
    }
  }

  @Test
  void aPageOfOneConversationIsASliceOfTheLogAndOfARareContactItIsNot() throws Exception {
    for (int i = 0; i < 600; i++) {
      entry(BEGIN + i << 16, i % 60 == 59 ? ROMEO : NURSE, true);
    }
    get(Future.all(appended));
    long first = log.get(0).id();
    long end = log.get(599).id() + 1;
    for (boolean backwards : new boolean[] {false, true}) {
      assertTrue(requestsFor(new ArchiveQuery(first, end, NURSE, null, backwards, 50)) <= 3);
      assertTrue(requestsFor(new ArchiveQuery(first, end, ROMEO, null, backwards, 5)) <= 3);
      assertEquals(1, requestsFor(new ArchiveQuery(first, end, null, null, backwards, 50)));
    }
    long before = requests("archive_entries");
    requestsFor(new ArchiveQuery(first, end, NURSE, null, true, 50));
    assertEquals(before, requests("archive_entries"));
    requestsFor(new ArchiveQuery(first, end, ROMEO, null, true, 5));
    assertEquals(before + 1, requests("archive_entries"));
  }

  private List<Long> expected(Jid with) {
    ArchiveQuery query = new ArchiveQuery(0, Long.MAX_VALUE, with, null, false, 1000);
    return log.stream().filter(query::matches).map(MailboxEntry::id).toList();
  }

  private List<Long> walk(Jid with, boolean backwards, int limit) throws Exception {
    List<Long> found = new ArrayList<>();
    long after = 0;
    long before = Long.MAX_VALUE;
    ArchivePage page;
    do {
      page = get(page(new ArchiveQuery(after, before, with, null, backwards, limit)));
      List<Long> ids = ids(page);
      assertTrue(ids.size() == limit || page.complete() && ids.size() < limit, ids::toString);
      found.addAll(backwards ? 0 : found.size(), ids);
      after = backwards || ids.isEmpty() ? after : ids.get(ids.size() - 1);
      before = backwards && !ids.isEmpty() ? ids.get(0) : before;
    } while (!page.complete());
    return found;
  }

  @Test
  void aPageCostsTheSameWhereverItIsAndHoweverMuchIsAroundIt() throws Exception {
    for (int i = 0; i < 3000; i++) {
      long id = BEGIN + (i / 500) * WEEK + i << 16;
      entry(id, i % 700 == 3 ? ROMEO : Jid.parse("u" + i % 50 + "@capulet.example"), true);
    }
    get(Future.all(appended));
    for (boolean backwards : new boolean[] {false, true}) {
      assertTrue(requestsFor(new ArchiveQuery(0, Long.MAX_VALUE, null, null, backwards, 50)) <= 2);
      long middle = log.get(1700).id();
      assertTrue(
          requestsFor(new ArchiveQuery(middle, middle + (WEEK << 16), null, null, backwards, 50))
              <= 3);
      assertTrue(
          requestsFor(new ArchiveQuery(0, Long.MAX_VALUE, ROMEO, null, backwards, 50))
              <= 1 + 2 * 6);
    }
    assertEquals(5, expected(ROMEO).size());
    assertEquals(expected(ROMEO), walk(ROMEO, true, 2));
  }

  private long requestsFor(ArchiveQuery query) throws Exception {
    long before = requests("archive_");
    assertFalse(get(page(query)).entries().isEmpty());
    return requests("archive_") - before;
  }

  /** A request is counted when its result is on its way: another one comes behind it. */
  private long requests(String statements) throws Exception {
    get(storage.mailboxes().offlineState(user));
    return METERS.find("rookery.storage.requests").timers().stream()
        .filter(timer -> timer.getId().getTag("statement").startsWith(statements))
        .mapToLong(Timer::count)
        .sum();
  }

  @Test
  void aLogOfWhichNothingIsArchivedIsNotReadThrough() throws Exception {
    for (int i = 0; i < 1000; i++) {
      entry(BEGIN + i << 16, NURSE, false);
    }
    get(Future.all(appended));
    long before = requests("archive_");
    assertEquals(new ArchivePage(List.of(), true), get(page(ArchiveQuery.all(true, 50))));
    assertEquals(new ArchivePage(List.of(), true), get(page(ArchiveQuery.all(false, 50))));
    assertTrue(requests("archive_") - before <= 6);
  }

  @Test
  void someEntriesByTheirIds() throws Exception {
    for (int i = 0; i < 20; i++) {
      entry(BEGIN + i * (WEEK / 7) << 16, i % 2 == 0 ? ROMEO : NURSE, i != 13);
    }
    get(Future.all(appended));
    List<Long> ids = log.stream().map(MailboxEntry::id).toList();
    assertTrue(get(storage.mailboxes().areArchived(user, List.of(ids.get(2), ids.get(19)))));
    assertTrue(get(storage.mailboxes().areArchived(user, List.of(ids.get(2), ids.get(2)))));
    assertFalse(get(storage.mailboxes().areArchived(user, List.of(ids.get(2), ids.get(13)))));
    assertFalse(get(storage.mailboxes().areArchived(user, List.of(ids.get(2), ids.get(3) + 1))));
    assertFalse(get(storage.mailboxes().areArchived(user, List.of(Long.MAX_VALUE))));
    TreeSet<Long> some = new TreeSet<>(List.of(ids.get(1), ids.get(2), ids.get(9), ids.get(18)));
    ArchiveQuery query = new ArchiveQuery(0, Long.MAX_VALUE, null, some, false, 3);
    ArchivePage page = get(page(query));
    assertEquals(List.of(ids.get(1), ids.get(2), ids.get(9)), ids(page));
    assertFalse(page.complete());
    query = new ArchiveQuery(ids.get(1), Long.MAX_VALUE, ROMEO, some, true, 3);
    page = get(page(query));
    assertEquals(List.of(ids.get(2), ids.get(18)), ids(page));
    assertTrue(page.complete());
  }

  @Test
  void aSearchReadsUntilItHasAPageOrTooMuch() throws Exception {
    for (int i = 0; i < 500; i++) {
      String text = i % 200 == 7 ? "Needle" : "hay";
      String message = "<message xmlns='jabber:client'><body>" + text + i + "</body></message>";
      MailboxEntry entry =
          new MailboxEntry(
              BEGIN + i * (WEEK / 150) << 16,
              0,
              i % 2 == 0 ? ROMEO : NURSE,
              false,
              i % 10 != 0,
              false,
              message.getBytes(StandardCharsets.UTF_8));
      log.add(entry);
      appended.add(storage.mailboxes().append(user, entry));
    }
    get(Future.all(appended));
    List<Long> needles = List.of(log.get(7).id(), log.get(207).id(), log.get(407).id());
    for (Jid with : new Jid[] {null, NURSE}) {
      ArchivePage all = get(page(search("nEEdle", with, 0, 1000)));
      assertEquals(needles, ids(all));
      assertTrue(all.complete());
    }
    assertEquals(List.of(), ids(get(page(search("needle", ROMEO, 0, 1000)))));
    assertEquals(List.of(needles.get(1)), ids(get(page(search("207 needle", null, 0, 1000)))));
    ArchivePage some = get(page(search("needle", null, 0, 150)));
    assertEquals(needles.subList(0, 1), ids(some));
    assertFalse(some.complete(), "there may be more");
    assertThrows(
        ExecutionException.class, () -> get(page(search("needle", null, needles.get(0), 50))));
  }

  private static ArchiveQuery search(String text, Jid with, long after, int most) {
    return new ArchiveQuery(after, Long.MAX_VALUE, with, null, false, 5, TextSearch.of(text, most));
  }

  @Test
  void aPageOfLargeStanzasIsShort() throws Exception {
    int bytes = Mailboxes.MAX_PAGE_BYTES / 8;
    for (int i = 0; i < 150; i++) {
      MailboxEntry entry =
          new MailboxEntry(
              BEGIN + i << 16, 0, NURSE, false, true, false, new byte[i % 10 == 0 ? bytes : 10]);
      log.add(entry);
      appended.add(storage.mailboxes().append(user, entry));
    }
    get(Future.all(appended));
    ArchivePage page = get(page(ArchiveQuery.all(false, 200)));
    assertFalse(page.complete());
    assertEquals(71, page.entries().size(), "up to the eighth large one");
    assertEquals(expected(null), walkUnevenly());
  }

  private List<Long> walkUnevenly() throws Exception {
    List<Long> found = new ArrayList<>();
    ArchivePage page;
    do {
      long after = found.isEmpty() ? 0 : found.get(found.size() - 1);
      page = get(page(new ArchiveQuery(after, Long.MAX_VALUE, null, null, false, 200)));
      found.addAll(ids(page));
    } while (!page.complete());
    return found;
  }

  @Test
  void whoIsArchivedIsKeptUntilTheAccountGoes() throws Exception {
    assertEquals(Optional.empty(), get(storage.archivePolicies().find(user)));
    ArchivePolicy policy =
        new ArchivePolicy(
            ArchivePolicy.Others.ROSTER, Set.of(ROMEO), Set.of(NURSE, ROMEO.withResource("hall")));
    get(storage.archivePolicies().put(user, policy));
    assertEquals(Optional.of(policy), get(storage.archivePolicies().find(user)));
    get(storage.archivePolicies().put(user, ArchivePolicy.EVERYTHING));
    assertEquals(Optional.of(ArchivePolicy.EVERYTHING), get(storage.archivePolicies().find(user)));
    get(storage.archivePolicies().delete(user));
    assertEquals(Optional.empty(), get(storage.archivePolicies().find(user)));
  }

  @Test
  void thePolicyDecidesByTheOtherSide() {
    Jid hall = ROMEO.withResource("hall");
    ArchivePolicy policy =
        new ArchivePolicy(ArchivePolicy.Others.ROSTER, Set.of(hall), Set.of(ROMEO));
    assertTrue(policy.archives(hall, bare -> false));
    assertFalse(policy.archives(ROMEO.withResource("orchard"), bare -> true));
    assertTrue(policy.archives(NURSE.withResource("a"), NURSE::equals));
    assertFalse(policy.archives(NURSE, bare -> false));
    assertTrue(ArchivePolicy.EVERYTHING.archives(NURSE, bare -> false));
  }

  private void entry(long id, Jid peer, boolean archived) {
    MailboxEntry entry = new MailboxEntry(id, 0, peer, false, archived, false, new byte[10]);
    log.add(entry);
    appended.add(storage.mailboxes().append(user, entry));
  }

  private Future<ArchivePage> page(ArchiveQuery query) {
    return storage.mailboxes().archive(user, query);
  }

  private static List<Long> ids(ArchivePage page) {
    return page.entries().stream().map(MailboxEntry::id).toList();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}

package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.activity.LastActivity;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.privatedata.PrivateName;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.Rosters;
import io.rookery.storage.token.KnownClient;
import io.rookery.storage.token.LoginToken;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CassandraStorageTest {
  @RegisterExtension static final CassandraServer SERVER = new CassandraServer();

  private static final Vertx VERTX = Vertx.vertx();
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
  private static CassandraStorage storage;

  private final Jid user = Jid.of(UUID.randomUUID().toString(), "example.org", null);
  private final Jid other = Jid.of(UUID.randomUUID().toString(), "example.org", null);
  private final Jid juliet = Jid.parse("juliet@capulet.example");

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
  void ofManyAttemptsToCreateAnAccountOneSucceeds() throws Exception {
    Account account = account(user, 1);
    List<Future<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      attempts.add(storage.accounts().create(account));
    }
    get(Future.all(attempts));
    assertEquals(1, attempts.stream().filter(Future::result).count());
  }

  @Test
  void anAccountIsKeptAsItWas() throws Exception {
    assertEquals(Optional.empty(), get(storage.accounts().find(user)));
    assertTrue(get(storage.accounts().create(account(user, 1))));
    assertSameAccount(account(user, 1), get(storage.accounts().find(user)).orElseThrow());
  }

  @Test
  void keysChangeOnlyWhereThereIsAnAccount() throws Exception {
    Accounts accounts = storage.accounts();
    Account changed = account(user, 2);
    assertFalse(get(accounts.changeKeys(user, changed.keys())));
    assertTrue(get(accounts.create(account(user, 1))));
    assertTrue(get(accounts.changeKeys(user, changed.keys())));
    assertSameAccount(changed, get(accounts.find(user)).orElseThrow());
  }

  @Test
  void anAccountIsDisabledAndEnabledAgain() throws Exception {
    Accounts accounts = storage.accounts();
    assertFalse(get(accounts.disable(user, true)), "which does not make it");
    assertEquals(Optional.empty(), get(accounts.find(user)));
    assertTrue(get(accounts.create(account(user, 1))));
    assertFalse(get(accounts.find(user)).orElseThrow().disabled());
    assertTrue(get(accounts.disable(user, true)));
    assertTrue(get(accounts.changeKeys(user, account(user, 2).keys())));
    assertTrue(get(accounts.find(user)).orElseThrow().disabled());
    assertTrue(get(accounts.disable(user, false)));
    assertFalse(get(accounts.find(user)).orElseThrow().disabled());
  }

  @Test
  void aDeletedAccountIsGoneAndCanBeCreatedAgain() throws Exception {
    Accounts accounts = storage.accounts();
    assertFalse(get(accounts.delete(user)));
    assertTrue(get(accounts.create(account(user, 1))));
    assertTrue(get(accounts.delete(user)));
    assertEquals(Optional.empty(), get(accounts.find(user)));
    assertFalse(get(accounts.list(user.domain(), null, 1000)).contains(user));
    assertTrue(get(accounts.create(account(user, 3))));
    assertSameAccount(account(user, 3), get(accounts.find(user)).orElseThrow());
  }

  @Test
  void aDomainIsListedInPagesWithoutTheOthers() throws Exception {
    Accounts accounts = storage.accounts();
    Set<Jid> expected = new HashSet<>();
    List<Future<Boolean>> created = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Jid jid = Jid.of("user" + i, "listed.example", null);
      expected.add(jid);
      created.add(accounts.create(account(jid, i)));
    }
    created.add(accounts.create(account(Jid.of("user1", "other.example", null), 1)));
    get(Future.all(created));
    List<Jid> listed = new ArrayList<>();
    List<Jid> page = get(accounts.list("listed.example", null, 7));
    while (!page.isEmpty()) {
      assertTrue(page.size() <= 7);
      listed.addAll(page);
      page = get(accounts.list("listed.example", page.get(page.size() - 1), 7));
    }
    assertEquals(100, listed.size());
    assertEquals(expected, new HashSet<>(listed));
  }

  @Test
  void aBlockListIsWhatWasWrittenLast() throws Exception {
    BlockLists lists = storage.blockLists();
    assertEquals(BlockList.NOBODY, get(lists.load(user)));
    BlockList list =
        new BlockList(Set.of(juliet, Jid.parse("b.example/c"), Jid.parse("a@b.example/\u00e7")));
    get(lists.save(user, list));
    assertEquals(list, get(lists.load(user)));
    assertEquals(BlockList.NOBODY, get(lists.load(juliet)));
    BlockList fewer = list.without(List.of(juliet));
    get(lists.save(user, fewer));
    assertEquals(fewer, get(lists.load(user)));
    get(lists.save(user, BlockList.NOBODY));
    assertEquals(BlockList.NOBODY, get(lists.load(user)));
    get(lists.save(user, list));
    get(lists.delete(user));
    assertEquals(BlockList.NOBODY, get(lists.load(user)));
  }

  @Test
  void aRosterHasItsItemsAndTheVersionOfTheLastChange() throws Exception {
    Rosters rosters = storage.rosters();
    assertEquals(Roster.EMPTY, get(rosters.load(user)));
    RosterItem first =
        new RosterItem(
            juliet,
            "Juliet",
            RosterItem.Subscription.BOTH,
            true,
            true,
            "<presence/>",
            false,
            Set.of("Friends", "Verona"));
    RosterItem second = RosterItem.none(Jid.parse("nurse@capulet.example"));
    get(rosters.put(user, first, 5));
    get(rosters.put(user, second, 6));
    assertEquals(
        new Roster(6, Map.of(first.contact(), first, second.contact(), second)),
        get(rosters.load(user)));
    RosterItem bare = RosterItem.none(juliet);
    get(rosters.put(user, bare, 7));
    get(rosters.remove(user, second.contact(), 8));
    assertEquals(new Roster(8, Map.of(juliet, bare)), get(rosters.load(user)));
    get(rosters.remove(user, juliet, 9));
    assertEquals(new Roster(9, Map.of()), get(rosters.load(user)));
    get(rosters.delete(user));
    assertEquals(Roster.EMPTY, get(rosters.load(user)));
  }

  /** The driver reads 5,000 rows at a time. */
  @Test
  void aLargeRosterIsReadInPages() throws Exception {
    for (int part = 0; part < 3; part++) {
      List<Future<Void>> written = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        Jid contact = Jid.of("contact-" + part + "-" + i, "example.org", null);
        written.add(storage.rosters().put(user, RosterItem.none(contact), part + 1));
      }
      get(Future.all(written));
    }
    Roster roster = get(storage.rosters().load(user));
    assertEquals(3, roster.version());
    assertEquals(6_000, roster.items().size());
  }

  private static LoginToken token(String client, long id) {
    Instant expires = Instant.ofEpochMilli(1_900_000_000_000L);
    byte[] secret = {(byte) id, 1};
    return new LoginToken(client, id, "HT-SHA-256-NONE", secret, new byte[] {2}, expires, 0);
  }

  private static List<Long> ids(LoginTokens tokens, Jid user) throws Exception {
    return get(tokens.find(user)).stream().map(LoginToken::id).toList();
  }

  @Test
  void tokensAreKeptAndRemoved() throws Exception {
    LoginTokens tokens = storage.loginTokens();
    Duration keep = Duration.ofMinutes(1);
    assertEquals(List.of(), get(tokens.find(user)));
    get(tokens.put(user, token("b", 2), keep));
    get(tokens.put(user, token("a", 3), keep));
    get(tokens.put(user, token("a", 1), keep));
    List<LoginToken> found = get(tokens.find(user));
    assertEquals(List.of(1L, 3L, 2L), found.stream().map(LoginToken::id).toList());
    LoginToken first = found.get(0);
    assertEquals("a", first.client());
    assertEquals("HT-SHA-256-NONE", first.mechanism());
    assertArrayEquals(new byte[] {1, 1}, first.secret());
    assertArrayEquals(new byte[] {2}, first.password());
    assertEquals(token("a", 1).expires(), first.expires());
    get(tokens.remove(user, List.of(token("a", 1), token("b", 2))));
    assertEquals(List.of(3L), ids(tokens, user));
    get(tokens.put(juliet, token("a", 1), keep));
    get(tokens.delete(user));
    assertEquals(List.of(), ids(tokens, user));
    assertEquals(List.of(1L), ids(tokens, juliet));
  }

  @Test
  void aCountIsUsedOnce() throws Exception {
    LoginTokens tokens = storage.loginTokens();
    Duration keep = Duration.ofMinutes(1);
    LoginToken token = token("a", 1);
    assertFalse(get(tokens.count(user, token, 1, keep)));
    get(tokens.put(user, token, keep));
    List<Future<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      attempts.add(tokens.count(user, token, 7, keep));
    }
    get(Future.join(attempts).otherwiseEmpty());
    assertEquals(
        1, attempts.stream().filter(f -> f.succeeded() && f.result()).count(), attempts::toString);
    assertFalse(get(tokens.count(user, token, 6, keep)));
    assertTrue(get(tokens.count(user, token, 8, keep)));
    assertEquals(8, get(tokens.find(user)).get(0).count());
    get(tokens.remove(user, List.of(token)));
    assertFalse(get(tokens.count(user, token, 9, keep)));
    assertEquals(List.of(), get(tokens.find(user)));
  }

  @Test
  void tokensGetAnotherPassword() throws Exception {
    LoginTokens tokens = storage.loginTokens();
    Duration keep = Duration.ofMinutes(1);
    get(tokens.put(user, token("a", 1), keep));
    get(tokens.put(user, token("a", 2), keep));
    get(tokens.rekey(user, List.of(token("a", 1), token("b", 1)), new byte[] {7}, keep));
    List<LoginToken> found = get(tokens.find(user)); // and no more than there were
    assertEquals(List.of(1L, 2L), found.stream().map(LoginToken::id).toList());
    assertArrayEquals(new byte[] {7}, found.get(0).password());
    assertArrayEquals(new byte[] {1, 1}, found.get(0).secret());
    assertArrayEquals(new byte[] {2}, found.get(1).password());
  }

  @Test
  void aClientLosesAllItsTokens() throws Exception {
    LoginTokens tokens = storage.loginTokens();
    Duration keep = Duration.ofMinutes(1);
    for (int id = 1; id <= 3; id++) {
      get(tokens.put(user, token("a", id), keep));
    }
    get(tokens.put(user, token("b", 4), keep));
    get(tokens.put(other, token("a", 5), keep));
    get(tokens.revoke(user, "a"));
    assertEquals(List.of(4L), ids(tokens, user));
    assertEquals(List.of(5L), ids(tokens, other));
    assertFalse(get(tokens.count(user, token("a", 1), 9, keep)));
    get(tokens.put(user, token("a", 6), keep)); // it logs in anew
    assertEquals(List.of(6L, 4L), ids(tokens, user));
  }

  @Test
  void clientsAreKnownForAWhile() throws Exception {
    LoginTokens tokens = storage.loginTokens();
    Duration keep = Duration.ofMinutes(1);
    Instant first = Instant.ofEpochMilli(1_700_000_000_000L);
    KnownClient phone = new KnownClient("a", "Lute", "telephone", first, first, true);
    KnownClient bare = new KnownClient("b", null, null, first, first.plusMillis(1), false);
    get(tokens.putClient(user, bare, keep));
    get(tokens.putClient(user, new KnownClient("a", "x", "y", first, first, false), keep));
    get(tokens.putClient(user, phone, keep));
    get(tokens.putClient(other, phone, keep));
    assertEquals(List.of(phone, bare), get(tokens.clients(user)));
    get(tokens.put(user, token("a", 1), keep));
    get(tokens.removeClient(user, "a"));
    assertEquals(List.of(bare), get(tokens.clients(user)));
    assertEquals(List.of(1L), ids(tokens, user));
    get(tokens.delete(user));
    assertEquals(List.of(), get(tokens.clients(user)));
    assertEquals(List.of(), ids(tokens, user));
    assertEquals(List.of(phone), get(tokens.clients(other)));
  }

  @Test
  void keysAreAddedToThoseTheyBelongTo() throws Exception {
    ScramKeys weak = keys(ScramKeys.Hash.SHA_1, 1);
    ScramKeys strong = keys(ScramKeys.Hash.SHA_512, 1);
    ScramKeys middle = keys(ScramKeys.Hash.SHA_256, 1);
    Account account = new Account(user, Map.of(weak.hash(), weak), Instant.EPOCH);
    assertFalse(get(storage.accounts().addKeys(account, strong))); // no such account
    assertEquals(Optional.empty(), get(storage.accounts().find(user)));
    get(storage.accounts().create(account));
    assertTrue(get(storage.accounts().addKeys(account, strong)));
    Account after = get(storage.accounts().find(user)).orElseThrow();
    assertEquals(Set.of(weak.hash(), strong.hash()), after.keys().keySet());
    assertArrayEquals(weak.storedKey(), after.keys().get(weak.hash()).storedKey());
    assertFalse(get(storage.accounts().addKeys(account, middle))); // not as it was
    assertTrue(get(storage.accounts().addKeys(after, middle)));
    get(storage.accounts().changeKeys(user, Map.of(weak.hash(), weak)));
    assertFalse(get(storage.accounts().addKeys(after, middle)));
    assertEquals(
        Set.of(weak.hash()), get(storage.accounts().find(user)).orElseThrow().keys().keySet());
  }

  @Test
  void lastActivityIsTheLatestRecord() throws Exception {
    assertEquals(Optional.empty(), get(storage.lastActivities().find(user)));
    LastActivity activity = new LastActivity(Instant.ofEpochMilli(1_700_000_000_123L), "away");
    get(storage.lastActivities().record(user, new LastActivity(Instant.EPOCH, "")));
    get(storage.lastActivities().record(user, activity));
    assertEquals(Optional.of(activity), get(storage.lastActivities().find(user)));
    get(storage.lastActivities().delete(user));
    assertEquals(Optional.empty(), get(storage.lastActivities().find(user)));
  }

  @Test
  void privateDataIsKeptByNameAndNamespace() throws Exception {
    PrivateData data = storage.privateData();
    PrivateName prefs = new PrivateName("exodus:prefs", "exodus");
    PrivateName notes = new PrivateName("storage:rosternotes", "storage");
    PrivateName colours = new PrivateName("exodus:prefs", "colours");
    get(data.put(user, Map.of(prefs, "<exodus a='1'/>", notes, "<storage>\u00fc</storage>")));
    get(data.put(user, Map.of(prefs, "<exodus a='2'/>", colours, "<colours/>")));
    assertEquals(
        Map.of(prefs, "<exodus a='2'/>", colours, "<colours/>"),
        get(data.find(user, "exodus:prefs")));
    assertEquals(Map.of(prefs, 15, notes, 21, colours, 10), get(data.sizes(user)));
    get(data.put(user, Map.of(prefs, "")));
    assertEquals(Map.of(notes, 21, colours, 10), get(data.sizes(user)));
    assertEquals(Map.of(), get(data.find(juliet, "exodus:prefs")));
    get(data.delete(user));
    assertEquals(Map.of(), get(data.sizes(user)));
  }

  @Test
  void aVcardHasTheHashOfItsPhotoBesideTheRoster() throws Exception {
    assertEquals(Optional.empty(), get(storage.vcards().find(user)));
    get(storage.vcards().put(user, "<vCard xmlns='vcard-temp'/>", "01b8"));
    assertEquals(Optional.of("<vCard xmlns='vcard-temp'/>"), get(storage.vcards().find(user)));
    assertEquals(new Roster(0, Map.of(), "01b8"), get(storage.rosters().load(user)));
    RosterItem item = RosterItem.none(juliet);
    get(storage.rosters().put(user, item, 7));
    assertEquals(new Roster(7, Map.of(juliet, item), "01b8"), get(storage.rosters().load(user)));
    get(storage.vcards().put(user, "<vCard xmlns='vcard-temp'><FN/></vCard>", ""));
    assertEquals(new Roster(7, Map.of(juliet, item), ""), get(storage.rosters().load(user)));
    get(storage.vcards().delete(user));
    assertEquals(Optional.empty(), get(storage.vcards().find(user)));
  }

  @Test
  void resultsArriveOnTheCallersContext() throws Exception {
    Context context = VERTX.getOrCreateContext();
    Future<Context> seen =
        Future.future(
            promise ->
                context.runOnContext(
                    start ->
                        storage
                            .accounts()
                            .find(user)
                            .onComplete(found -> promise.complete(Vertx.currentContext()))));
    assertSame(context, get(seen));
  }

  @Test
  void requestsAreMeasuredByStatement() throws Exception {
    get(storage.ping());
    assertNotNull(METERS.find("rookery.storage.requests").tag("statement", "ping").timer());
    assertTrue(METERS.get("rookery.storage.requests").tag("statement", "ping").timer().count() > 0);
  }

  private static Account account(Jid jid, int seed) {
    Map<ScramKeys.Hash, ScramKeys> keys =
        Map.of(
            ScramKeys.Hash.SHA_1, keys(ScramKeys.Hash.SHA_1, seed),
            ScramKeys.Hash.SHA_512, keys(ScramKeys.Hash.SHA_512, seed));
    return new Account(jid, keys, Instant.ofEpochMilli(1_700_000_000_000L + seed));
  }

  private static ScramKeys keys(ScramKeys.Hash hash, int seed) {
    byte[] stored = new byte[hash.bytes()];
    Arrays.fill(stored, (byte) seed);
    byte[] server = new byte[hash.bytes()];
    Arrays.fill(server, (byte) (seed + 1));
    return new ScramKeys(hash, new byte[] {1, 2, (byte) seed}, 10_000 + seed, stored, server);
  }

  private static void assertSameAccount(Account expected, Account actual) {
    assertEquals(expected.jid(), actual.jid());
    assertEquals(expected.keys().keySet(), actual.keys().keySet());
    expected
        .keys()
        .forEach(
            (hash, keys) -> {
              ScramKeys found = actual.keys().get(hash);
              assertEquals(keys.iterations(), found.iterations());
              assertArrayEquals(keys.salt(), found.salt());
              assertArrayEquals(keys.storedKey(), found.storedKey());
              assertArrayEquals(keys.serverKey(), found.serverKey());
            });
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}

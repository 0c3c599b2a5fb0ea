package io.rookery.router.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.router.RouterConfig.Anonymous;
import io.rookery.router.extension.AccountKey;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.archive.ArchivePolicies;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.Rosters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done for an account is done in order; the stores answer when the test says so. */
class LiveAccountsTest {
  private static final Map<ScramKeys.Hash, ScramKeys> KEYS =
      Map.of(
          ScramKeys.Hash.SHA_1,
          new ScramKeys(ScramKeys.Hash.SHA_1, new byte[16], 4096, new byte[20], new byte[20]));

  private static final Jid JULIET = Given.JULIET;
  private static final BlockList BLOCKED = new BlockList(Set.of(Given.ROMEO.bare()));

  private final Vertx vertx = Vertx.vertx();
  private final Queue<Runnable> reads = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private int finds;
  private final LiveAccounts accounts =
      new LiveAccounts(
          new Stores(
              store(Accounts.class),
              store(Rosters.class),
              null,
              null,
              null,
              store(BlockLists.class),
              null,
              null,
              null,
              null,
              null,
              null,
              null),
          new Retries(
              vertx, () -> CompletableFuture.completedFuture(null), new SimpleMeterRegistry()),
          2);

  private Map<ScramKeys.Hash, ScramKeys> keys = KEYS;

  @AfterEach
  void close() {
    vertx.close();
  }

  private <T> T store(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              Jid jid = (Jid) args[0];
              if (type == BlockLists.class) {
                return later(BLOCKED);
              }
              return method.getName().equals("find")
                  ? read(Optional.of(new Account(jid, keys, Instant.EPOCH)))
                  : read(Roster.EMPTY);
            }));
  }

  private <T> Future<T> read(T result) {
    finds++;
    return later(result);
  }

  private <T> Future<T> later(T result) {
    Promise<T> promise = Promise.promise();
    reads.add(() -> promise.complete(result));
    return promise.future();
  }

  private void storesAnswer() {
    while (!reads.isEmpty()) {
      reads.remove().run();
    }
  }

  private boolean run(Jid jid, Level level, String name) {
    return accounts.run(jid, level, account -> done.add(name));
  }

  @Test
  void whatExtensionsKeepLastsForAsLongAsTheirKeysSay() {
    AccountKey<List<String>> passing = new AccountKey<>(ArrayList::new);
    AccountKey<List<String>> lasting = AccountKey.lasting(ArrayList::new);
    List<LiveAccount> seen = new ArrayList<>();
    accounts.run(
        JULIET,
        Level.EXISTENCE,
        account -> {
          account.get(passing).add("p");
          account.get(lasting).add("l");
          seen.add(account);
        });
    storesAnswer();
    LiveAccount juliet = seen.get(0);
    assertNull(accounts.active(JULIET));
    assertTrue(accounts.has(juliet));
    assertEquals(List.of(), juliet.get(passing));
    assertEquals(List.of("l"), juliet.get(lasting));
    accounts.forget(JULIET);
    assertFalse(accounts.has(juliet));
  }

  @Test
  void orderIsKeptAcrossLoading() {
    run(JULIET, Level.NOTHING, "at once");
    run(JULIET, Level.EXISTENCE, "1");
    run(JULIET, Level.NOTHING, "2");
    run(JULIET, Level.ROSTER, "3");
    run(JULIET, Level.NOTHING, "4");
    assertEquals(List.of("at once"), done);
    storesAnswer();
    assertEquals(List.of("at once", "1", "2", "3", "4"), done);
    assertEquals(2, finds, "existence, then the roster");
  }

  @Test
  void anAccountThatIsBeingImportedDoesNotExistYet() {
    keys = Map.of();
    accounts.run(JULIET, Level.EXISTENCE, account -> done.add("exists: " + account.exists()));
    storesAnswer();
    keys = KEYS;
    accounts.run(JULIET, Level.EXISTENCE, account -> done.add("exists: " + account.exists()));
    storesAnswer();
    assertEquals(List.of("exists: false", "exists: true"), done, "nor is that remembered");
  }

  @Test
  void whatIsLoadedIsNotLoadedAgain() {
    run(JULIET, Level.ROSTER, "1");
    storesAnswer();
    int before = finds;
    run(JULIET, Level.ROSTER, "2");
    run(JULIET, Level.EXISTENCE, "3");
    assertEquals(List.of("1", "2", "3"), done);
    assertEquals(before, finds);
  }

  @Test
  void anAccountIsAtHandWithItsRosterOnly() {
    assertNull(accounts.atHand(JULIET));
    run(JULIET, Level.EXISTENCE, "1");
    storesAnswer();
    assertNull(accounts.atHand(JULIET));
    run(JULIET, Level.ROSTER, "2");
    storesAnswer();
    assertEquals(JULIET, accounts.atHand(JULIET).jid());
    accounts.forgetIdle(jid -> true);
    assertNull(accounts.atHand(JULIET));
  }

  /** Who has authenticated exists, but whom he blocks is not known by that. */
  @Test
  void theBlockListIsThereBeforeAnythingIsDelivered() {
    accounts.authenticated(JULIET);
    accounts.run(
        JULIET,
        Level.EXISTENCE,
        account -> done.add(account.exists() + ", " + account.isBlocked(Given.ROMEO)));
    assertEquals(List.of(), done);
    storesAnswer();
    assertEquals(List.of("true, true"), done);
    assertEquals(0, finds, "it is known that the account exists");
  }

  @Test
  void aHeldAccountWaits() {
    Promise<Void> end = Promise.promise();
    accounts.run(JULIET, Level.NOTHING, account -> accounts.hold(account, "end", end.future()));
    run(JULIET, Level.NOTHING, "after");
    assertEquals(List.of(), done);
    assertFalse(accounts.isReady(accounts.active(JULIET)));
    end.fail("an end all the same");
    assertEquals(List.of("after"), done);
    assertNull(accounts.active(JULIET));
  }

  @Test
  void twoHoldsAreBothWaitedFor() {
    Promise<Void> first = Promise.promise();
    Promise<Void> second = Promise.promise();
    accounts.run(
        JULIET,
        Level.NOTHING,
        account -> {
          accounts.hold(account, "first", first.future());
          accounts.hold(account, "second", second.future());
        });
    run(JULIET, Level.NOTHING, "after");
    first.complete();
    assertEquals(List.of(), done);
    second.complete();
    assertEquals(List.of("after"), done);
  }

  @Test
  void whatHasWaitedForLongIsNoticed() {
    Promise<Void> end = Promise.promise();
    accounts.run(JULIET, Level.NOTHING, account -> accounts.hold(account, "end", end.future()));
    run(JULIET, Level.NOTHING, "after");
    LiveAccount account = accounts.active(JULIET);
    assertFalse(account.hasBeenBlocked(), "it may have begun to wait a moment ago");
    assertTrue(account.hasBeenBlocked());
    assertEquals("[end], waiting: 1", account.blockedBy());
    end.complete();
    assertFalse(account.hasBeenBlocked());
  }

  @Test
  void onlySoMuchWaits() {
    for (int i = 0; i < LiveAccounts.MAX_WAITING; i++) {
      assertTrue(run(JULIET, Level.EXISTENCE, "task"));
    }
    assertFalse(run(JULIET, Level.NOTHING, "too much"));
    assertTrue(run(Given.ROMEO.bare(), Level.NOTHING, "another account"));
    storesAnswer();
    assertEquals(LiveAccounts.MAX_WAITING + 1, done.size());
    assertTrue(run(JULIET, Level.NOTHING, "again"));
  }

  @Test
  void aFailingTaskDoesNotStopTheOthers() {
    accounts.run(
        JULIET,
        Level.EXISTENCE,
        account -> {
          throw new IllegalStateException("expected by this test");
        });
    run(JULIET, Level.EXISTENCE, "next");
    storesAnswer();
    assertEquals(List.of("next"), done);
    assertThrows(
        IllegalStateException.class,
        () ->
            accounts.run(
                JULIET,
                Level.NOTHING,
                account -> {
                  throw new IllegalStateException("expected by this test");
                }));
    assertNull(accounts.active(JULIET), "nothing is left behind");
  }

  @Test
  void sessionsKeepAnAccountActive() {
    List<Session> sessions = new ArrayList<>();
    accounts.run(
        JULIET,
        Level.ROSTER,
        account -> {
          Session session = new Session(JULIET.withResource("a"), 1, Given.CONNECTOR, 1, "", 1);
          accounts.add(account, session);
          sessions.add(session);
        });
    storesAnswer();
    LiveAccount account = accounts.active(JULIET);
    assertNotNull(account);
    assertEquals(1, accounts.sessions());
    assertTrue(accounts.remove(account, sessions.get(0)));
    assertFalse(accounts.remove(account, sessions.get(0)));
    assertEquals(0, accounts.sessions());
    assertNull(accounts.active(JULIET));
  }

  @Test
  void ofIdleAccountsTheLatestAreRemembered() {
    List<Jid> users = IntStream.range(0, 3).mapToObj(i -> Jid.parse("u" + i + "@a")).toList();
    load(users.get(0), users.get(1));
    load(users.get(0)); // used again: the other is the older one now
    load(users.get(2));
    int before = finds;
    load(users.get(0), users.get(2));
    assertEquals(before, finds);
    load(users.get(1));
    assertEquals(before + 1, finds);
    accounts.forgetIdle(users.get(1)::equals);
    load(users.get(1), users.get(2));
    assertEquals(before + 2, finds);
  }

  private void load(Jid... users) {
    for (Jid user : users) {
      run(user, Level.EXISTENCE, "load");
      storesAnswer();
    }
  }

  @Test
  void whoAsksWaitsForTheAppendsOfThen() {
    LiveAccount account = Given.account(JULIET, true);
    account.appending(1, false);
    account.appending(2, false);
    Future<Void> two = account.allAppended();
    account.appending(3, false);
    Future<Void> three = account.allAppended();
    account.appended(2);
    assertFalse(two.isComplete());
    account.appended(1);
    assertTrue(two.succeeded());
    assertFalse(three.isComplete());
    account.appended(3);
    assertTrue(three.succeeded());
    assertTrue(account.allAppended().succeeded());
  }

  @Test
  void ofArchivedDomainsThePolicyIsLoadedToo() {
    Policies policies = new Policies();
    LiveAccounts archived =
        new LiveAccounts(
            new Stores(
                store(Accounts.class),
                store(Rosters.class),
                null,
                null,
                policies,
                store(BlockLists.class),
                null,
                null,
                null,
                null,
                null,
                null,
                null),
            new Retries(
                vertx, () -> CompletableFuture.completedFuture(null), new SimpleMeterRegistry()),
            2,
            Set.of("capulet.example"),
            Clock.systemUTC(),
            Anonymous.NOBODY);
    List<ArchivePolicy> seen = new ArrayList<>();
    archived.authenticated(JULIET);
    archived.run(JULIET, Level.EXISTENCE, account -> seen.add(account.archive().policy()));
    storesAnswer();
    assertEquals(List.of(policies.stored), seen);
    assertEquals(1, finds, "the roster, which the policy needs");
    archived.run(JULIET, Level.ROSTER, account -> seen.add(account.archive().policy()));
    assertEquals(2, seen.size());
    assertEquals(1, policies.finds);
  }

  private static final class Policies implements ArchivePolicies {
    private final ArchivePolicy stored =
        new ArchivePolicy(ArchivePolicy.Others.ROSTER, Set.of(), Set.of());
    private int finds;

    @Override
    public Future<Optional<ArchivePolicy>> find(Jid user) {
      finds++;
      return Future.succeededFuture(Optional.of(stored));
    }

    @Override
    public Future<Void> put(Jid user, ArchivePolicy policy) {
      throw new AssertionError("nobody has changed it");
    }

    @Override
    public Future<Void> delete(Jid user) {
      throw new AssertionError("nobody has removed it");
    }
  }
}

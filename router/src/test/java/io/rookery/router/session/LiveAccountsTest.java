package io.rookery.router.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.Rosters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done for an account is done in order; the stores answer when the test says so. */
class LiveAccountsTest {
  private static final Jid JULIET = Given.JULIET;

  private final Vertx vertx = Vertx.vertx();
  private final Queue<Runnable> reads = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private int finds;
  private final LiveAccounts accounts =
      new LiveAccounts(
          new Stores(store(Accounts.class), store(Rosters.class), null, null, null),
          new Retries(
              vertx, () -> CompletableFuture.completedFuture(null), new SimpleMeterRegistry()),
          2);

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
              return method.getName().equals("find")
                  ? read(Optional.of(new Account(jid, Map.of(), Instant.EPOCH)))
                  : read(Roster.EMPTY);
            }));
  }

  private <T> Future<T> read(T result) {
    finds++;
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
}

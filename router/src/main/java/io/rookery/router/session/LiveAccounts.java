package io.rookery.router.session;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.RouterConfig.Anonymous;
import io.rookery.router.sasl.HashedToken;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.LiveAccount.Waiting;
import io.rookery.storage.account.Account;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.roster.Roster;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts one loop has in memory: all that have sessions, and a bounded number of those that
 * do not. What is done for an account is done in the order it came, also across loading.
 */
public final class LiveAccounts {
  private static final Logger LOG = LoggerFactory.getLogger(LiveAccounts.class);

  /** What may wait for one account while it is being loaded. */
  static final int MAX_WAITING = 1000;

  /** Longer than a login takes. */
  private static final long TURNED_OUT_MILLIS = 600_000;

  private static final int MAX_TURNED_OUT = 10_000;

  private final Stores stores;
  private final Retries retries;
  private final Set<String> archivedDomains;
  private final Anonymous anonymous;
  private final Map<Jid, LiveAccount> active = new HashMap<>();
  private final Map<Jid, LiveAccount> idle;
  private final Clock clock;
  private final Map<Jid, Long> turnedOut = bounded(MAX_TURNED_OUT, false);
  private volatile int sessions;

  /** Of domains without archives: nobody's policy is read. */
  public LiveAccounts(Stores stores, Retries retries, int maxIdle) {
    this(stores, retries, maxIdle, Set.of(), Clock.systemUTC(), Anonymous.NOBODY);
  }

  /**
   * @param maxIdle accounts without sessions to remember
   * @param archivedDomains whose users can say what of their messages is archived
   * @param anonymous for whose accounts nothing is read
   */
  public LiveAccounts(
      Stores stores,
      Retries retries,
      int maxIdle,
      Set<String> archivedDomains,
      Clock clock,
      Anonymous anonymous) {
    this.stores = stores;
    this.retries = retries;
    this.archivedDomains = Set.copyOf(archivedDomains);
    this.clock = clock;
    this.anonymous = anonymous;
    this.idle = bounded(maxIdle, true);
  }

  private static <T> Map<Jid, T> bounded(int most, boolean byUse) {
    return new LinkedHashMap<>(16, 0.75f, byUse) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Jid, T> eldest) {
        return size() > most;
      }
    };
  }

  /** The account if it has sessions or is being worked for; otherwise null. */
  public LiveAccount active(Jid bare) {
    return active.get(bare);
  }

  public Collection<LiveAccount> active() {
    return Collections.unmodifiableCollection(active.values());
  }

  /**
   * Does something for an account: now when nothing waits and enough is loaded, otherwise after
   * what waits already.
   *
   * @return false when too much is waiting; then nothing will be done
   */
  public boolean run(Jid bare, Level level, AccountTask task) {
    LiveAccount account = get(bare);
    if (isReady(account) && has(account, level)) {
      try {
        task.run(account);
      } finally {
        settle(account);
      }
      return true;
    }
    if (account.waiting().size() >= MAX_WAITING) {
      return false;
    }
    account.waiting().add(new Waiting(level, () -> task.run(account)));
    advance(account);
    return true;
  }

  /** Does something for an account before whatever waits for it already. */
  public void runNext(LiveAccount account, Level level, AccountTask task) {
    account.waiting().addFirst(new Waiting(level, () -> task.run(account)));
    advance(account);
  }

  /**
   * The user, or one of his clients, has been turned out: whoever authenticated before that and has
   * not begun a session yet may have no right to.
   */
  public void turnedOut(Jid bare) {
    turnedOut.put(bare, clock.millis());
  }

  /**
   * Whether who has authenticated as this account may begin a session.
   *
   * @param client user agent of who has done so with a token; null for another login
   */
  public Future<Boolean> isWelcome(Jid bare, String client) {
    Long since = turnedOut.get(bare);
    if (since == null || clock.millis() - since > TURNED_OUT_MILLIS) {
      return Future.succeededFuture(true);
    }
    return stores
        .accounts()
        .find(bare)
        .map(found -> found.filter(one -> one.isComplete() && !one.disabled()))
        .compose(
            found ->
                found.isPresent() && client != null
                    ? hasToken(found.get(), client)
                    : Future.succeededFuture(found.isPresent()));
  }

  private Future<Boolean> hasToken(Account account, String client) {
    byte[] password = HashedToken.digest(account);
    return stores
        .loginTokens()
        .find(account.jid())
        .map(
            all ->
                all.stream()
                    .filter(one -> one.client().equals(client))
                    .anyMatch(one -> one.isOf(password, clock.instant())));
  }

  /** Whether who has the address has no account (XEP-0175). */
  public boolean isAnonymous(Jid address) {
    return anonymous.includes(address);
  }

  /** Somebody has just authenticated as this account: no need to ask whether it exists. */
  public void authenticated(Jid bare) {
    get(bare).known();
  }

  /** True when nothing waits: what comes now can be done now. */
  public boolean isReady(LiveAccount account) {
    return account.waiting().isEmpty() && !account.isHeld();
  }

  /** Adds a session to an account. */
  public void add(LiveAccount account, Session session) {
    idle.remove(account.jid());
    active.put(account.jid(), account); // it was idle for a moment if this replaces its only one
    account.add(session);
    sessions++;
  }

  /** Removes a session; false when it was not there any more. */
  public boolean remove(LiveAccount account, Session session) {
    boolean removed = account.remove(session);
    if (removed) {
      sessions--;
      settle(account);
    }
    return removed;
  }

  /** Sessions of all accounts; may be asked from another thread. */
  public int sessions() {
    return sessions;
  }

  /** Something to do for an account, on its loop. */
  @FunctionalInterface
  public interface AccountTask {
    void run(LiveAccount account);
  }

  /** The account with all of its roster, when it can be worked for at once; otherwise null. */
  public LiveAccount ready(Jid bare) {
    LiveAccount account = active.get(bare);
    return account != null && isReady(account) && has(account, Level.ROSTER) ? account : null;
  }

  /** The account when all of its roster is in memory, to be looked at only; otherwise null. */
  public LiveAccount atHand(Jid bare) {
    LiveAccount account = active.get(bare);
    LiveAccount found = account == null ? idle.get(bare) : account;
    return found != null && has(found, Level.ROSTER) ? found : null;
  }

  /** A session of an account that another owner had: it is as if it had been bound here. */
  public LiveAccount adopt(Session session) {
    LiveAccount account = get(session.jid().bare());
    account.known();
    account.add(session);
    sessions++;
    return account;
  }

  /** Another router owns the account: it is dropped as it is. */
  public void release(LiveAccount account) {
    sessions -= account.sessions().size();
    active.remove(account.jid(), account);
    idle.remove(account.jid(), account);
  }

  /** Nothing is under way for the account. */
  public boolean isQuiet(LiveAccount account) {
    return account.isQuiet();
  }

  /** Forgets the accounts without sessions for which the test holds. */
  public void forgetIdle(Predicate<Jid> test) {
    idle.keySet().removeIf(test);
  }

  /**
   * Lets everything else for the account wait until the future completes.
   *
   * @param what for the log, should it take long
   */
  public void hold(LiveAccount account, String what, Future<?> until) {
    account.hold(what);
    until.onComplete(
        done -> {
          account.release(what);
          advance(account);
        });
  }

  /** To be called every few seconds: tells of accounts that have waited since the last call. */
  public void checkBlocked() {
    for (LiveAccount account : active.values()) {
      if (account.hasBeenBlocked()) {
        LOG.warn("{} is kept waiting: {}", account.jid(), account.blockedBy());
      }
    }
  }

  /** True until the account is forgotten, or another owner takes it over. */
  public boolean has(LiveAccount account) {
    return active.get(account.jid()) == account || idle.get(account.jid()) == account;
  }

  /** Forgets an account that has been removed. */
  public void forget(Jid bare) {
    active.remove(bare);
    idle.remove(bare);
  }

  /** To be called when nothing may be left to do for an account. */
  public void settle(LiveAccount account) {
    if (account.isIdle() && active.remove(account.jid(), account) && account.exists()) {
      account.forgetKept();
      idle.put(account.jid(), account);
    }
  }

  private LiveAccount get(Jid bare) {
    LiveAccount account = active.get(bare);
    if (account == null) {
      account = idle.remove(bare);
      if (account == null) {
        account = new LiveAccount(bare, isAnonymous(bare));
      }
      active.put(bare, account);
    }
    return account;
  }

  /** True when so much of the account is loaded. */
  public boolean isLoaded(LiveAccount account, Level level) {
    return has(account, level);
  }

  private static boolean has(LiveAccount account, Level level) {
    return account.level().compareTo(level) >= 0;
  }

  private void advance(LiveAccount account) {
    while (!account.isHeld() && !account.isLoading()) {
      Waiting next = account.waiting().peek();
      if (next == null) {
        settle(account);
        return;
      }
      if (!has(account, next.level())) {
        load(account, next.level());
        return;
      }
      account.waiting().poll();
      account.unblocked();
      try {
        next.task().run();
      } catch (RuntimeException e) {
        LOG.error("bug: a task for {} failed", account.jid(), e);
      }
    }
  }

  private void load(LiveAccount account, Level level) {
    account.loading();
    retries
        .untilDone("load account", () -> read(account, level))
        .onSuccess(
            read -> {
              account.loaded(read.exists, read.blocked, read.policy, read.roster);
              advance(account);
            });
  }

  private record Read(boolean exists, BlockList blocked, ArchivePolicy policy, Roster roster) {

    /** Nothing is stored of the account. */
    static Read nothing(boolean exists) {
      return new Read(exists, BlockList.NOBODY, ArchivePolicy.EVERYTHING, Roster.EMPTY);
    }
  }

  private Future<Read> read(LiveAccount account, Level level) {
    if (account.isAnonymous()) {
      return Future.succeededFuture(Read.nothing(account.exists()));
    }
    Jid jid = account.jid();
    boolean loaded = has(account, Level.EXISTENCE);
    Future<Boolean> exists =
        loaded || account.isExistenceKnown()
            ? Future.succeededFuture(account.exists())
            : stores
                .accounts()
                .find(jid)
                .map(found -> found.filter(Account::isComplete).isPresent());
    Future<BlockList> blocked =
        loaded ? Future.succeededFuture(list(account)) : stores.blockLists().load(jid);
    Future<ArchivePolicy> policy = policy(account);
    Future<Roster> roster =
        level == Level.ROSTER
            ? stores.rosters().load(jid)
            : policy.compose(
                known ->
                    known.others() == ArchivePolicy.Others.ROSTER
                        ? stores.rosters().load(jid) // no message can be judged without it
                        : Future.succeededFuture());
    return Future.all(exists, blocked, policy, roster)
        .map(v -> new Read(exists.result(), blocked.result(), policy.result(), roster.result()));
  }

  private static BlockList list(LiveAccount account) {
    return account.blockList() == null ? BlockList.NOBODY : account.blockList();
  }

  private Future<ArchivePolicy> policy(LiveAccount account) {
    if (account.archive().policy() != null) {
      return Future.succeededFuture(account.archive().policy());
    }
    return archivedDomains.contains(account.jid().domain())
        ? stores
            .archivePolicies()
            .find(account.jid())
            .map(found -> found.orElse(ArchivePolicy.EVERYTHING))
        : Future.succeededFuture(ArchivePolicy.EVERYTHING);
  }
}

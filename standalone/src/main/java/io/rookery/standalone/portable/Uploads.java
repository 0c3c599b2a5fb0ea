package io.rookery.standalone.portable;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Accounts on their way to the database. An account is made first, without keys, so that nobody
 * else can take its name, and gets its keys last, so that nobody can log in before it is complete.
 * One that has no keys is therefore not complete and is written again; one that has some is left
 * alone, if not told otherwise.
 */
final class Uploads {
  private final Accounts accounts;
  private final boolean intoExisting;
  private final Clock clock;
  private final Window window = new Window();
  private final AtomicLong complete = new AtomicLong();
  private final AtomicLong present = new AtomicLong();
  private final Set<Jid> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param intoExisting complete accounts are written to, too
   */
  Uploads(Accounts accounts, boolean intoExisting, Clock clock) {
    this.accounts = accounts;
    this.intoExisting = intoExisting;
    this.clock = clock;
  }

  private enum State {
    INCOMPLETE,
    COMPLETE,
    LEFT_ALONE
  }

  Destination begin(Jid account) throws TransferException, InterruptedException {
    Promise<State> state = Promise.promise();
    window.add(
        0,
        () -> {
          Future<State> found = Window.persistently(() -> find(account));
          found.onComplete(state);
          return found.mapEmpty();
        });
    return new Upload(account, state.future());
  }

  private Future<State> find(Jid account) {
    return accounts
        .find(account)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return create(account);
              }
              if (!found.get().isComplete()) {
                return Future.succeededFuture(State.INCOMPLETE);
              }
              return Future.succeededFuture(intoExisting ? State.COMPLETE : State.LEFT_ALONE);
            })
        .onSuccess(
            is -> {
              if (is != State.LEFT_ALONE) {
                underWay.add(account);
              }
            });
  }

  private Future<State> create(Jid account) {
    return accounts
        .create(new Account(account, Map.of(), clock.instant()))
        .compose(
            created ->
                created
                    ? Future.succeededFuture(State.INCOMPLETE)
                    : Future.failedFuture("somebody else is making " + account));
  }

  /** One account. */
  private final class Upload implements Destination {
    private final Jid account;
    private final Future<State> state;

    /** Writes that are not done, and one for the end of the account. */
    private final AtomicInteger left = new AtomicInteger(1);

    private final Promise<Void> written = Promise.promise();

    Upload(Jid account, Future<State> state) {
      this.account = account;
      this.state = state;
    }

    @Override
    public void write(int bytes, Supplier<Future<Void>> write)
        throws TransferException, InterruptedException {
      left.incrementAndGet();
      window.add(
          bytes,
          () ->
              state
                  .compose(
                      is ->
                          is == State.LEFT_ALONE
                              ? Future.<Void>succeededFuture()
                              : Window.persistently(write))
                  .onComplete(done -> countDown(done.cause())));
    }

    private void countDown(Throwable failure) {
      if (failure != null) {
        written.tryFail(failure);
      } else if (left.decrementAndGet() == 0) {
        written.tryComplete();
      }
    }

    @Override
    public void finish(Function<Boolean, Future<Void>> last)
        throws TransferException, InterruptedException {
      countDown(null);
      window.add(0, () -> state.compose(is -> finish(is, last)));
    }

    private Future<Void> finish(State is, Function<Boolean, Future<Void>> last) {
      if (is == State.LEFT_ALONE) {
        present.incrementAndGet();
        return Future.succeededFuture();
      }
      return written
          .future()
          .compose(v -> Window.persistently(() -> last.apply(is == State.COMPLETE)))
          .onSuccess(
              done -> {
                underWay.remove(account);
                complete.incrementAndGet();
              });
    }
  }

  /** Accounts that are complete now. */
  long complete() {
    return complete.get();
  }

  /** Accounts that were complete before and left alone. */
  long present() {
    return present.get();
  }

  /** After a failure: accounts that were begun and are not complete. */
  Set<Jid> incomplete() throws InterruptedException {
    window.settle();
    return Set.copyOf(underWay);
  }

  void finish() throws TransferException, InterruptedException {
    window.finish();
  }
}

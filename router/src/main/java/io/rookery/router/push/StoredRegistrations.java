package io.rookery.router.push;

import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Retries;
import io.rookery.storage.push.PushRegistration;
import io.rookery.storage.push.PushRegistrations;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes the registrations of accounts, all in the turn of the account. */
final class StoredRegistrations {
  private static final Logger LOG = LoggerFactory.getLogger(StoredRegistrations.class);

  private final PushRegistrations store;
  private final Retries retries;
  private final LiveAccounts accounts;

  StoredRegistrations(PushRegistrations store, Retries retries, LiveAccounts accounts) {
    this.store = store;
    this.retries = retries;
    this.accounts = accounts;
  }

  /** Those of an account, which are read if they have not been. */
  Future<Registrations> of(LiveAccount account) {
    Registrations known = account.get(Registrations.KEY);
    if (known.isRead()) {
      return Future.succeededFuture(known);
    }
    if (known.reading() == null || known.reading().failed()) {
      known.reading(
          account
              .inTurn(() -> retries.untilDone("read push", () -> store.load(account.jid())))
              .map(known::read)
              .onFailure(failure -> warn(account, failure)));
    }
    return known.reading();
  }

  /**
   * Does something with them; nothing when too much waits for the account.
   *
   * @param otherwise is done instead then
   */
  void with(LiveAccount account, Consumer<Registrations> action, Runnable otherwise) {
    of(account)
        .onSuccess(action::accept)
        .onFailure(reported -> otherwise.run())
        .onComplete(done -> accounts.settle(account));
  }

  /** Puts one that is new, or has been replaced. */
  Future<Void> put(LiveAccount account, Registration one) {
    return write(
        account, () -> retries.untilDone("put push", () -> store.put(account.jid(), one.stored())));
  }

  /** Writes how far one has come, unless it has been removed. */
  Future<Void> save(LiveAccount account, Registration one) {
    return one.save(() -> write(account, () -> update(account, one)));
  }

  private Future<Void> update(LiveAccount account, Registration one) {
    one.saving();
    return account.get(Registrations.KEY).contains(one)
        ? retries.untilDone("update push", () -> store.update(account.jid(), one.stored()))
        : Future.succeededFuture();
  }

  /** Removes some, at least one; at once in memory. */
  Future<Void> remove(LiveAccount account, List<Registration> some) {
    account.get(Registrations.KEY).remove(some);
    some.forEach(Registration::noAlarm);
    List<PushRegistration> gone = some.stream().map(Registration::stored).toList();
    return write(
        account, () -> retries.untilDone("remove push", () -> store.remove(account.jid(), gone)));
  }

  /** Should the account go to another owner, that one is to try again. */
  Future<Void> waits(LiveAccount account) {
    return write(
        account,
        () ->
            retries.untilDone(
                "put waiting push",
                () -> store.waits(Partitions.of(account.jid()), account.jid())));
  }

  /** Nothing of the account waits for another try. */
  Future<Void> waitsNoMore(LiveAccount account) {
    return write(
        account,
        () ->
            retries.untilDone(
                "remove waiting push",
                () -> store.waitsNoMore(Partitions.of(account.jid()), account.jid())));
  }

  /** Accounts of a partition for which something waits, or did. */
  Future<List<Jid>> waiting(int partition) {
    return retries.untilDone("read waiting pushes", () -> store.waiting(partition));
  }

  private Future<Void> write(LiveAccount account, Supplier<Future<Void>> work) {
    return account
        .inTurn(work)
        .onFailure(failure -> warn(account, failure))
        .onComplete(done -> accounts.settle(account));
  }

  private static void warn(LiveAccount account, Throwable failure) {
    LOG.warn("push registrations of {}: {}", account.jid(), failure.toString());
  }
}

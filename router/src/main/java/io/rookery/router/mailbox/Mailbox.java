package io.rookery.router.mailbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Stores;
import io.rookery.storage.StorageOverloadedException;
import io.rookery.storage.mailbox.MailboxEntry;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Appends to the logs of the accounts of one loop. */
public final class Mailbox {
  private final LiveAccounts accounts;
  private final Stores stores;
  private final Retries retries;
  private final Clock clock;
  private final long maxPendingBytes;
  private final AtomicLong pendingBytes = new AtomicLong();
  private final Timer durable;

  /**
   * @param maxPendingBytes what may wait to become durable; beyond it appends are refused
   * @param loop number of the loop the accounts are on
   */
  public Mailbox(
      LiveAccounts accounts,
      Stores stores,
      Retries retries,
      Clock clock,
      long maxPendingBytes,
      int loop,
      MeterRegistry meters) {
    this.accounts = accounts;
    this.stores = stores;
    this.retries = retries;
    this.clock = clock;
    this.maxPendingBytes = maxPendingBytes;
    this.durable =
        Timer.builder("rookery.durable.write")
            .description("From the decision to keep a message until it is durable")
            .publishPercentileHistogram()
            .register(meters);
    Gauge.builder("rookery.durable.pending", pendingBytes, AtomicLong::get)
        .description("Bytes of messages on their way to storage")
        .baseUnit("bytes")
        .tag("loop", Integer.toString(loop))
        .register(meters);
  }

  /** The id the next entry of the account gets. */
  public long nextId(LiveAccount account) {
    return account.nextMailboxId(clock.millis());
  }

  /**
   * What is said of a message in the log.
   *
   * @param waits no session has taken it
   * @see MailboxEntry
   */
  record Entry(
      long id,
      long origin,
      Jid peer,
      boolean outgoing,
      boolean archived,
      boolean offline,
      boolean waits) {}

  /**
   * Appends an entry; done when it is durable.
   *
   * @return fails at once with {@link StorageOverloadedException} when too much is waiting
   */
  Future<Void> append(LiveAccount account, Entry what, Stanza stanza) {
    if (pendingBytes.get() > maxPendingBytes) {
      return Future.failedFuture(new StorageOverloadedException("mailbox writes"));
    }
    byte[] bytes = stanza.toBytes();
    MailboxEntry entry =
        new MailboxEntry(
            what.id, what.origin, what.peer, what.outgoing, what.archived, what.offline, bytes);
    account.appending(what.id, what.waits);
    pendingBytes.addAndGet(bytes.length);
    long start = System.nanoTime();
    return retries
        .untilDone("append", () -> stores.mailboxes().append(account.jid(), entry))
        .onComplete(
            done -> {
              pendingBytes.addAndGet(-bytes.length);
              account.appended(what.id);
              accounts.settle(account);
              durable.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            });
  }
}

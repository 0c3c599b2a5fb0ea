package io.rookery.router.mailbox;

import io.rookery.router.routing.RecentOrigins;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Stores;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.TooManyEntriesException;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the log tells the new owner of an account: which stanzas the owner before had dealt with,
 * and what the sessions may not have been handed.
 */
public final class LogTail {
  /**
   * Longer than from a stanza's first try to its repetition by whoever waits for its settlement.
   */
  private static final Duration REPEATED_WITHIN = Duration.ofMinutes(2);

  /** An owner that was alive has handed over what is older. */
  private static final Duration HANDED_WITHIN = Duration.ofMinutes(10);

  private static final int PAGE = 1000;

  /** Any number: origins are random ones. */
  private static final long COPIES = 0x5DEECE66D1CE4E5BL;

  private final Stores stores;
  private final Retries retries;
  private final RecentOrigins origins;
  private final Clock clock;

  public LogTail(Stores stores, Retries retries, RecentOrigins origins, Clock clock) {
    this.stores = stores;
    this.retries = retries;
    this.origins = origins;
    this.clock = clock;
  }

  /**
   * Reads the end of the account's log, once, and remembers the origins there.
   *
   * @param position greatest id that all sessions of the account have been handed
   * @return entries after it, and maybe some before
   */
  public Future<List<MailboxEntry>> read(LiveAccount account, long position) {
    long from =
        Math.min(
            ago(REPEATED_WITHIN),
            position == 0 ? Long.MAX_VALUE : Math.max(position + 1, ago(HANDED_WITHIN)));
    return retries
        .untilDone("read the end of the log", () -> since(account, from))
        .onSuccess(entries -> remember(account, entries));
  }

  /** The same for an account without sessions, of which only repetitions have to be told. */
  public Future<Void> known(LiveAccount account) {
    return account.isTailKnown() ? Future.succeededFuture() : read(account, 0).mapEmpty();
  }

  /** Whether the sender of what has this id in the log may still be repeating it. */
  public boolean mayBeRepeated(long position) {
    return position >= ago(REPEATED_WITHIN);
  }

  private long ago(Duration duration) {
    return clock.millis() - duration.toMillis() << 16;
  }

  private Future<List<MailboxEntry>> since(LiveAccount account, long from) {
    return stores
        .mailboxes()
        .since(account.jid(), from)
        .recover(
            failure ->
                failure instanceof TooManyEntriesException
                    ? pages(account, from - 1, new ArrayList<>())
                    : Future.failedFuture(failure));
  }

  private Future<List<MailboxEntry>> pages(
      LiveAccount account, long after, List<MailboxEntry> found) {
    return stores
        .mailboxes()
        .read(account.jid(), after, PAGE)
        .compose(
            page -> {
              found.addAll(page);
              return page.size() < PAGE
                  ? Future.succeededFuture(found)
                  : pages(account, page.get(PAGE - 1).id(), found);
            });
  }

  private void remember(LiveAccount account, List<MailboxEntry> entries) {
    account.tailKnown();
    for (MailboxEntry entry : entries) {
      account.logged(entry.id());
      if (entry.origin() != 0) {
        long key = key(entry.origin(), entry.outgoing());
        if (!origins.contains(key)) {
          origins.add(key);
        }
      }
    }
  }

  /** Sender and recipient may be on one loop: the two sides of a stanza are told apart. */
  public static long key(long origin, boolean outgoing) {
    return outgoing ? ~origin : origin;
  }

  /** What was copied because of a client's stanza has a name of its own, on either side. */
  public static long copyKey(long origin, boolean outgoing) {
    return origin == 0 ? 0 : key(origin ^ COPIES, outgoing);
  }
}

package io.rookery.router.push;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.LiveAccounts;
import io.rookery.storage.push.PushProgress;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tells app servers: of a registration one notification at a time, the next when the one before has
 * been answered, and what has come meanwhile with that. What is under way is in the registration as
 * it is stored, so that every owner of the account understands the answer.
 */
final class Publisher {
  /** Begins the ids of notifications: nothing else that is answered to an account is ours. */
  static final String PREFIX = "push-";

  static final long ANSWER_MILLIS = 60_000;

  /** After a failure; twice as long after each further one. */
  static final long FIRST_PAUSE_MILLIS = 60_000;

  static final long MAX_PAUSE_MILLIS = 6 * 3_600_000;

  /** In a row: the service has been away for about a day. */
  static final int MAX_FAILURES = 12;

  private final StoredRegistrations stored;
  private final LiveAccounts accounts;
  private final Routes routes;
  private final Notification notification;
  private final Alarm alarm;
  private final Clock clock;
  private final Supplier<String> ids;
  private final Counter sent;
  private final Counter failed;
  private final Counter removed;

  Publisher(
      StoredRegistrations stored,
      LiveAccounts accounts,
      Routes routes,
      Notification notification,
      Alarm alarm,
      Clock clock,
      Supplier<String> ids,
      MeterRegistry meters) {
    this.stored = stored;
    this.accounts = accounts;
    this.routes = routes;
    this.notification = notification;
    this.alarm = alarm;
    this.clock = clock;
    this.ids = ids;
    this.sent = counter("sent", meters);
    this.failed = counter("failed", meters);
    this.removed = counter("removed", meters);
  }

  private static Counter counter(String outcome, MeterRegistry meters) {
    return Counter.builder("rookery.pushes")
        .description("Push notifications, failures of them, and registrations removed for one")
        .tag("outcome", outcome)
        .register(meters);
  }

  /**
   * Tells the service what is due, now or when that is possible.
   *
   * @return true when the registration has changed and is saved as it is now
   */
  boolean attempt(LiveAccount account, Registration one) {
    if (!one.isDue() || one.isConnected(account)) {
      return false;
    }
    long now = clock.millis();
    long wait = next(one.progress()) - now;
    if (wait > 0) {
      if (!one.hasAlarm()) {
        wake(account, one, wait);
      }
      return false;
    }
    if (one.progress().isUnderway()) {
      failed(account, one);
      return true;
    }
    return publish(account, one);
  }

  /** When the answer is overdue, or the pause after a failure is over. */
  private static long next(PushProgress progress) {
    long last = progress.published().toEpochMilli();
    if (progress.isUnderway()) {
      return last + ANSWER_MILLIS;
    }
    int failures = progress.failures();
    return failures == 0 ? 0 : last + pause(failures);
  }

  private static long pause(int failures) {
    return Math.min(FIRST_PAUSE_MILLIS << Math.min(failures - 1, 16), MAX_PAUSE_MILLIS);
  }

  private boolean publish(LiveAccount account, Registration one) {
    long pending = account.contacts().stream().filter(item -> item.pendingIn() != null).count();
    if (one.progress().unread() == 0 && pending == 0) {
      return false;
    }
    String id = PREFIX + ids.get();
    Stanza iq = notification.publish(account.jid(), one, id, pending);
    one.published(id, Instant.ofEpochMilli(clock.millis()));
    wake(account, one, ANSWER_MILLIS);
    stored.save(account, one).onSuccess(v -> send(account, one, iq));
    return true;
  }

  /** Once it is stored, unless the client has disabled it meanwhile. */
  private void send(LiveAccount account, Registration one, Stanza iq) {
    if (account.get(Registrations.KEY).contains(one)) {
      sent.increment();
      routes.route(iq);
    }
  }

  private void wake(LiveAccount account, Registration one, long millis) {
    one.alarm(alarm.set(account.jid(), millis, () -> rang(account, one)));
  }

  private void rang(LiveAccount account, Registration one) {
    one.rang();
    if (!accounts.has(account)) {
      again(account.jid()); // forgotten meanwhile, with all that was known of it
      return;
    }
    accounts.run(
        account.jid(),
        Level.EXISTENCE,
        loaded -> {
          if (!account.get(Registrations.KEY).contains(one)) {
            return; // removed while the account was waited for
          }
          boolean overdue = one.progress().isUnderway() && next(one.progress()) <= clock.millis();
          if (overdue) {
            failed(account, one);
          } else {
            attempt(account, one);
          }
        });
  }

  /** Goes on with what waits for an account, of which nothing need be in memory. */
  void again(Jid user) {
    accounts.run(
        user,
        Level.EXISTENCE,
        loaded -> {
          if (loaded.exists()) {
            stored.with(loaded, all -> again(loaded, all), () -> {});
          }
        });
  }

  private void again(LiveAccount account, Registrations all) {
    List<Registration> waiting = all.all().stream().filter(Registration::waits).toList();
    if (waiting.isEmpty()) {
      stored.waitsNoMore(account);
    }
    for (Registration one : waiting) {
      one.due();
      attempt(account, one);
    }
  }

  /** An answer that came to the account; true when it is one to a notification. */
  boolean answered(LiveAccount account, Registrations all, Stanza answer) {
    Registration one = all.underway(answer.from(), answer.id());
    if (one == null) {
      return false;
    }
    one.noAlarm();
    if (answer.type() == StanzaType.IQ_RESULT) {
      boolean waited = one.waits();
      one.progress(one.progress().taken());
      if (waited && all.all().stream().noneMatch(Registration::waits)) {
        stored.waitsNoMore(account);
      }
      if (!attempt(account, one)) {
        stored.save(account, one);
      }
    } else if (PublishError.isPermanent(answer)) {
      failed.increment();
      remove(account, one);
    } else {
      failed(account, one);
    }
    return true;
  }

  /** It may work later: what was to be told is still due. */
  private void failed(LiveAccount account, Registration one) {
    failed.increment();
    one.progress(one.progress().failed());
    if (one.progress().failures() >= MAX_FAILURES) {
      remove(account, one);
      return;
    }
    one.due();
    stored.save(account, one);
    if (one.progress().failures() == 1) {
      stored.waits(account);
    }
    wake(account, one, Math.max(1, next(one.progress()) - clock.millis()));
  }

  private void remove(LiveAccount account, Registration one) {
    removed.increment();
    stored.remove(account, List.of(one));
  }
}

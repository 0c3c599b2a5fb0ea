package io.rookery.router.push;

import io.rookery.protocol.jid.Jid;
import java.time.Clock;
import java.util.List;

/**
 * What owners before have not been able to tell app servers: whoever owns the accounts now tries
 * again, one account after the other, so that others who log in at the time do not have to wait.
 */
final class LeftBehind {
  /** Between two accounts; each costs some reads. */
  static final long PAUSE_MILLIS = 10;

  private final StoredRegistrations stored;
  private final Publisher publisher;
  private final Alarm alarm;
  private final Clock clock;
  private long last;

  LeftBehind(StoredRegistrations stored, Publisher publisher, Alarm alarm, Clock clock) {
    this.stored = stored;
    this.publisher = publisher;
    this.alarm = alarm;
    this.clock = clock;
  }

  void gained(int partition) {
    stored.waiting(partition).onSuccess(this::again);
  }

  private void again(List<Jid> users) {
    long now = clock.millis();
    for (Jid user : users) {
      last = Math.max(now, last) + PAUSE_MILLIS;
      alarm.set(user, last - now, () -> publisher.again(user));
    }
  }
}

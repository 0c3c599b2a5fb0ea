package io.rookery.router.push;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.router.client.SessionClient;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.push.PushProgress;
import io.rookery.storage.push.PushRegistration;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.function.Supplier;

/** A registration at the account's owner, on its loop. */
final class Registration {
  private PushRegistration stored;

  /** Something has come that the service has not been told. */
  private boolean due;

  private Stanza latest;
  private Runnable alarm;
  private Future<Void> saved = Future.succeededFuture();
  private boolean saveWaits;

  Registration(PushRegistration stored) {
    this.stored = stored;
  }

  PushRegistration stored() {
    return stored;
  }

  PushProgress progress() {
    return stored.progress();
  }

  /** Enabled once more. */
  void replace(PushRegistration with) {
    stored = with;
    forget();
  }

  void progress(PushProgress next) {
    stored = stored.with(next);
  }

  boolean isDue() {
    return due;
  }

  /** An earlier try has failed, or has not been answered, and there still is something to tell. */
  boolean waits() {
    return progress().unread() > 0 && (progress().failures() > 0 || progress().isUnderway());
  }

  /** The service is to be told. */
  void due() {
    due = true;
  }

  /** The service is being told. */
  void published(String id, Instant now) {
    due = false;
    progress(progress().published(id, now));
  }

  /**
   * Messages wait for the client.
   *
   * @param message the last one, null when nothing may be said of it
   */
  void unread(int count, Stanza message) {
    progress(progress().withUnread(count));
    latest = message;
    due = true;
  }

  /** The client is there: it sees for itself. True when that changes something. */
  boolean seen() {
    boolean changed = progress().unread() > 0;
    progress(progress().withUnread(0));
    forget();
    return changed;
  }

  private void forget() {
    latest = null;
    due = false;
  }

  /** The last message, null when it is not known or nothing may be said of it. */
  Stanza latest() {
    return latest;
  }

  /** Whether that is a session of the client that has enabled it. */
  boolean isOf(Session session) {
    String client = session.get(SessionClient.ID);
    return stored.client().isEmpty() || client.isEmpty()
        ? session.jid().resource().equals(stored.resource())
        : client.equals(stored.client());
  }

  /** The client has a stream: whether somebody looks at it (XEP-0352) makes no difference. */
  boolean isConnected(LiveAccount account) {
    for (Session session : account.sessions()) {
      if (session.isConnected() && isOf(session)) {
        return true;
      }
    }
    return false;
  }

  boolean hasAlarm() {
    return alarm != null;
  }

  /** In the place of one that is set already. */
  void alarm(Runnable cancel) {
    noAlarm();
    alarm = cancel;
  }

  void rang() {
    alarm = null;
  }

  void noAlarm() {
    if (alarm != null) {
      alarm.run();
      alarm = null;
    }
  }

  /**
   * Saves it as it is when its turn comes: what changes until then is saved with it.
   *
   * @param save begins to wait for its turn
   */
  Future<Void> save(Supplier<Future<Void>> save) {
    if (!saveWaits) {
      saveWaits = true;
      saved = save.get().onFailure(tooMuchWaits -> saveWaits = false);
    }
    return saved;
  }

  /** Its turn has come. */
  void saving() {
    saveWaits = false;
  }
}

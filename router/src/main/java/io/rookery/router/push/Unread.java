package io.rookery.router.push;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.wire.Unacked;
import io.rookery.router.login.StreamListener;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import java.util.List;

/**
 * Counts what clients miss while they have no stream, and has their services told. The count is
 * stored with each registration; it begins anew when the client is there.
 */
final class Unread implements StreamListener {
  private final StoredRegistrations stored;
  private final Publisher publisher;
  private final Notification notification;

  Unread(StoredRegistrations stored, Publisher publisher, Notification notification) {
    this.stored = stored;
    this.publisher = publisher;
    this.notification = notification;
  }

  /** A message for the account that is kept, or delivered to some of its sessions. */
  void message(LiveAccount account, Stanza message) {
    Registrations known = account.get(Registrations.KEY);
    boolean first = known.missed(notification.ofInterest(message));
    if (known.isRead()) {
      count(account, known);
    } else if (first) { // those that come meanwhile are counted with it
      stored.with(account, read -> count(account, read), known::takeMissed);
    }
  }

  private void count(LiveAccount account, Registrations registrations) {
    Stanza latest = registrations.latestMissed();
    int count = registrations.takeMissed();
    for (Registration one : registrations.all()) {
      if (one.isConnected(account)) {
        seen(account, one);
      } else {
        one.unread(one.progress().unread() + count, latest);
        tell(account, one);
      }
    }
  }

  private void tell(LiveAccount account, Registration one) {
    if (!publisher.attempt(account, one)) {
      stored.save(account, one);
    }
  }

  /** Somebody waits for the user's answer: nothing is counted, but who is away learns of it. */
  void requested(LiveAccount account) {
    if (account.get(Registrations.KEY).mayBeAny()) {
      stored.with(
          account,
          read ->
              read.all()
                  .forEach(
                      one -> {
                        if (!one.isConnected(account)) {
                          one.due();
                          publisher.attempt(account, one);
                        }
                      }),
          () -> {});
    }
  }

  /** The client that has the session is there. */
  void seen(LiveAccount account, Session session) {
    account.get(Registrations.KEY).of(session).forEach(one -> seen(account, one));
  }

  private void seen(LiveAccount account, Registration one) {
    if (one.seen()) {
      stored.save(account, one);
    }
  }

  /** What was sent and is not acknowledged may not have come. */
  @Override
  public void lost(LiveAccount account, Session session) {
    if (concerns(account, session)) {
      stored.with(
          account, read -> read.of(session).forEach(one -> lost(account, session, one)), () -> {});
    }
  }

  private void lost(LiveAccount account, Session session, Registration one) {
    List<Stanza> waiting =
        session.outbox().unacked().stream()
            .map(Unacked::stanza)
            .filter(stanza -> stanza.isMessage() && Urgency.wakes(account.jid(), stanza))
            .toList();
    // Not what an owner before has counted already.
    if (waiting.size() > one.progress().unread() && !one.isConnected(account)) {
      Stanza latest = waiting.get(waiting.size() - 1);
      one.unread(waiting.size(), notification.ofInterest(latest));
      tell(account, one);
    }
  }

  @Override
  public void back(LiveAccount account, Session session) {
    if (concerns(account, session)) {
      stored.with(account, read -> read.of(session).forEach(one -> seen(account, one)), () -> {});
    }
  }

  /** Nothing is read for a session that has not asked for notifications. */
  private static boolean concerns(LiveAccount account, Session session) {
    return account.get(Registrations.KEY).mayBeAny()
        && (account.get(Registrations.KEY).isRead() || session.get(PushNotifications.ENABLED));
  }
}

package io.rookery.router.login;

import io.rookery.cluster.Bus;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.router.mailbox.OfflineMessages;
import io.rookery.router.presence.Presences;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Session;
import io.rookery.router.session.Stores;
import io.rookery.storage.activity.LastActivity;
import java.time.Clock;

/** What happens when a session ends, however it ends. */
public final class SessionEnd {
  private final Bus bus;
  private final Stores stores;
  private final Retries retries;
  private final LiveAccounts accounts;
  private final Presences presences;
  private final OfflineMessages offline;
  private final Clock clock;

  public SessionEnd(
      Bus bus,
      Stores stores,
      Retries retries,
      LiveAccounts accounts,
      Presences presences,
      OfflineMessages offline,
      Clock clock) {
    this.bus = bus;
    this.stores = stores;
    this.retries = retries;
    this.accounts = accounts;
    this.presences = presences;
    this.offline = offline;
    this.clock = clock;
  }

  /** Ends the session and its stream. */
  public void close(LiveAccount account, Session session, StreamError error) {
    bus.send(session.connector(), new ToConnector.EndStream(session.stream(), error));
    ended(account, session);
  }

  /** The stream is gone: contacts see the session leave. */
  public void ended(LiveAccount account, Session session) {
    if (!accounts.remove(account, session)) {
      return;
    }
    Stanza presence = Stanza.of(StanzaType.PRESENCE_UNAVAILABLE, session.jid(), null, null);
    presences.left(account, session, presence);
    if (account.sessions().isEmpty() && account.exists()) {
      remember(account);
    }
  }

  private void remember(LiveAccount account) {
    LastActivity activity = new LastActivity(clock.instant(), account.lastStatus());
    retries.untilDone(
        "record last activity", () -> stores.lastActivities().record(account.jid(), activity));
    if (account.lastTaken() > 0) {
      offline.moveCursor(account.jid(), account.lastTaken());
    }
  }
}

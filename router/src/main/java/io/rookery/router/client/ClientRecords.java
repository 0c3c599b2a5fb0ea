package io.rookery.router.client;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.extension.AccountView;
import io.rookery.router.session.Session;
import io.rookery.storage.token.KnownClient;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers for a while which clients have logged in to an account, for its user to see (XEP-0494).
 * Only those that say who they are can be told from each other.
 */
public final class ClientRecords {
  private static final Logger LOG = LoggerFactory.getLogger(ClientRecords.class);

  /** Of an account; one more takes the place of that which was seen least recently. */
  static final int MAX_CLIENTS = 50;

  /** When a client was seen last is right to this: coming and going costs no writes. */
  static final Duration PRECISION = Duration.ofHours(1);

  private final LoginTokens store;
  private final Duration kept;
  private final Clock clock;

  /**
   * @param kept how long after a login; zero for not at all
   */
  public ClientRecords(LoginTokens store, Duration kept, Clock clock) {
    this.store = store;
    this.kept = kept;
    this.clock = clock;
  }

  /** The client of a session has logged in. No login waits for it, or fails with it. */
  public void seen(AccountView account, Session session) {
    if (kept.isZero() || account.isAnonymous() || session.get(SessionClient.ID).isEmpty()) {
      return;
    }
    account
        .inTurn(
            () -> store.clients(account.jid()).compose(all -> seen(account.jid(), session, all)))
        .onFailure(
            e -> LOG.warn("a client of {} is not remembered: {}", account.jid(), e.toString()));
  }

  private Future<Void> seen(Jid account, Session session, List<KnownClient> all) {
    String id = session.get(SessionClient.ID);
    KnownClient before =
        all.stream().filter(one -> one.client().equals(id)).findFirst().orElse(null);
    KnownClient now = client(session, before);
    if (before != null && isAsBefore(before, now)) {
      return Future.succeededFuture();
    }
    return store
        .putClient(account, now, kept)
        .compose(v -> before == null ? makeRoom(account, all) : Future.succeededFuture());
  }

  private KnownClient client(Session session, KnownClient before) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new KnownClient(
        session.get(SessionClient.ID),
        SessionClient.orNull(session.get(SessionClient.SOFTWARE)),
        SessionClient.orNull(session.get(SessionClient.DEVICE)),
        before == null ? now : before.firstSeen(),
        now,
        before != null && before.password() || !session.get(SessionClient.BY_TOKEN));
  }

  private static boolean isAsBefore(KnownClient before, KnownClient now) {
    return before.password() == now.password()
        && Objects.equals(before.software(), now.software())
        && Objects.equals(before.device(), now.device())
        && now.lastSeen().isBefore(before.lastSeen().plus(PRECISION));
  }

  private Future<Void> makeRoom(Jid account, List<KnownClient> all) {
    return all.size() < MAX_CLIENTS
        ? Future.succeededFuture()
        : store.removeClient(
            account,
            all.stream().min(Comparator.comparing(KnownClient::lastSeen)).orElseThrow().client());
  }
}

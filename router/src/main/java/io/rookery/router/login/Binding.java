package io.rookery.router.login;

import io.rookery.cluster.Bus;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stream.StreamError;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.RouterConfig;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Records;
import io.rookery.router.session.Session;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;

/** Resource binding (RFC 6120, section 7) at the account's owner. */
public final class Binding {
  private final Bus bus;
  private final LiveAccounts accounts;
  private final SessionEnd sessionEnd;
  private final RouterConfig config;
  private final Supplier<String> ids;
  private final Admission admission;
  private final Records records;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * @param ids for resources that the server makes: hard to guess
   */
  public Binding(
      Bus bus,
      LiveAccounts accounts,
      SessionEnd sessionEnd,
      RouterConfig config,
      Supplier<String> ids,
      Admission admission,
      Records records,
      Clock clock,
      SecureRandom random) {
    this.bus = bus;
    this.accounts = accounts;
    this.sessionEnd = sessionEnd;
    this.config = config;
    this.ids = ids;
    this.admission = admission;
    this.records = records;
    this.clock = clock;
    this.random = random;
  }

  /** Binds once the account and its roster are in memory. */
  public void bind(LoopAddress from, ToRouter.Bind bind) {
    accounts.authenticated(bind.account());
    if (accounts.ready(bind.account()) != null) {
      accounts.run(bind.account(), Level.ROSTER, account -> bind(account, from, bind));
      return;
    }
    admission
        .admit(() -> loaded(bind, from))
        .onFailure(busy -> refuse(from, bind, StanzaError.Condition.RESOURCE_CONSTRAINT));
  }

  private Future<Void> loaded(ToRouter.Bind bind, LoopAddress from) {
    Promise<Void> loaded = Promise.promise();
    boolean accepted =
        accounts.run(
            bind.account(),
            Level.ROSTER,
            account -> {
              loaded.complete();
              bind(account, from, bind);
            });
    return accepted ? loaded.future() : Future.failedFuture("too much waits for the account");
  }

  private void bind(LiveAccount account, LoopAddress from, ToRouter.Bind bind) {
    if (!account.exists()) {
      refuse(from, bind, StanzaError.Condition.NOT_ALLOWED); // removed since it logged in
      return;
    }
    Jid jid;
    try {
      jid = account.jid().withResource(bind.resource() == null ? ids.get() : bind.resource());
    } catch (InvalidJidException e) {
      refuse(from, bind, StanzaError.Condition.BAD_REQUEST);
      return;
    }
    Session holder = account.session(jid.resource());
    if (holder != null) {
      if (holder.isConnected()
          && config.resourceConflict() == RouterConfig.ResourceConflict.REFUSE) {
        refuse(from, bind, StanzaError.Condition.CONFLICT);
        return;
      }
      sessionEnd.close(account, holder, StreamError.of(StreamError.Condition.CONFLICT));
    }
    if (account.sessions().size() >= config.maxSessionsPerUser() && !makeRoom(account)) {
      refuse(from, bind, StanzaError.Condition.RESOURCE_CONSTRAINT);
      return;
    }
    long now = clock.millis();
    Session session = new Session(jid, random.nextLong(), from, bind.stream(), bind.peer(), now);
    session.position(account.nextMailboxId(now)); // what is in the log before is not for it
    session.watch(records::changed);
    accounts.add(account, session);
    records.changed(session);
    bus.send(from, new ToConnector.Bound(bind.stream(), jid));
  }

  /** Ends the session that has waited longest to be resumed; false when none waits. */
  private boolean makeRoom(LiveAccount account) {
    Optional<Session> longest =
        account.sessions().stream()
            .filter(session -> !session.isConnected())
            .min(Comparator.comparingLong(Session::waitsSince));
    longest.ifPresent(session -> sessionEnd.ended(account, session));
    return longest.isPresent();
  }

  private void refuse(LoopAddress from, ToRouter.Bind bind, StanzaError.Condition condition) {
    bus.send(from, new ToConnector.BindRefused(bind.stream(), StanzaError.of(condition)));
  }
}

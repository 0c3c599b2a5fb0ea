package io.rookery.router.delivery;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.account.AccountRemoval;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.login.SessionEnd;
import io.rookery.router.presence.Presences;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one interpreter of what extensions want done. */
public final class Effects {
  private static final Logger LOG = LoggerFactory.getLogger(Effects.class);

  private final Routes routes;
  private final AccountRemoval removal;
  private final SessionEnd sessionEnd;
  private final Presences presences;

  public Effects(
      Routes routes, AccountRemoval removal, SessionEnd sessionEnd, Presences presences) {
    this.routes = routes;
    this.removal = removal;
    this.sessionEnd = sessionEnd;
    this.presences = presences;
  }

  /**
   * Performs effects for an account, in their order; one that fails does not stop the others.
   *
   * @return completes when those that take time are done, too; fails when one of them could not be
   */
  public Future<Void> perform(AccountView account, List<Effect> effects) {
    List<Future<?>> later = new ArrayList<>(0);
    for (Effect effect : effects) {
      try {
        if (effect instanceof Effect.InTurn work) {
          later.add(inTurn(account, work));
        } else {
          perform(account, effect);
        }
      } catch (RuntimeException e) {
        LOG.error("bug: {} for {} failed", effect.getClass().getSimpleName(), account.jid(), e);
      }
    }
    return later.isEmpty() ? Future.succeededFuture() : Future.join(later).mapEmpty();
  }

  private void perform(AccountView account, Effect effect) {
    if (effect instanceof Effect.Send send) {
      routes.route(send.stanza());
    } else if (effect instanceof Effect.ToAccounts to) {
      routes.fanout(to.stanza(), to.accounts());
    } else if (effect instanceof Effect.ToSession to) {
      Session session = session(account, to.session().resource());
      if (session != null) {
        routes.toSession(session, to.stanza());
      }
    } else if (effect instanceof Effect.ToSessions to) {
      toSessions(account, to);
    } else if (effect instanceof Effect.EndSession end) {
      Session session = session(account, end.session().resource());
      if (session != null) {
        sessionEnd.close((LiveAccount) account, session, end.error());
      }
    } else if (effect instanceof Effect.SetState<?> set) {
      set(account, set);
    } else if (effect instanceof Effect.SetPhoto set) {
      ((LiveAccount) account).photo(set.hash());
    } else if (effect instanceof Effect.Announce announce) {
      Session session = session(account, announce.session().resource());
      if (session != null) {
        presences.announce((LiveAccount) account, session, announce.presence(), announce.kept());
      }
    } else if (effect instanceof Effect.RemoveAccount) {
      removal.remove((LiveAccount) account);
    }
  }

  private Future<Void> inTurn(AccountView account, Effect.InTurn later) {
    return account
        .inTurn(later.work())
        .compose(effects -> perform(account, effects))
        .onFailure(e -> notDone(account, e));
  }

  /** Who sends too much is not worth a line for each of it. */
  private static void notDone(AccountView account, Throwable cause) {
    if (cause instanceof StorageOverloadedException) {
      LOG.debug("too much to do for {}", account.jid());
    } else {
      LOG.warn("not done for {}: {}", account.jid(), cause.toString());
    }
  }

  private void toSessions(AccountView account, Effect.ToSessions effect) {
    List<Session> sessions = new ArrayList<>(effect.sessions().size());
    List<Jid> addressees = new ArrayList<>(effect.sessions().size());
    for (Jid jid : effect.sessions()) {
      Session session = session(account, jid.resource());
      if (session != null) {
        sessions.add(session);
        addressees.add(jid);
      }
    }
    if (!sessions.isEmpty()) {
      routes.toSessions(effect.stanza(), sessions, addressees, effect.origin());
    }
  }

  private static <T> void set(AccountView account, Effect.SetState<T> effect) {
    Session session = session(account, effect.session().resource());
    if (session != null) {
      session.put(effect.key(), effect.value());
    }
  }

  private static Session session(AccountView account, String resource) {
    return ((LiveAccount) account).session(resource);
  }
}

package io.rookery.router.delivery;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.routing.Routes;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.vertx.core.Future;
import java.util.List;

/** Answers the IQ requests that the server answers, for itself or for an account. */
public final class Requests {
  private final IqDispatcher dispatcher;
  private final Effects effects;
  private final Routes routes;

  public Requests(IqDispatcher dispatcher, Effects effects, Routes routes) {
    this.dispatcher = dispatcher;
    this.effects = effects;
    this.routes = routes;
  }

  /**
   * @param account whose account is asked; for a server the sender's own
   * @param session the sender's, when it is one of the account's own; otherwise null
   * @param origin of what an own client asks, 0 for others
   * @return completes when the reply has been sent; never fails
   */
  public Future<Void> answer(
      Stanza iq, IqTarget target, LiveAccount account, Session session, long origin) {
    return dispatcher
        .answer(iq, target, account, session, origin)
        .map(
            reply -> {
              effects.perform(account, reply.before());
              send(iq, reply, account, session);
              effects.perform(account, reply.effects());
              return null;
            });
  }

  /**
   * Answers a request that was sent to many accounts for all of them at once.
   *
   * @return false when each account has to be asked
   */
  public boolean answerMany(Stanza iq, List<Jid> accounts) {
    Future<List<Stanza>> answers = dispatcher.answerMany(iq, accounts);
    if (answers == null) {
      return false;
    }
    answers.onSuccess(stanzas -> stanzas.forEach(routes::route));
    return true;
  }

  /**
   * Takes a message that a client sent to its own account, if it is for the account and not for the
   * user.
   *
   * @return completes when what it says is done; null when it is a message as any other
   */
  public Future<Void> ownMessage(Stanza message, LiveAccount account) {
    Future<List<Effect>> taken = dispatcher.ownMessage(message, account);
    return taken == null
        ? null
        : taken.map(
            result -> {
              effects.perform(account, result);
              return null;
            });
  }

  private void send(Stanza iq, IqReply reply, LiveAccount account, Session session) {
    if (isOfAnAccount(iq)) {
      return;
    }
    Stanza stanza = reply.to(iq);
    if (iq.to() == null) {
      stanza = stanza.withFrom(account.jid()); // RFC 6120, section 8.1.2.1
    }
    if (session != null) {
      routes.toSession(session, stanza);
    } else {
      routes.route(stanza);
    }
  }

  /** Asked by one account's owner, not by a client: nobody would read the reply. */
  private boolean isOfAnAccount(Stanza iq) {
    return iq.from().isBare() && !iq.from().isDomain() && routes.serves(iq.from());
  }
}

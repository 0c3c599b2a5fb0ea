package io.rookery.router.dispatch;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqHandler;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.ManyAccountsHandler;
import io.rookery.router.extension.SessionView;
import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds who answers an IQ request, and sees to it that there is exactly one answer; and who takes
 * what clients tell their own accounts otherwise.
 */
public final class IqDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(IqDispatcher.class);

  private final Extensions extensions;

  public IqDispatcher(Extensions extensions) {
    this.extensions = extensions;
  }

  /**
   * Answers a get or set. The future never fails.
   *
   * @param account whose account is asked, null for a server
   * @param session the sender's, when it is one of the account's own; otherwise null
   */
  public Future<IqReply> answer(
      Stanza iq, IqTarget target, AccountView account, SessionView session) {
    return answer(iq, target, account, session, 0);
  }

  /**
   * The same for a request of one of the account's own clients.
   *
   * @param origin see {@link IqRequest}
   */
  public Future<IqReply> answer(
      Stanza iq, IqTarget target, AccountView account, SessionView session, long origin) {
    Payload payload = iq.payload();
    if (payload.childCount() != 1 || iq.id() == null) {
      return Future.succeededFuture(IqReply.error(StanzaError.Condition.BAD_REQUEST));
    }
    IqHandler handler =
        extensions.handler(iq.type(), payload.namespace(0), payload.name(0), target);
    if (handler == null) {
      return Future.succeededFuture(IqReply.error(StanzaError.Condition.SERVICE_UNAVAILABLE));
    }
    return call(handler, new IqRequest(iq, payload.element(0), target, account, session, origin))
        .otherwise(failure -> failed(iq, failure));
  }

  /**
   * Answers a request to many accounts, if it is one that is answered for all of them at once.
   *
   * @return null when each is to be asked; never fails
   */
  public Future<List<Stanza>> answerMany(Stanza iq, List<Jid> accounts) {
    Payload payload = iq.payload();
    ManyAccountsHandler handler =
        payload.childCount() != 1
            ? null
            : extensions.manyAccountsHandler(iq.type(), payload.namespace(0), payload.name(0));
    return handler == null
        ? null
        : call(handler, iq, accounts)
            .otherwise(
                failure -> {
                  failed(iq, failure);
                  return List.of();
                });
  }

  private static Future<List<Stanza>> call(
      ManyAccountsHandler handler, Stanza iq, List<Jid> accounts) {
    try {
      return handler.handle(iq, accounts);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /**
   * Shows a message that a client sent to its own account to who may take it.
   *
   * @return null when nobody does
   */
  public Future<List<Effect>> ownMessage(Stanza message, AccountView account) {
    for (Manifest.OwnMessageRoute route : extensions.ownMessageRoutes()) {
      if (message.payload().has(route.namespace(), route.name())) {
        Future<List<Effect>> taken = route.handler().handle(message, account);
        if (taken != null) {
          return taken;
        }
      }
    }
    return null;
  }

  private static Future<IqReply> call(IqHandler handler, IqRequest request) {
    try {
      return handler.handle(request).map(reply -> Objects.requireNonNull(reply, "one reply"));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static IqReply failed(Stanza iq, Throwable failure) {
    if (failure instanceof StorageOverloadedException) {
      return IqReply.error(StanzaError.Condition.RESOURCE_CONSTRAINT);
    }
    LOG.error(
        "request {} {} of {} failed",
        iq.payload().name(0),
        iq.payload().namespace(0),
        iq.from(),
        failure);
    return IqReply.error(StanzaError.Condition.INTERNAL_SERVER_ERROR);
  }
}

package io.rookery.router.extension;

import io.rookery.protocol.stanza.Stanza;
import io.vertx.core.Future;
import java.util.List;

/** Takes what a client tells its own account by a message, such as a form that is filled in. */
@FunctionalInterface
public interface OwnMessageHandler {

  /**
   * @param message from one of the account's clients to the account's bare address
   * @return what is to be done, the message counts as handled then; null when it is a message to
   *     the user as any other
   */
  Future<List<Effect>> handle(Stanza message, AccountView account);
}

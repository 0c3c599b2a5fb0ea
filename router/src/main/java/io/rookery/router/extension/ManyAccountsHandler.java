package io.rookery.router.extension;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.vertx.core.Future;
import java.util.List;

/**
 * Answers a request that the owner of one account has sent to many ({@link Effect.ToAccounts}), for
 * all of those that this loop owns. They are not loaded for it, and no hook has seen the request:
 * whom they block is for the handler to see. A failed future is logged; nobody waits for a reply.
 */
@FunctionalInterface
public interface ManyAccountsHandler {

  /**
   * @param request not addressed
   * @return stanzas to be sent
   */
  Future<List<Stanza>> handle(Stanza request, List<Jid> accounts);
}

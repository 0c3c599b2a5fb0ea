package io.rookery.router.roster;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.vertx.core.Future;

/** Decides about requests for a user's presence in the place of the user. */
@FunctionalInterface
public interface Approval {

  /**
   * Whether a request is approved without asking the user, who then asks for the contact's presence
   * in return.
   *
   * @param user the bare address
   * @param request a presence stanza of type subscribe
   * @return never fails; already complete when the request has nothing for this
   */
  Future<Boolean> approves(Jid user, Stanza request);
}

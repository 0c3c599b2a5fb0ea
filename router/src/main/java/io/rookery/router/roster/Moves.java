package io.rookery.router.roster;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.router.extension.Relations;
import io.vertx.core.Future;

/**
 * Knows who has moved to another address (XEP-0283). What is not known is none; the answers never
 * fail. Other stanzas for the user wait for them, so they come soon.
 */
public interface Moves {

  /** Nobody moves. */
  Moves NONE =
      new Moves() {
        @Override
        public Future<Jid> newAddress(Relations user, Jid asker) {
          return Future.succeededFuture();
        }

        @Override
        public Future<Jid> oldAddress(Relations user, Stanza request) {
          return Future.succeededFuture();
        }
      };

  /**
   * Where the user is now.
   *
   * @param asker bare address
   * @return null when the user is here, or does not tell the asker
   */
  Future<Jid> newAddress(Relations user, Jid asker);

  /**
   * Where a contact of the user's was before.
   *
   * @param request of type subscribe, from where he is now
   * @return the bare address of one who may see the user's presence; null when the request does not
   *     tell of any, or it is not true
   */
  Future<Jid> oldAddress(Relations user, Stanza request);
}

package io.rookery.router.pubsub;

import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * Learns what clients publish, remove and configure at some nodes, once it is stored and in the
 * same turn of the account. What is published by {@link ServerPublications} it does not learn: so
 * no conversion sets off another.
 */
public interface NodeListener {

  /** Names of the nodes. Of each there is one listener at most. */
  Set<String> nodes();

  /**
   * @return what is to be done after the client has its reply
   */
  Future<List<Effect>> changed(AccountView account, NodeChange change);

  /** The owner asks for a node that is not there; perhaps what is stored elsewhere makes it. */
  default Future<List<Effect>> missing(AccountView account, String node) {
    return Future.succeededFuture(List.of());
  }
}

package io.rookery.router.pubsub;

import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.session.Retries;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells those who listen to a node. */
final class NodeListeners {
  private final Map<String, NodeListener> byNode = new HashMap<>();

  private final Retries retries;

  /**
   * @throws IllegalArgumentException when two listen to one node
   */
  NodeListeners(List<NodeListener> all, Retries retries) {
    this.retries = retries;
    for (NodeListener listener : all) {
      for (String node : listener.nodes()) {
        if (byNode.put(node, listener) != null) {
          throw new IllegalArgumentException("two listeners to " + node);
        }
      }
    }
  }

  /** Lets the listener make a node that is not there, in the account's turn. */
  Future<List<Effect>> make(AccountView account, String node) {
    NodeListener listener = byNode.get(node);
    return listener == null
        ? Future.succeededFuture(List.of())
        : account.inTurn(() -> listener.missing(account, node));
  }

  /** The reply, with what the listener wants done; what has been written is not taken back. */
  Future<IqReply> tell(AccountView account, NodeChange change, IqReply reply) {
    NodeListener listener = byNode.get(change.node());
    return listener == null || reply.error() != null
        ? Future.succeededFuture(reply)
        : retries
            .untilDone("tell of " + change.node(), () -> listener.changed(account, change))
            .map(reply::and);
  }
}

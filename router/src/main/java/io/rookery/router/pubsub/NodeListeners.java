package io.rookery.router.pubsub;

import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells those who listen to a node. */
final class NodeListeners {
  private final Map<String, NodeListener> byNode = new HashMap<>();

  /**
   * @throws IllegalArgumentException when two listen to one node
   */
  NodeListeners(List<NodeListener> all) {
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

  /** The reply, with what the listener wants done. */
  Future<IqReply> tell(AccountView account, NodeChange change, IqReply reply) {
    NodeListener listener = byNode.get(change.node());
    return listener == null || reply.error() != null
        ? Future.succeededFuture(reply)
        : listener.changed(account, change).map(reply::and);
  }
}

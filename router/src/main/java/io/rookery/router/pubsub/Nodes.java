package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.extension.AccountKey;
import io.rookery.router.extension.AccountView;
import io.rookery.router.session.Retries;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.pubsub.StoredNode;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The nodes of accounts: read once while an account has something to do, written through. */
final class Nodes {
  private static final AccountKey<Loaded> LOADED = new AccountKey<>(Loaded::new);

  private final PersonalNodes store;
  private final Retries retries;

  Nodes(PersonalNodes store, Retries retries) {
    this.store = store;
    this.retries = retries;
  }

  /** Of one account; null while nobody has asked. */
  private static final class Loaded {
    private Future<Map<String, Node>> nodes;
  }

  /** All nodes of the account, by name; to be looked at only. */
  Future<Map<String, Node>> of(AccountView account) {
    Loaded loaded = account.get(LOADED);
    if (loaded.nodes == null || loaded.nodes.failed()) {
      loaded.nodes = store.nodes(account.jid()).map(Nodes::byName);
    }
    return loaded.nodes;
  }

  /** Those of several accounts, of those that have any; nobody is loaded for it. */
  Future<Map<Jid, List<StoredNode>>> of(Collection<Jid> accounts) {
    return store.nodes(accounts);
  }

  private static Map<String, Node> byName(List<StoredNode> stored) {
    Map<String, Node> nodes = new TreeMap<>();
    stored.forEach(node -> nodes.put(node.name(), Node.of(node)));
    return nodes;
  }

  /** Writes a node; in the account's turn. */
  Future<Void> put(AccountView account, Node node) {
    Jid owner = account.jid();
    return of(account)
        .compose(
            nodes ->
                retries
                    .untilDone("put node", () -> store.putNode(owner, node.stored()))
                    .onSuccess(v -> nodes.put(node.name(), node)));
  }

  /** Nobody is anything to the nodes any more who had that address; in the account's turn. */
  Future<Void> forget(AccountView account, Jid bare) {
    return retries
        .untilDone("read nodes", () -> of(account))
        .compose(
            all -> {
              Future<Void> done = Future.succeededFuture();
              for (Node node : List.copyOf(all.values())) {
                Node without = node.without(bare);
                if (!without.equals(node)) {
                  done = done.compose(v -> put(account, without));
                }
              }
              return done;
            });
  }

  /** Removes a node and its items; in the account's turn. */
  Future<Void> remove(AccountView account, String node) {
    Jid owner = account.jid();
    return of(account)
        .compose(
            nodes ->
                retries
                    .untilDone("delete node", () -> store.deleteNode(owner, node))
                    .onSuccess(v -> nodes.remove(node)));
  }
}

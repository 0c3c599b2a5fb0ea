package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.pubsub.ItemEntry;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.pubsub.StoredNode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes of accounts, kept in memory. */
public final class MemoryNodes implements PersonalNodes {
  /** What was read since this was cleared: one for each request. */
  final List<String> reads = new ArrayList<>();

  /** Also while somebody else tries again. */
  public volatile boolean failing;

  private final Map<Jid, Map<String, StoredNode>> nodes = new HashMap<>();
  private final Map<String, Map<String, StoredItem>> items = new HashMap<>();

  private <T> Future<T> read(String what, T result) {
    reads.add(what);
    return failing ? Future.failedFuture("the store is away") : Future.succeededFuture(result);
  }

  @Override
  public Future<List<StoredNode>> nodes(Jid owner) {
    return read("nodes", List.copyOf(nodesOf(owner).values()));
  }

  @Override
  public Future<Map<Jid, List<StoredNode>>> nodes(Collection<Jid> owners) {
    Map<Jid, List<StoredNode>> found = new HashMap<>();
    for (Jid owner : owners) {
      if (!nodesOf(owner).isEmpty()) {
        found.put(owner, List.copyOf(nodesOf(owner).values()));
      }
    }
    return read("nodes of " + owners.size(), found);
  }

  @Override
  public Future<Void> putNode(Jid owner, StoredNode node) {
    nodesOf(owner).put(node.name(), node);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> deleteNode(Jid owner, String node) {
    nodesOf(owner).remove(node);
    return purge(owner, node);
  }

  @Override
  public Future<List<ItemEntry>> index(Jid owner, String node) {
    return read(
        "index",
        sorted(owner, node).stream()
            .map(
                item ->
                    new ItemEntry(
                        item.id(), item.position(), item.publisher(), item.payload().length))
            .toList());
  }

  private List<StoredItem> sorted(Jid owner, String node) {
    return of(owner, node).values().stream()
        .sorted(Comparator.comparing(StoredItem::position))
        .toList();
  }

  @Override
  public Future<List<StoredItem>> items(Jid owner, String node) {
    return read("items", sorted(owner, node));
  }

  @Override
  public Future<Map<Jid, List<StoredItem>>> items(Collection<Jid> owners, String node) {
    Map<Jid, List<StoredItem>> found = new HashMap<>();
    for (Jid owner : owners) {
      if (!of(owner, node).isEmpty()) {
        found.put(owner, sorted(owner, node));
      }
    }
    return read("items of " + owners.size(), found);
  }

  @Override
  public Future<List<StoredItem>> items(Jid owner, String node, Collection<String> ids) {
    return read(
        "some items",
        sorted(owner, node).stream().filter(item -> ids.contains(item.id())).toList());
  }

  @Override
  public Future<Void> publish(Jid owner, String node, StoredItem item, Collection<String> instead) {
    of(owner, node).keySet().removeAll(instead);
    of(owner, node).put(item.id(), item);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> retract(Jid owner, String node, Collection<String> ids) {
    of(owner, node).keySet().removeAll(ids);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> purge(Jid owner, String node) {
    of(owner, node).clear();
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> delete(Jid owner) {
    List.copyOf(nodesOf(owner).keySet()).forEach(node -> deleteNode(owner, node));
    return Future.succeededFuture();
  }

  private Map<String, StoredNode> nodesOf(Jid owner) {
    return nodes.computeIfAbsent(owner, o -> new HashMap<>());
  }

  private Map<String, StoredItem> of(Jid owner, String node) {
    return items.computeIfAbsent(owner + " " + node, n -> new HashMap<>());
  }
}

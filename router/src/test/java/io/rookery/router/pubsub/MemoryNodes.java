package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.pubsub.ItemEntry;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.pubsub.StoredNode;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes of one account, kept in memory. */
public final class MemoryNodes implements PersonalNodes {
  private final Map<String, StoredNode> nodes = new HashMap<>();
  private final Map<String, Map<String, StoredItem>> items = new HashMap<>();

  @Override
  public Future<List<StoredNode>> nodes(Jid owner) {
    return Future.succeededFuture(List.copyOf(nodes.values()));
  }

  @Override
  public Future<Void> putNode(Jid owner, StoredNode node) {
    nodes.put(node.name(), node);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> deleteNode(Jid owner, String node) {
    nodes.remove(node);
    return purge(owner, node);
  }

  @Override
  public Future<List<ItemEntry>> index(Jid owner, String node) {
    return items(owner, node)
        .map(
            all ->
                all.stream()
                    .map(
                        item ->
                            new ItemEntry(
                                item.id(),
                                item.position(),
                                item.publisher(),
                                item.payload().length))
                    .toList());
  }

  @Override
  public Future<List<StoredItem>> items(Jid owner, String node) {
    return Future.succeededFuture(
        of(node).values().stream().sorted(Comparator.comparing(StoredItem::position)).toList());
  }

  @Override
  public Future<List<StoredItem>> items(Jid owner, String node, Collection<String> ids) {
    return items(owner, node)
        .map(all -> all.stream().filter(item -> ids.contains(item.id())).toList());
  }

  @Override
  public Future<Void> publish(Jid owner, String node, StoredItem item, Collection<String> instead) {
    of(node).keySet().removeAll(instead);
    of(node).put(item.id(), item);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> retract(Jid owner, String node, Collection<String> ids) {
    of(node).keySet().removeAll(ids);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> purge(Jid owner, String node) {
    items.remove(node);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> delete(Jid owner) {
    nodes.clear();
    items.clear();
    return Future.succeededFuture();
  }

  private Map<String, StoredItem> of(String node) {
    return items.computeIfAbsent(node, n -> new HashMap<>());
  }
}

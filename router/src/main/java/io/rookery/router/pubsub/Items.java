package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.session.Retries;
import io.rookery.storage.pubsub.ItemEntry;
import io.rookery.storage.pubsub.StoredItem;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The items of nodes: as many as the configuration and the limits say, the oldest go first. */
final class Items {
  private final KnownNodes store;
  private final Retries retries;
  private final Limits limits;
  private final Clock clock;

  Items(KnownNodes store, Retries retries, Limits limits, Clock clock) {
    this.store = store;
    this.retries = retries;
    this.limits = limits;
    this.clock = clock;
  }

  /** An item in an answer or a notification. */
  static Element element(String namespace, StoredItem item, boolean withPayload) {
    Element element = Element.of(namespace, "item").attribute("id", item.id());
    byte[] payload = item.payload();
    return withPayload && payload.length > 0
        ? element.with(Element.parse(payload, 0, payload.length, ""))
        : element;
  }

  Future<List<StoredItem>> all(AccountView account, Node node) {
    return store.items(account.jid(), node.name());
  }

  Future<List<StoredItem>> some(AccountView account, Node node, Collection<String> ids) {
    return store.items(account.jid(), node.name(), ids);
  }

  /** What was published last. */
  Future<Optional<StoredItem>> last(AccountView account, Node node) {
    return node.is(ConfigField.PERSIST_ITEMS)
        ? store.last(account.jid(), node.name(), isSingle(node))
        : Future.succeededFuture(Optional.empty());
  }

  private boolean isSingle(Node node) {
    return max(node.config()) == 1;
  }

  /** What was published last at nodes of several accounts, the nodes of one name read together. */
  Future<List<Latest>> last(Map<Jid, List<Node>> nodes) {
    List<Latest> all = new ArrayList<>();
    List<Future<?>> reads = new ArrayList<>();
    Map<String, Map<Jid, Node>> together = new HashMap<>();
    nodes.forEach(
        (owner, some) -> {
          for (Node node : some) {
            if (!node.is(ConfigField.PERSIST_ITEMS)) {
              continue;
            }
            if (isSingle(node)) {
              together.computeIfAbsent(node.name(), n -> new HashMap<>()).put(owner, node);
            } else {
              reads.add(
                  store
                      .last(owner, node.name(), false)
                      .onSuccess(last -> last.ifPresent(i -> all.add(new Latest(owner, node, i)))));
            }
          }
        });
    together.forEach(
        (name, owners) ->
            reads.add(
                store
                    .last(owners.keySet(), name)
                    .onSuccess(
                        found ->
                            found.forEach(
                                (owner, item) ->
                                    all.add(new Latest(owner, owners.get(owner), item.get()))))));
    return Future.all(reads).map(done -> all);
  }

  /** An item and where it was published. */
  record Latest(Jid owner, Node node, StoredItem item) {}

  Future<List<ItemEntry>> index(AccountView account, Node node) {
    return store.index(account.jid(), node.name());
  }

  /**
   * Writes an item, in the account's turn.
   *
   * @return the item; null when the node is full and told to refuse
   */
  Future<StoredItem> publish(
      AccountView account, Node node, String id, Jid publisher, byte[] payload) {
    return retries.untilDone(
        "publish item",
        () ->
            index(account, node)
                .compose(
                    entries -> {
                      List<String> instead = tooMany(node.config(), entries, Map.of(id, payload));
                      if (!instead.isEmpty() && refusesWhenFull(node)) {
                        return Future.<StoredItem>succeededFuture();
                      }
                      StoredItem item = new StoredItem(id, next(entries), publisher, payload);
                      return store.publish(account.jid(), node.name(), item, instead).map(item);
                    }));
  }

  /** Writes several items one after the other, with one look at what is there. */
  Future<List<StoredItem>> publish(
      AccountView account, Node node, Jid publisher, Map<String, byte[]> payloads) {
    return retries.untilDone(
        "publish items",
        () ->
            index(account, node)
                .compose(
                    entries -> {
                      List<StoredItem> all = ordered(next(entries), publisher, payloads);
                      Future<Void> written = Future.succeededFuture();
                      List<String> instead = tooMany(node.config(), entries, payloads);
                      for (StoredItem item : all) {
                        List<String> with = item == all.get(0) ? instead : List.of();
                        written =
                            written.compose(
                                v -> store.publish(account.jid(), node.name(), item, with));
                      }
                      return written.map(all);
                    }));
  }

  private static List<StoredItem> ordered(long first, Jid publisher, Map<String, byte[]> payloads) {
    List<StoredItem> items = new ArrayList<>();
    payloads.forEach(
        (id, payload) -> items.add(new StoredItem(id, first + items.size(), publisher, payload)));
    return items;
  }

  private static boolean refusesWhenFull(Node node) {
    return node.config().value(ConfigField.PUBLISH_NODE_FULL).equals("reject");
  }

  /** Time-ordered, and above all before it: clocks of two owners may differ. */
  private long next(List<ItemEntry> entries) {
    long last = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).position();
    return Math.max(clock.millis() << 16, last + 1);
  }

  /** When the item was published, by its position. */
  static Instant time(StoredItem item) {
    return Instant.ofEpochMilli(item.position() >>> 16);
  }

  /** The oldest items that have to go when others come. */
  private List<String> tooMany(
      NodeConfig config, List<ItemEntry> entries, Map<String, byte[]> coming) {
    List<ItemEntry> others = new ArrayList<>(entries);
    others.removeIf(entry -> coming.containsKey(entry.id()));
    int bytes = coming.values().stream().mapToInt(payload -> payload.length).sum();
    return oldest(others, max(config) - coming.size(), limits.nodeBytes() - bytes);
  }

  private static List<String> oldest(List<ItemEntry> entries, int keep, int keepBytes) {
    long bytes = entries.stream().mapToLong(ItemEntry::bytes).sum();
    int count = 0;
    while (count < entries.size() && (entries.size() - count > keep || bytes > keepBytes)) {
      bytes -= entries.get(count).bytes();
      count++;
    }
    return entries.subList(0, count).stream().map(ItemEntry::id).toList();
  }

  private int max(NodeConfig config) {
    return config.count(ConfigField.MAX_ITEMS, limits);
  }

  /** Removes items, in the account's turn. */
  Future<Void> retract(AccountView account, Node node, List<String> ids) {
    Jid owner = account.jid();
    return retries.untilDone("retract item", () -> store.retract(owner, node.name(), ids));
  }

  /** Removes all items, in the account's turn. */
  Future<Void> purge(AccountView account, Node node) {
    return retries.untilDone("purge node", () -> store.purge(account.jid(), node.name()));
  }

  /** Removes what the node's configuration does not allow any more, in the account's turn. */
  Future<Void> trim(AccountView account, Node node) {
    if (!node.is(ConfigField.PERSIST_ITEMS)) {
      return purge(account, node);
    }
    return retries.untilDone(
        "trim node",
        () ->
            index(account, node)
                .compose(
                    entries -> {
                      List<String> ids = oldest(entries, max(node.config()), limits.nodeBytes());
                      return ids.isEmpty()
                          ? Future.<Void>succeededFuture()
                          : store.retract(account.jid(), node.name(), ids);
                    }));
  }
}

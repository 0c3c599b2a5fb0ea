package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.pubsub.ItemEntry;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.pubsub.StoredNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * The store of nodes, and what one loop has read of it of the accounts that it owns, whether they
 * are in memory or not: that an account has no nodes, most of all, and what was published last. A
 * login asks that of all contacts.
 *
 * <p>Only the owner writes, so what it has read holds until it writes something itself: then
 * everything of the account is read anew. When there is too much, the accounts go that nobody has
 * asked about for the longest time. Lives on the loop.
 */
public final class KnownNodes implements PersonalNodes {
  /** What is greater is not kept. */
  private static final int MAX_READ = 64 << 10;

  private static final int ACCOUNT_BYTES = 300;
  private static final int NODE_BYTES = 200;
  private static final int ENTRY_BYTES = 150;

  private final PersonalNodes store;
  private final ToIntFunction<Jid> term;
  private final long maxBytes;
  private final Map<Jid, Known> known = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * @param term how often the owner of an account has become its owner: others may have written
   *     between two terms
   * @param maxBytes of all that is kept, about
   */
  public KnownNodes(PersonalNodes store, ToIntFunction<Jid> term, long maxBytes) {
    this.store = store;
    this.term = term;
    this.maxBytes = maxBytes;
  }

  /** Something that has been read or is being read; null when nobody has asked. */
  private static final class Slot<T> {
    private Future<T> value;
  }

  /** What is known of one account. */
  private static final class Known {
    private final int term;
    private final Slot<List<StoredNode>> nodes = new Slot<>();
    private final Map<String, Slot<Optional<StoredItem>>> last = new HashMap<>(0);
    private int bytes;

    private Known(int term) {
      this.term = term;
    }

    private Slot<Optional<StoredItem>> last(String node) {
      return last.computeIfAbsent(node, n -> new Slot<>());
    }
  }

  private Known of(Jid owner) {
    Known found = known.get(owner);
    int now = term.applyAsInt(owner);
    if (found != null && found.term == now) {
      return found;
    }
    forget(owner);
    Known fresh = new Known(now);
    known.put(owner, fresh);
    grow(owner, fresh, ACCOUNT_BYTES);
    return fresh;
  }

  private void forget(Jid owner) {
    Known gone = known.remove(owner);
    if (gone != null) {
      bytes -= gone.bytes;
    }
  }

  /** More is known of an account, unless all of it has been forgotten meanwhile. */
  private void grow(Jid owner, Known about, int by) {
    if (known.get(owner) != about) {
      return;
    }
    about.bytes += by;
    bytes += by;
    while (bytes > maxBytes && known.size() > 1) {
      forget(known.keySet().iterator().next());
    }
  }

  /** Reads what is not there, of all such accounts together. */
  private <T> Future<Map<Jid, T>> many(
      Collection<Jid> owners,
      Function<Known, Slot<T>> slot,
      Function<Collection<Jid>, Future<Map<Jid, T>>> read,
      T none,
      ToIntFunction<T> size) {
    Map<Jid, Future<T>> all = new LinkedHashMap<>();
    Map<Jid, Promise<T>> missing = new LinkedHashMap<>();
    for (Jid owner : owners) {
      Known about = of(owner);
      Slot<T> kept = slot.apply(about);
      if (kept.value == null) {
        Promise<T> promise = Promise.promise();
        missing.put(owner, promise);
        keep(owner, about, kept, promise.future(), size);
        all.put(owner, promise.future());
      } else {
        all.put(owner, kept.value);
      }
    }
    if (!missing.isEmpty()) {
      read.apply(missing.keySet())
          .onComplete(
              done ->
                  missing.forEach(
                      (owner, promise) -> {
                        if (done.succeeded()) {
                          promise.complete(done.result().getOrDefault(owner, none));
                        } else {
                          promise.fail(done.cause());
                        }
                      }));
    }
    return Future.all(List.copyOf(all.values())).map(done -> present(all, none));
  }

  private static <T> Map<Jid, T> present(Map<Jid, Future<T>> all, T none) {
    Map<Jid, T> present = new LinkedHashMap<>();
    all.forEach(
        (owner, value) -> {
          if (!value.result().equals(none)) {
            present.put(owner, value.result());
          }
        });
    return present;
  }

  /** What failed, or is too much to keep, is read again by who asks next. */
  private <T> void keep(
      Jid owner, Known about, Slot<T> slot, Future<T> value, ToIntFunction<T> size) {
    slot.value = value;
    value.onComplete(
        done -> {
          int read = done.succeeded() ? size.applyAsInt(done.result()) : Integer.MAX_VALUE;
          if (read > MAX_READ) {
            slot.value = null;
          } else {
            grow(owner, about, read);
          }
        });
  }

  private <T> Future<T> one(
      Jid owner, Function<Known, Slot<T>> slot, Supplier<Future<T>> read, ToIntFunction<T> size) {
    Known about = of(owner);
    Slot<T> kept = slot.apply(about);
    if (kept.value != null) {
      return kept.value;
    }
    Future<T> value = read.get();
    keep(owner, about, kept, value, size);
    return value;
  }

  @Override
  public Future<List<StoredNode>> nodes(Jid owner) {
    return one(owner, about -> about.nodes, () -> store.nodes(owner), KnownNodes::size);
  }

  @Override
  public Future<Map<Jid, List<StoredNode>>> nodes(Collection<Jid> owners) {
    return many(owners, about -> about.nodes, store::nodes, List.of(), KnownNodes::size);
  }

  private static int size(List<StoredNode> nodes) {
    int size = 0;
    for (StoredNode node : nodes) {
      size += NODE_BYTES + 2 * node.name().length();
      for (List<String> values : node.config().values()) {
        size += ENTRY_BYTES + values.stream().mapToInt(value -> 40 + 2 * value.length()).sum();
      }
      size += size(node.affiliations().keySet()) + size(node.subscriptions().keySet());
    }
    return size;
  }

  private static int size(Set<Jid> addresses) {
    return addresses.stream().mapToInt(jid -> ENTRY_BYTES + 4 * jid.toString().length()).sum();
  }

  private static int size(Optional<StoredItem> item) {
    return item.map(there -> NODE_BYTES + there.payload().length).orElse(0);
  }

  /**
   * What was published last to a node.
   *
   * @param single the node has one item at most
   */
  Future<Optional<StoredItem>> last(Jid owner, String node, boolean single) {
    return one(
        owner,
        about -> about.last(node),
        () -> single ? store.items(owner, node).map(KnownNodes::lastOf) : lastOfMany(owner, node),
        KnownNodes::size);
  }

  /** Of a node with many items only that one is read. */
  private Future<Optional<StoredItem>> lastOfMany(Jid owner, String node) {
    return store
        .index(owner, node)
        .compose(
            entries ->
                entries.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : store
                        .items(owner, node, List.of(entries.get(entries.size() - 1).id()))
                        .map(KnownNodes::lastOf));
  }

  /** The same for the nodes of that name of several accounts, each with one item at most. */
  Future<Map<Jid, Optional<StoredItem>>> last(Collection<Jid> owners, String node) {
    return many(
        owners,
        about -> about.last(node),
        missing -> store.items(missing, node).map(KnownNodes::lastOf),
        Optional.empty(),
        KnownNodes::size);
  }

  private static Map<Jid, Optional<StoredItem>> lastOf(Map<Jid, List<StoredItem>> all) {
    Map<Jid, Optional<StoredItem>> last = new HashMap<>();
    all.forEach((owner, items) -> last.put(owner, lastOf(items)));
    return last;
  }

  private static Optional<StoredItem> lastOf(List<StoredItem> items) {
    return items.isEmpty() ? Optional.empty() : Optional.of(items.get(items.size() - 1));
  }

  @Override
  public Future<List<ItemEntry>> index(Jid owner, String node) {
    return store.index(owner, node);
  }

  @Override
  public Future<List<StoredItem>> items(Jid owner, String node) {
    return store.items(owner, node);
  }

  @Override
  public Future<Map<Jid, List<StoredItem>>> items(Collection<Jid> owners, String node) {
    return store.items(owners, node);
  }

  @Override
  public Future<List<StoredItem>> items(Jid owner, String node, Collection<String> ids) {
    return store.items(owner, node, ids);
  }

  /** Before and after: what is read meanwhile may be either. */
  private Future<Void> changed(Jid owner, Supplier<Future<Void>> write) {
    forget(owner);
    return write.get().onComplete(done -> forget(owner));
  }

  @Override
  public Future<Void> putNode(Jid owner, StoredNode node) {
    return changed(owner, () -> store.putNode(owner, node));
  }

  @Override
  public Future<Void> deleteNode(Jid owner, String node) {
    return changed(owner, () -> store.deleteNode(owner, node));
  }

  @Override
  public Future<Void> publish(Jid owner, String node, StoredItem item, Collection<String> instead) {
    return changed(owner, () -> store.publish(owner, node, item, instead));
  }

  @Override
  public Future<Void> retract(Jid owner, String node, Collection<String> ids) {
    return changed(owner, () -> store.retract(owner, node, ids));
  }

  @Override
  public Future<Void> purge(Jid owner, String node) {
    return changed(owner, () -> store.purge(owner, node));
  }

  @Override
  public Future<Void> delete(Jid owner) {
    return changed(owner, () -> store.delete(owner));
  }
}

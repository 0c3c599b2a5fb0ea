package io.rookery.router.pubsub;

import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.session.Retries;
import io.rookery.storage.pubsub.StoredItem;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the server itself reads and publishes at the nodes of an account, in the account's turn:
 * subscribers are told, listeners are not.
 */
public final class ServerPublications {
  /** Of one payload: what is in a vCard fits. */
  public static final int MAX_PAYLOAD = 192 << 10;

  /** Who may see a node. */
  public enum Audience {
    /** There is no node. */
    NOBODY,
    OWNER,
    SOME,
    EVERYBODY
  }

  /** How a node is made that is not there. */
  public enum Profile {
    /** One item for everybody (XEP-0222). */
    PUBLIC(NodeConfig.DEFAULT.with(ConfigField.ACCESS_MODEL, List.of("open"))),
    /** One item for the owner (XEP-0223). */
    PRIVATE(NodeConfig.DEFAULT.with(ConfigField.ACCESS_MODEL, List.of("whitelist"))),
    /** Many items for the owner, who asks for them when he comes. */
    PRIVATE_LIST(
        PRIVATE
            .config
            .with(ConfigField.MAX_ITEMS, List.of(ConfigField.MAX))
            .with(ConfigField.SEND_LAST_PUBLISHED_ITEM, List.of("never")));

    private final NodeConfig config;

    Profile(NodeConfig config) {
      this.config = config;
    }
  }

  private final Nodes nodes;
  private final Items items;
  private final Notifications notifications;
  private final Retries retries;
  private final Limits limits;

  /**
   * @param ids of messages
   */
  public ServerPublications(
      KnownNodes store, Retries retries, Limits limits, Clock clock, Supplier<String> ids) {
    this.nodes = new Nodes(store, retries);
    this.items = new Items(store, retries, limits, clock);
    this.notifications = new Notifications(ids);
    this.retries = retries;
    this.limits = limits;
  }

  public Future<Audience> audience(AccountView account, String node) {
    return nodes.of(account).map(all -> audience(all.get(node)));
  }

  private static Audience audience(Node node) {
    if (node == null) {
      return Audience.NOBODY;
    }
    return switch (node.config().value(ConfigField.ACCESS_MODEL)) {
      case "open" -> Audience.EVERYBODY;
      case "whitelist" ->
          node.affiliations().values().stream().allMatch(Affiliation.OUTCAST::equals)
              ? Audience.OWNER
              : Audience.SOME;
      default -> Audience.SOME;
    };
  }

  /** What is stored at a node, in the order of publication. */
  public Future<List<StoredItem>> items(AccountView account, String node) {
    return nodes
        .of(account)
        .compose(
            all ->
                all.containsKey(node)
                    ? items.all(account, all.get(node))
                    : Future.succeededFuture(List.of()));
  }

  /** The payload of the last of some items, null for none. */
  public static Element payload(List<StoredItem> items) {
    return items.isEmpty() ? null : payload(items.get(items.size() - 1));
  }

  /** Null for an item without. */
  public static Element payload(StoredItem item) {
    byte[] payload = item.payload();
    return payload.length == 0 ? null : Element.parse(payload, 0, payload.length, "");
  }

  /**
   * Publishes items, all of them or none: what is private goes to no node that others may see, and
   * what is too much goes nowhere.
   *
   * @param made for a node that is not there
   * @param payloads by the ids of their items
   * @return the notifications; empty when nothing was published
   */
  public Future<List<Effect>> publish(
      AccountView account, String name, Profile made, Map<String, Element> payloads) {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    payloads.forEach((id, payload) -> bytes.put(id, payload.toBytes()));
    return retries
        .untilDone("read nodes", () -> nodes.of(account))
        .compose(
            all -> {
              Node known = all.get(name);
              Node node = known == null ? Node.of(name, made.config) : known;
              if (!mayPublish(node, made, bytes) || known == null && all.size() >= limits.nodes()) {
                return Future.succeededFuture(List.of());
              }
              Future<Void> there =
                  known == null ? nodes.put(account, node) : Future.succeededFuture();
              return there.compose(v -> publish(account, node, bytes));
            });
  }

  private boolean mayPublish(Node node, Profile made, Map<String, byte[]> payloads) {
    boolean hidden = made == Profile.PUBLIC || audience(node) == Audience.OWNER;
    long sum = payloads.values().stream().mapToLong(payload -> payload.length).sum();
    return hidden
        && !payloads.isEmpty()
        && payloads.keySet().stream().allMatch(Node::isName)
        && payloads.values().stream().allMatch(payload -> payload.length <= MAX_PAYLOAD)
        && payloads.size() <= node.config().count(ConfigField.MAX_ITEMS, limits)
        && sum <= limits.nodeBytes()
        && node.is(ConfigField.PERSIST_ITEMS);
  }

  private Future<List<Effect>> publish(
      AccountView account, Node node, Map<String, byte[]> payloads) {
    return items
        .publish(account, node, account.jid(), payloads)
        .map(
            published -> {
              List<Effect> effects = new ArrayList<>();
              for (StoredItem item : published) {
                Element event = Notifications.published(node, item);
                effects.addAll(notifications.toSubscribers(account, node, event));
              }
              return effects;
            });
  }

  /** Retracts items that are there. */
  public Future<List<Effect>> retract(AccountView account, String name, Collection<String> ids) {
    if (ids.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return nodes
        .of(account)
        .compose(
            all -> {
              Node node = all.get(name);
              return items
                  .retract(account, node, List.copyOf(ids))
                  .map(
                      v ->
                          ids.stream()
                              .map(id -> Notifications.retracted(node, id))
                              .flatMap(e -> notifications.toSubscribers(account, node, e).stream())
                              .toList());
            });
  }
}

package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.storage.pubsub.ItemEntry;
import io.rookery.storage.pubsub.StoredItem;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What publishers do (XEP-0060, section 7): one after the other, notifications in that order. */
final class Publishing {
  private static final byte[] NO_PAYLOAD = {};
  private static final int ID_BYTES = 12;

  private final Nodes nodes;
  private final Items items;
  private final Notifications notifications;
  private final ConfigForm forms;
  private final Limits limits;
  private final Supplier<String> ids;
  private final NodeListeners listeners;

  /**
   * @param ids of items that come without, but for those of the owner's clients
   */
  Publishing(
      Nodes nodes,
      Items items,
      Notifications notifications,
      Limits limits,
      Supplier<String> ids,
      NodeListeners listeners) {
    this.nodes = nodes;
    this.items = items;
    this.notifications = notifications;
    this.forms = new ConfigForm(limits);
    this.limits = limits;
    this.ids = ids;
    this.listeners = listeners;
  }

  /** What is to be published. */
  private record Publication(String node, String id, Jid publisher, List<Element> payload) {}

  Future<IqReply> publish(IqRequest request, Element publish) {
    String node = publish.attribute("node");
    if (node == null) {
      return refuse(PubsubError.NODE_ID_REQUIRED);
    }
    List<Element> all = publish.children(Pubsub.NS, "item");
    if (all.size() != 1) {
      return refuse(all.isEmpty() ? PubsubError.ITEM_REQUIRED : PubsubError.MAX_ITEMS_EXCEEDED);
    }
    String id = all.get(0).attribute("id");
    if (!Node.isName(node) || id != null && !Node.isName(id)) {
      return refuse(StanzaError.of(Condition.NOT_ACCEPTABLE));
    }
    Publication publication =
        new Publication(
            node, id == null ? newId(request) : id, request.from().bare(), all.get(0).children());
    Element options = request.query().child(Pubsub.NS, "publish-options");
    AccountView account = request.account();
    return account.inTurn(
        () -> nodes.of(account).compose(known -> publish(account, known, publication, options)));
  }

  /**
   * What is published again, because an owner before may have died with the request, takes the
   * place of what that one has published. The origin itself is nobody's business.
   */
  private String newId(IqRequest request) {
    if (request.origin() == 0) {
      return ids.get();
    }
    try {
      byte[] origin = ByteBuffer.allocate(Long.BYTES).putLong(request.origin()).array();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(origin);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, ID_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private Future<IqReply> publish(
      AccountView account, Map<String, Node> known, Publication publication, Element options) {
    Node node = known.get(publication.node());
    if (node == null
        ? !Access.isOwner(account, publication.publisher())
        : !Access.mayPublish(account, node, publication.publisher())) {
      return refuse(StanzaError.of(Condition.FORBIDDEN));
    }
    if (node == null && known.size() >= limits.nodes()) {
      return refuse(PubsubError.MAX_NODES_EXCEEDED);
    }
    ConfigForm.Outcome outcome = config(node, options);
    if (outcome.error() != null) {
      return refuse(outcome.error());
    }
    Optional<StanzaError> bad = badPayload(outcome.config(), publication.payload());
    if (bad.isPresent()) {
      return refuse(bad.get());
    }
    if (node != null) {
      return publish(account, node, publication);
    }
    Node created = Node.of(publication.node(), outcome.config());
    return nodes.put(account, created).compose(v -> publish(account, created, publication));
  }

  /** The configuration of the node, which is not there yet when it is null. */
  private ConfigForm.Outcome config(Node node, Element options) {
    NodeConfig config = node == null ? null : node.config();
    return options == null
        ? new ConfigForm.Outcome(config == null ? NodeConfig.DEFAULT : config, null)
        : forms.options(options.child(ConfigForm.FORMS, "x"), config);
  }

  private Optional<StanzaError> badPayload(NodeConfig config, List<Element> payload) {
    if (payload.isEmpty()) {
      return config.is(ConfigField.DELIVER_PAYLOADS)
          ? Optional.of(PubsubError.PAYLOAD_REQUIRED)
          : Optional.empty();
    }
    String type = config.value(ConfigField.TYPE);
    if (payload.size() > 1 || !type.isEmpty() && !type.equals(payload.get(0).namespace())) {
      return Optional.of(PubsubError.INVALID_PAYLOAD);
    }
    int max = config.count(ConfigField.MAX_PAYLOAD_SIZE, limits);
    return payload.get(0).toBytes().length > max
        ? Optional.of(PubsubError.PAYLOAD_TOO_BIG)
        : Optional.empty();
  }

  private Future<IqReply> publish(AccountView account, Node node, Publication publication) {
    byte[] payload =
        publication.payload().isEmpty() ? NO_PAYLOAD : publication.payload().get(0).toBytes();
    if (!node.is(ConfigField.PERSIST_ITEMS)) {
      StoredItem item = new StoredItem(publication.id(), 0, publication.publisher(), payload);
      return Future.succeededFuture(published(account, node, item));
    }
    return items
        .publish(account, node, publication.id(), publication.publisher(), payload)
        .map(
            item ->
                item == null
                    ? IqReply.error(PubsubError.NODE_FULL)
                    : published(account, node, item))
        .compose(
            reply -> listeners.tell(account, NodeChange.published(node, publication.id()), reply));
  }

  private IqReply published(AccountView account, Node node, StoredItem item) {
    Element result =
        Element.of(Pubsub.NS, "pubsub")
            .with(
                Element.of(Pubsub.NS, "publish")
                    .attribute("node", node.name())
                    .with(Element.of(Pubsub.NS, "item").attribute("id", item.id())));
    return IqReply.result(result).with(notify(account, node, Notifications.published(node, item)));
  }

  private Effect[] notify(AccountView account, Node node, Element event) {
    return notifications.toSubscribers(account, node, event).toArray(new Effect[0]);
  }

  /** Section 7.2. */
  Future<IqReply> retract(IqRequest request, Element retract) {
    String node = retract.attribute("node");
    List<Element> all = retract.children(Pubsub.NS, "item");
    if (node == null) {
      return refuse(PubsubError.NODE_ID_REQUIRED);
    }
    if (all.size() != 1 || all.get(0).attribute("id") == null) {
      return refuse(PubsubError.ITEM_REQUIRED);
    }
    String id = all.get(0).attribute("id");
    String notify = retract.attribute("notify");
    boolean wanted = "true".equals(notify) || "1".equals(notify);
    AccountView account = request.account();
    return account.inTurn(
        () -> nodes.of(account).compose(known -> retract(request, known.get(node), id, wanted)));
  }

  private Future<IqReply> retract(IqRequest request, Node node, String id, boolean notify) {
    AccountView account = request.account();
    if (node == null
        ? !Access.isOwner(account, request.from())
        : !Access.mayPublish(account, node, request.from())) {
      return refuse(StanzaError.of(Condition.FORBIDDEN));
    }
    if (node == null) {
      return refuse(StanzaError.of(Condition.ITEM_NOT_FOUND));
    }
    if (!node.is(ConfigField.PERSIST_ITEMS)) {
      return refuse(PubsubError.NOT_PERSISTENT);
    }
    return items
        .index(account, node)
        .compose(
            entries ->
                entries.stream()
                    .filter(entry -> entry.id().equals(id))
                    .findFirst()
                    .map(entry -> retract(request, node, entry, notify))
                    .orElse(refuse(StanzaError.of(Condition.ITEM_NOT_FOUND))));
  }

  private Future<IqReply> retract(IqRequest request, Node node, ItemEntry entry, boolean notify) {
    AccountView account = request.account();
    if (!Access.isOwner(account, request.from())
        && !entry.publisher().equals(request.from().bare())) {
      return refuse(StanzaError.of(Condition.FORBIDDEN));
    }
    boolean tell = notify || node.is(ConfigField.NOTIFY_RETRACT);
    return items
        .retract(account, node, List.of(entry.id()))
        .map(
            v ->
                tell
                    ? IqReply.result()
                        .with(notify(account, node, Notifications.retracted(node, entry.id())))
                    : IqReply.result())
        .compose(reply -> listeners.tell(account, NodeChange.retracted(node, entry.id()), reply));
  }

  private static Future<IqReply> refuse(StanzaError error) {
    return Future.succeededFuture(IqReply.error(error));
  }
}

package io.rookery.router.pubsub;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.storage.pubsub.StoredItem;
import io.vertx.core.Future;
import java.util.List;

/** Answers what is at a node (XEP-0060, section 6.5). An account that is not there has no nodes. */
final class Retrieval {
  private final Nodes nodes;
  private final Items items;
  private final Limits limits;
  private final NodeListeners listeners;

  Retrieval(Nodes nodes, Items items, Limits limits, NodeListeners listeners) {
    this.nodes = nodes;
    this.items = items;
    this.limits = limits;
    this.listeners = listeners;
  }

  Future<IqReply> items(IqRequest request, Element wanted) {
    String name = wanted.attribute("node");
    if (name == null) {
      return refuse(PubsubError.NODE_ID_REQUIRED);
    }
    List<Element> ids = wanted.children(Pubsub.NS, "item");
    int max = max(wanted.attribute("max_items"));
    if (max < 1
        || ids.size() > limits.items()
        || ids.stream().anyMatch(item -> item.attribute("id") == null)) {
      return refuse(StanzaError.of(Condition.BAD_REQUEST));
    }
    List<String> names = ids.stream().map(item -> item.attribute("id")).distinct().toList();
    AccountView account = request.account();
    return nodes
        .of(account)
        .compose(
            all ->
                all.containsKey(name) || !Access.isOwner(account, request.from())
                    ? items(request, all.get(name), names, max)
                    : listeners
                        .make(account, name)
                        .compose(
                            made ->
                                items(request, all.get(name), names, max)
                                    .map(reply -> reply.and(made))));
  }

  /** 0 for nonsense. */
  private static int max(String attribute) {
    if (attribute == null) {
      return Integer.MAX_VALUE;
    }
    return attribute.matches("\\d{1,9}") ? Integer.parseInt(attribute) : 0;
  }

  private Future<IqReply> items(IqRequest request, Node node, List<String> ids, int max) {
    if (node == null) {
      return refuse(StanzaError.of(Condition.ITEM_NOT_FOUND));
    }
    StanzaError refusal = Access.refusal(request.account(), node, request.from());
    if (refusal != null) {
      return refuse(refusal);
    }
    if (!node.is(ConfigField.PERSIST_ITEMS)) {
      return refuse(PubsubError.NOT_PERSISTENT);
    }
    return find(request, node, ids, max).map(found -> IqReply.result(answer(node, found, max)));
  }

  private Future<List<StoredItem>> find(IqRequest request, Node node, List<String> ids, int max) {
    if (!ids.isEmpty()) {
      return items.some(request.account(), node, ids);
    }
    return max == 1
        ? items.last(request.account(), node).map(last -> last.stream().toList())
        : items.all(request.account(), node);
  }

  private static Element answer(Node node, List<StoredItem> found, int max) {
    Element element = Element.of(Pubsub.NS, "items").attribute("node", node.name());
    List<Element> elements =
        found.subList(Math.max(0, found.size() - max), found.size()).stream()
            .map(item -> Items.element(Pubsub.NS, item, true))
            .toList();
    return Element.of(Pubsub.NS, "pubsub").with(element.with(elements));
  }

  private static Future<IqReply> refuse(StanzaError error) {
    return Future.succeededFuture(IqReply.error(error));
  }
}

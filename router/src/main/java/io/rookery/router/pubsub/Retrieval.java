package io.rookery.router.pubsub;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.paging.Page;
import io.rookery.router.paging.PageRequest;
import io.rookery.storage.pubsub.ItemEntry;
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
    PageRequest page = page(request);
    if (page != null && page.refusal() != null) {
      return refuse(StanzaError.of(page.refusal()));
    }
    AccountView account = request.account();
    return nodes
        .of(account)
        .compose(
            all ->
                all.containsKey(name) || !Access.isOwner(account, request.from())
                    ? answer(request, all.get(name), names, max, page)
                    : listeners
                        .make(account, name)
                        .compose(
                            made ->
                                answer(request, all.get(name), names, max, page)
                                    .map(reply -> reply.and(made))));
  }

  /** Null when the client does not ask for a page (section 6.5.4). */
  private PageRequest page(IqRequest request) {
    return request.query().child(PageRequest.NS, "set") == null
        ? null
        : PageRequest.in(request.query(), limits.items(), limits.items());
  }

  private Future<IqReply> answer(
      IqRequest request, Node node, List<String> names, int max, PageRequest page) {
    StanzaError refusal = refusal(request, node);
    if (refusal != null) {
      return refuse(refusal);
    }
    return page == null || !names.isEmpty()
        ? items(request, node, names, max)
        : page(request, node, page);
  }

  /** 0 for nonsense. */
  private static int max(String attribute) {
    if (attribute == null) {
      return Integer.MAX_VALUE;
    }
    return attribute.matches("\\d{1,9}") ? Integer.parseInt(attribute) : 0;
  }

  private static StanzaError refusal(IqRequest request, Node node) {
    if (node == null) {
      return StanzaError.of(Condition.ITEM_NOT_FOUND);
    }
    StanzaError refusal = Access.refusal(request.account(), node, request.from());
    return refusal != null || node.is(ConfigField.PERSIST_ITEMS)
        ? refusal
        : PubsubError.NOT_PERSISTENT;
  }

  /** In the order of publication; the payloads of a page are read, and no others. */
  private Future<IqReply> page(IqRequest request, Node node, PageRequest wanted) {
    return items
        .index(request.account(), node)
        .compose(
            entries -> {
              Page page = Page.of(entries.stream().map(ItemEntry::id).toList(), wanted);
              if (page == null) {
                return refuse(StanzaError.of(Condition.ITEM_NOT_FOUND));
              }
              Future<List<StoredItem>> found =
                  page.ids().isEmpty()
                      ? Future.succeededFuture(List.of())
                      : items.some(request.account(), node, page.ids());
              return found.map(
                  some ->
                      IqReply.result(answer(node, some, limits.items()).with(page.described())));
            });
  }

  private Future<IqReply> items(IqRequest request, Node node, List<String> ids, int max) {
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

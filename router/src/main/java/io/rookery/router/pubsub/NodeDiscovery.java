package io.rookery.router.pubsub;

import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.paging.Page;
import io.rookery.router.paging.PageRequest;
import io.rookery.storage.pubsub.ItemEntry;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * Discovery of an account's nodes and what is at them (XEP-0060, sections 5.2 to 5.5). Nobody
 * learns of a node that he may not see (XEP-0163, section 6.2).
 */
final class NodeDiscovery {
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final int MAX_PAGE = 1000;
  private static final String ITEMS = "http://jabber.org/protocol/disco#items";

  private final Nodes nodes;
  private final Items items;
  private final ConfigForm forms;

  NodeDiscovery(Nodes nodes, Items items, Limits limits) {
    this.nodes = nodes;
    this.items = items;
    this.forms = new ConfigForm(limits);
  }

  Future<IqReply> answer(IqRequest request) {
    String name = request.query().attribute("node");
    PageRequest page = PageRequest.in(request.query(), MAX_PAGE, MAX_PAGE);
    if (page.refusal() != null) {
      return Future.succeededFuture(IqReply.error(page.refusal()));
    }
    return nodes
        .of(request.account())
        .compose(
            all -> {
              if (name == null) {
                return Future.succeededFuture(list(request, all, page));
              }
              Node node = all.get(name);
              if (node == null || !Access.allows(request.account(), node, request.from())) {
                return Future.succeededFuture(IqReply.error(Condition.ITEM_NOT_FOUND));
              }
              return request.query().namespace().equals(INFO)
                  ? Future.succeededFuture(info(node))
                  : items(request, node, page);
            });
  }

  /** To a stranger, an account without anything for him looks like none. */
  private static IqReply list(IqRequest request, Map<String, Node> all, PageRequest wanted) {
    AccountView account = request.account();
    List<String> visible =
        all.values().stream()
            .filter(node -> Access.allows(account, node, request.from()))
            .map(Node::name)
            .toList();
    return visible.isEmpty() && !account.allowsPresenceTo(request.from())
        ? IqReply.error(Condition.SERVICE_UNAVAILABLE)
        : page(request, Element.of(ITEMS, "query"), visible, wanted, "node");
  }

  /** What is on a page is described by it, if a page was asked for (XEP-0030, section 4.4). */
  private static IqReply page(
      IqRequest request, Element query, List<String> all, PageRequest wanted, String named) {
    Page page = Page.of(all, wanted);
    if (page == null) {
      return IqReply.error(Condition.ITEM_NOT_FOUND);
    }
    AccountView account = request.account();
    Element list =
        query.with(page.ids().stream().map(id -> item(account).attribute(named, id)).toList());
    boolean asked = request.query().child(PageRequest.NS, "set") != null;
    return IqReply.result(asked ? list.with(page.described()) : list);
  }

  private static Element item(AccountView account) {
    return Element.of(ITEMS, "item").attribute("jid", account.jid().toString());
  }

  private IqReply info(Node node) {
    return IqReply.result(
        Element.of(INFO, "query")
            .attribute("node", node.name())
            .with(
                Element.of(INFO, "identity")
                    .attribute("category", "pubsub")
                    .attribute("type", "leaf"))
            .with(Element.of(INFO, "feature").attribute("var", Pubsub.NS))
            .with(forms.form("result", ConfigForm.META_DATA, node.config())));
  }

  private Future<IqReply> items(IqRequest request, Node node, PageRequest wanted) {
    return items
        .index(request.account(), node)
        .map(
            entries ->
                page(
                    request,
                    Element.of(ITEMS, "query").attribute("node", node.name()),
                    entries.stream().map(ItemEntry::id).toList(),
                    wanted,
                    "name"));
  }
}

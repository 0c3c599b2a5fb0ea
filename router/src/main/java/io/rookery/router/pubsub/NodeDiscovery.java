package io.rookery.router.pubsub;

import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * Discovery of an account's nodes and what is at them (XEP-0060, sections 5.2 to 5.5). Nobody
 * learns of a node that he may not see (XEP-0163, section 6.2).
 */
final class NodeDiscovery {
  private static final String INFO = "http://jabber.org/protocol/disco#info";
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
    return nodes
        .of(request.account())
        .compose(
            all -> {
              if (name == null) {
                return Future.succeededFuture(list(request, all));
              }
              Node node = all.get(name);
              if (node == null || !Access.allows(request.account(), node, request.from())) {
                return Future.succeededFuture(IqReply.error(Condition.ITEM_NOT_FOUND));
              }
              return request.query().namespace().equals(INFO)
                  ? Future.succeededFuture(info(node))
                  : items(request.account(), node);
            });
  }

  /** To a stranger, an account without anything for him looks like none. */
  private static IqReply list(IqRequest request, Map<String, Node> all) {
    AccountView account = request.account();
    List<Element> visible =
        all.values().stream()
            .filter(node -> Access.allows(account, node, request.from()))
            .map(node -> item(account).attribute("node", node.name()))
            .toList();
    return visible.isEmpty() && !account.allowsPresenceTo(request.from())
        ? IqReply.error(Condition.SERVICE_UNAVAILABLE)
        : IqReply.result(Element.of(ITEMS, "query").with(visible));
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

  private Future<IqReply> items(AccountView account, Node node) {
    return items
        .index(account, node)
        .map(
            entries ->
                IqReply.result(
                    Element.of(ITEMS, "query")
                        .attribute("node", node.name())
                        .with(
                            entries.stream()
                                .map(entry -> item(account).attribute("name", entry.id()))
                                .toList())));
  }
}

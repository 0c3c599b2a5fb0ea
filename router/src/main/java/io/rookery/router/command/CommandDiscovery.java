package io.rookery.router.command;

import io.rookery.protocol.xml.Element;
import io.rookery.router.disco.Disco;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.form.Form;
import io.vertx.core.Future;
import java.util.Map;

/** What is told of commands by service discovery (XEP-0050, section 2.2). */
final class CommandDiscovery {
  private final Map<String, Command> byNode;

  CommandDiscovery(Map<String, Command> byNode) {
    this.byNode = byNode;
  }

  boolean knows(String node) {
    return node.equals(Commands.NS) || byNode.containsKey(node);
  }

  Future<IqReply> answer(IqRequest request) {
    String node = request.query().attribute("node");
    Command command = byNode.get(node);
    if (command != null && !command.allowed().test(request.from().bare())) {
      return Future.succeededFuture(IqReply.error(CommandError.FORBIDDEN));
    }
    Element query = Element.of(request.query().namespace(), "query").attribute("node", node);
    if (request.query().namespace().equals(Disco.INFO)) {
      query = query.with(identity(command));
      query = command == null ? query : query.with(feature(Commands.NS), feature(Form.NS));
    } else if (command == null) {
      query = list(request, query);
    }
    return Future.succeededFuture(IqReply.result(query));
  }

  private Element list(IqRequest request, Element query) {
    return query.with(
        byNode.values().stream()
            .filter(command -> command.allowed().test(request.from().bare()))
            .map(
                command ->
                    Element.of(query.namespace(), "item")
                        .attribute("jid", request.stanza().to().toString())
                        .attribute("node", command.node())
                        .attribute("name", command.name()))
            .toList());
  }

  private static Element identity(Command command) {
    return Element.of(Disco.INFO, "identity")
        .attribute("category", "automation")
        .attribute("type", command == null ? "command-list" : "command-node")
        .attribute("name", command == null ? "Commands" : command.name());
  }

  private static Element feature(String namespace) {
    return Element.of(Disco.INFO, "feature").attribute("var", namespace);
  }
}

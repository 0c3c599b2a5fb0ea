package io.rookery.router.pubsub;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the owner does with his nodes (XEP-0060, section 8). That it is the owner who asks has been
 * seen to.
 */
final class OwnerRequests {
  private final Nodes nodes;
  private final Items items;
  private final Notifications notifications;
  private final Newcomers newcomers;
  private final ConfigForm forms;
  private final Limits limits;
  private final NodeListeners listeners;

  OwnerRequests(
      Nodes nodes,
      Items items,
      Notifications notifications,
      Newcomers newcomers,
      Limits limits,
      NodeListeners listeners) {
    this.nodes = nodes;
    this.items = items;
    this.notifications = notifications;
    this.newcomers = newcomers;
    this.forms = new ConfigForm(limits);
    this.limits = limits;
    this.listeners = listeners;
  }

  /** Section 8.1; nodes that the service is to name are not supported. */
  Future<IqReply> create(IqRequest request, Element create) {
    String name = create.attribute("node");
    if (name == null || !Node.isName(name)) {
      return refuse(
          name == null ? PubsubError.NO_INSTANT_NODES : StanzaError.of(Condition.NOT_ACCEPTABLE));
    }
    Element configure = request.query().child(Pubsub.NS, "configure");
    Element form = configure == null ? null : configure.child(ConfigForm.FORMS, "x");
    ConfigForm.Outcome outcome =
        form == null
            ? new ConfigForm.Outcome(NodeConfig.DEFAULT, null)
            : forms.apply(form, NodeConfig.DEFAULT);
    if (outcome.error() != null) {
      return refuse(outcome.error());
    }
    AccountView account = request.account();
    Node node = Node.of(name, outcome.config());
    return account.inTurn(() -> nodes.of(account).compose(all -> create(account, all, node)));
  }

  private Future<IqReply> create(AccountView account, Map<String, Node> known, Node node) {
    if (known.containsKey(node.name())) {
      return refuse(StanzaError.of(Condition.CONFLICT));
    }
    if (known.size() >= limits.nodes()) {
      return refuse(PubsubError.MAX_NODES_EXCEEDED);
    }
    return nodes.put(account, node).map(v -> IqReply.result());
  }

  /** Section 8.3. */
  IqReply defaults() {
    return form(Element.of(Pubsub.OWNER, "default"), NodeConfig.DEFAULT);
  }

  /** Section 8.2.2. */
  Future<IqReply> configuration(IqRequest request, Element configure) {
    return nodes
        .of(request.account())
        .map(
            all -> {
              Node node = all.get(configure.attribute("node"));
              return node == null
                  ? IqReply.error(Condition.ITEM_NOT_FOUND)
                  : form(about("configure", node), node.config());
            });
  }

  private IqReply form(Element what, NodeConfig config) {
    return IqReply.result(
        Element.of(Pubsub.OWNER, "pubsub")
            .with(what.with(forms.form("form", ConfigForm.NODE_CONFIG, config))));
  }

  /** Section 8.2.4. */
  Future<IqReply> configure(IqRequest request, Element configure) {
    Element form = configure.child(ConfigForm.FORMS, "x");
    if (form != null && "cancel".equals(form.attribute("type"))) {
      return Future.succeededFuture(IqReply.result());
    }
    return change(request, configure, node -> configure(request.account(), node, form));
  }

  private Future<IqReply> configure(AccountView account, Node node, Element form) {
    ConfigForm.Outcome outcome = forms.apply(form, node.config());
    if (outcome.error() != null) {
      return refuse(outcome.error());
    }
    Node changed = node.with(outcome.config());
    Element event =
        Notifications.configured(
            changed, forms.form("result", ConfigForm.NODE_CONFIG, changed.config()));
    return nodes
        .put(account, changed)
        .compose(v -> items.trim(account, changed))
        .compose(v -> newcomers.of(account, node, changed))
        .map(last -> done(account, changed, ConfigField.NOTIFY_CONFIG, event, last))
        .compose(reply -> listeners.tell(account, NodeChange.configured(node, changed), reply));
  }

  /** Section 8.4. */
  Future<IqReply> delete(IqRequest request, Element delete) {
    AccountView account = request.account();
    return change(
        request,
        delete,
        node ->
            nodes
                .remove(account, node.name())
                .map(
                    v ->
                        done(account, node, ConfigField.NOTIFY_DELETE, Notifications.deleted(node)))
                .compose(reply -> listeners.tell(account, NodeChange.emptied(node), reply)));
  }

  /** Section 8.5. */
  Future<IqReply> purge(IqRequest request, Element purge) {
    return change(request, purge, node -> purge(request.account(), node));
  }

  private Future<IqReply> purge(AccountView account, Node node) {
    if (!node.is(ConfigField.PERSIST_ITEMS)) {
      return refuse(PubsubError.NOT_PERSISTENT);
    }
    return items
        .purge(account, node)
        .map(v -> done(account, node, ConfigField.NOTIFY_RETRACT, Notifications.purged(node)))
        .compose(reply -> listeners.tell(account, NodeChange.emptied(node), reply));
  }

  /** Section 8.9.1. */
  Future<IqReply> affiliations(IqRequest request, Element affiliations) {
    return nodes
        .of(request.account())
        .map(
            all -> {
              Node node = all.get(affiliations.attribute("node"));
              return node == null
                  ? IqReply.error(Condition.ITEM_NOT_FOUND)
                  : IqReply.result(
                      Affiliations.element(request.account(), node, about("affiliations", node)));
            });
  }

  /** Section 8.9.2. */
  Future<IqReply> changeAffiliations(IqRequest request, Element affiliations) {
    return change(
        request,
        affiliations,
        node -> {
          Affiliations.Outcome outcome =
              Affiliations.changed(request.account(), node, affiliations);
          return outcome.error() != null
              ? refuse(outcome.error())
              : change(request.account(), node, node.with(outcome.affiliations()));
        });
  }

  private Future<IqReply> change(AccountView account, Node before, Node now) {
    return nodes
        .put(account, now)
        .compose(v -> newcomers.of(account, before, now))
        .map(last -> IqReply.result().with(last.toArray(new Effect[0])));
  }

  private static Element about(String what, Node node) {
    return Element.of(Pubsub.OWNER, what).attribute("node", node.name());
  }

  /** A change of a node that there is. */
  @FunctionalInterface
  private interface Change {
    Future<IqReply> of(Node node);
  }

  private Future<IqReply> change(IqRequest request, Element what, Change change) {
    AccountView account = request.account();
    return account.inTurn(
        () ->
            nodes
                .of(account)
                .compose(
                    all -> {
                      Node node = all.get(what.attribute("node"));
                      return node == null
                          ? refuse(StanzaError.of(Condition.ITEM_NOT_FOUND))
                          : change.of(node);
                    }));
  }

  private IqReply done(AccountView account, Node node, ConfigField told, Element event) {
    return done(account, node, told, event, List.of());
  }

  private IqReply done(
      AccountView account, Node node, ConfigField told, Element event, List<Effect> more) {
    List<Effect> effects = new ArrayList<>();
    if (node.is(told)) {
      effects.addAll(notifications.toSubscribers(account, node, event));
    }
    effects.addAll(more);
    return IqReply.result().with(effects.toArray(new Effect[0]));
  }

  private static Future<IqReply> refuse(StanzaError error) {
    return Future.succeededFuture(IqReply.error(error));
  }
}

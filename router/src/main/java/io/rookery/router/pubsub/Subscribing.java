package io.rookery.router.pubsub;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
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
 * Subscriptions to single nodes (XEP-0060, sections 5.6, 6.1 and 6.2), beside those that come with
 * a subscription to presence. One for an address and a node, so there are no identifiers.
 */
final class Subscribing {
  /** To one node. */
  private static final int MAX = 500;

  /** Of the resources of one subscriber to one node. */
  private static final int MAX_OF_ONE = 10;

  private final Nodes nodes;
  private final Items items;
  private final Notifications notifications;
  private final Approval approval;

  Subscribing(Nodes nodes, Items items, Notifications notifications, Approval approval) {
    this.nodes = nodes;
    this.items = items;
    this.notifications = notifications;
    this.approval = approval;
  }

  /** Null for none, and for what is no address. */
  static Jid jid(String text) {
    try {
      return text == null ? null : Jid.parse(text);
    } catch (InvalidJidException e) {
      return null;
    }
  }

  Future<IqReply> subscribe(IqRequest request, Element subscribe) {
    String name = subscribe.attribute("node");
    Jid jid = jid(subscribe.attribute("jid"));
    if (name == null) {
      return refuse(PubsubError.NODE_ID_REQUIRED);
    }
    if (jid == null || !jid.bare().equals(request.from().bare())) {
      return refuse(PubsubError.INVALID_JID);
    }
    AccountView account = request.account();
    return account.inTurn(
        () -> nodes.of(account).compose(all -> subscribe(account, all.get(name), jid)));
  }

  private Future<IqReply> subscribe(AccountView account, Node node, Jid jid) {
    if (node == null) {
      return refuse(StanzaError.of(Condition.ITEM_NOT_FOUND));
    }
    SubscriptionState before = node.subscription(jid);
    StanzaError refusal = Access.refusal(account, node, jid);
    if (refusal == null) {
      return before == SubscriptionState.SUBSCRIBED
          ? reply(node, jid, before)
          : put(account, node, jid, SubscriptionState.SUBSCRIBED);
    }
    if (refusal != PubsubError.NOT_SUBSCRIBED) {
      return refuse(refusal);
    }
    return before == SubscriptionState.PENDING
        ? refuse(PubsubError.PENDING_SUBSCRIPTION)
        : put(account, node, jid, SubscriptionState.PENDING);
  }

  private Future<IqReply> put(AccountView account, Node node, Jid jid, SubscriptionState state) {
    boolean known = node.subscriptions().containsKey(jid);
    if (!known
        && (node.subscriptions().size() >= MAX
            || node.subscriptionsOf(jid.bare()).size() >= MAX_OF_ONE)) {
      return refuse(PubsubError.TOO_MANY_SUBSCRIPTIONS);
    }
    Node changed = node.subscribed(jid, state);
    return nodes
        .put(account, changed)
        .compose(v -> after(account, changed, jid, state))
        .map(effects -> IqReply.result(element(changed, jid, state)).with(effects));
  }

  private Future<Effect[]> after(AccountView account, Node node, Jid jid, SubscriptionState state) {
    return state == SubscriptionState.PENDING
        ? Future.succeededFuture(new Effect[] {approval.request(account, node, jid)})
        : lastItem(account, node, jid).map(last -> last.toArray(new Effect[0]));
  }

  /** What a new subscriber gets (section 6.1.7). */
  Future<List<Effect>> lastItem(AccountView account, Node node, Jid jid) {
    if (!node.isSentToSubscribers()) {
      return Future.succeededFuture(List.of());
    }
    return items
        .last(account, node)
        .map(
            last ->
                last
                    .map(item -> new Items.Latest(account.jid(), node, item))
                    .<Effect>map(item -> new Effect.Send(notifications.lastItem(item, jid)))
                    .stream()
                    .toList());
  }

  private static Future<IqReply> reply(Node node, Jid jid, SubscriptionState state) {
    return Future.succeededFuture(IqReply.result(element(node, jid, state)));
  }

  private static Element element(Node node, Jid jid, SubscriptionState state) {
    return Element.of(Pubsub.NS, "pubsub").with(entry(Pubsub.NS, node, jid, state));
  }

  static Element entry(String namespace, Node node, Jid jid, SubscriptionState state) {
    return Element.of(namespace, "subscription")
        .attribute("node", node.name())
        .attribute("jid", jid.toString())
        .attribute("subscription", state.xmlName());
  }

  Future<IqReply> unsubscribe(IqRequest request, Element unsubscribe) {
    String name = unsubscribe.attribute("node");
    Jid jid = jid(unsubscribe.attribute("jid"));
    if (name == null) {
      return refuse(PubsubError.NODE_ID_REQUIRED);
    }
    if (jid == null) {
      return refuse(PubsubError.INVALID_JID);
    }
    if (!jid.bare().equals(request.from().bare())) {
      return refuse(StanzaError.of(Condition.FORBIDDEN));
    }
    AccountView account = request.account();
    return account.inTurn(
        () -> nodes.of(account).compose(all -> unsubscribe(account, all.get(name), jid)));
  }

  private Future<IqReply> unsubscribe(AccountView account, Node node, Jid jid) {
    if (node == null) {
      return refuse(StanzaError.of(Condition.ITEM_NOT_FOUND));
    }
    if (!node.subscriptions().containsKey(jid)) {
      return refuse(PubsubError.NO_SUBSCRIPTION);
    }
    return nodes
        .put(account, node.subscribed(jid, SubscriptionState.NONE))
        .compose(v -> reply(node, jid, SubscriptionState.NONE));
  }

  /** Section 5.6: those of who asks, and that he has lost access to are not told. */
  Future<IqReply> subscriptions(IqRequest request, Element subscriptions) {
    String name = subscriptions.attribute("node");
    AccountView account = request.account();
    return nodes
        .of(account)
        .map(
            all -> {
              List<Element> entries = new ArrayList<>();
              for (Node node : all.values()) {
                if (name == null || name.equals(node.name())) {
                  entries.addAll(entries(account, node, request.from().bare()));
                }
              }
              return IqReply.result(
                  Element.of(Pubsub.NS, "pubsub")
                      .with(
                          Element.of(Pubsub.NS, "subscriptions")
                              .attribute("node", name)
                              .with(entries)));
            });
  }

  private static List<Element> entries(AccountView account, Node node, Jid who) {
    Map<Jid, SubscriptionState> his = node.subscriptionsOf(who);
    return his.entrySet().stream()
        .filter(
            entry ->
                entry.getValue() == SubscriptionState.PENDING
                    || Access.allows(account, node, entry.getKey()))
        .map(entry -> entry(Pubsub.NS, node, entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Section 8.6: the owner says whether somebody may subscribe; null for another message. */
  Future<List<Effect>> answered(Stanza message, AccountView account) {
    Approval.Answer answer = Approval.of(message);
    if (answer == null) {
      return null;
    }
    return answer.node() == null
        ? Future.succeededFuture(List.of()) // he has not decided: it stays as it is
        : account.inTurn(
            () ->
                nodes
                    .of(account)
                    .compose(all -> answered(account, all.get(answer.node()), answer)));
  }

  private Future<List<Effect>> answered(AccountView account, Node node, Approval.Answer answer) {
    Jid jid = answer.subscriber();
    if (node == null || node.subscription(jid) != SubscriptionState.PENDING) {
      return Future.succeededFuture(List.of());
    }
    SubscriptionState state =
        answer.allowed() ? SubscriptionState.SUBSCRIBED : SubscriptionState.NONE;
    Node changed = node.subscribed(jid, state);
    Future<List<Effect>> last =
        answer.allowed() ? lastItem(account, changed, jid) : Future.succeededFuture(List.of());
    return nodes
        .put(account, changed)
        .compose(v -> last)
        .map(
            effects -> {
              List<Effect> all = new ArrayList<>();
              all.add(notifications.changed(account, changed, jid, state));
              all.addAll(effects);
              return all;
            });
  }

  private static Future<IqReply> refuse(StanzaError error) {
    return Future.succeededFuture(IqReply.error(error));
  }
}

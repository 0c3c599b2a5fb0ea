package io.rookery.router.pubsub;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.caps.InterestListener;
import io.rookery.router.caps.Interests;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.SessionView;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The last items of the nodes a newly available client is interested in (XEP-0163, section 4.3.4).
 * The client's owner asks for them at the owner of each contact, as nobody else knows what there is
 * and who may see it: an IQ from account to account, which is answered by notifications.
 */
public final class LastItems implements InterestListener {
  static final String NS = "urn:rookery:pep:0";
  private static final int MAX_NODES = 100;

  private final Nodes nodes;
  private final Items items;
  private final Notifications notifications;
  private final Supplier<String> ids;

  LastItems(Nodes nodes, Items items, Notifications notifications, Supplier<String> ids) {
    this.nodes = nodes;
    this.items = items;
    this.notifications = notifications;
    this.ids = ids;
  }

  @Override
  public List<Effect> interested(AccountView account, SessionView session, Set<String> wanted) {
    List<Jid> whom = new ArrayList<>();
    whom.add(account.jid());
    for (RosterItem item : account.contacts()) {
      if (item.subscription().toContact()) {
        whom.add(item.contact());
      }
    }
    return List.of(question(account, session, wanted, whom));
  }

  /** The account has got a subscription to the contact's presence: its clients are interested. */
  public List<Effect> subscribed(AccountView account, Jid contact) {
    List<Effect> effects = new ArrayList<>();
    for (SessionView session : account.sessions()) {
      Set<String> wanted = session.get(Interests.KEY).nodes();
      if (session.isAvailable() && !wanted.isEmpty()) {
        effects.add(question(account, session, wanted, List.of(contact)));
      }
    }
    return effects;
  }

  private Effect question(
      AccountView account, SessionView session, Collection<String> wanted, List<Jid> whom) {
    Element interest =
        Element.of(NS, "interest")
            .attribute("resource", session.jid().resource())
            .with(wanted.stream().map(node -> Element.of(NS, "node", node)).toList());
    Stanza question = Stanza.of(StanzaType.IQ_GET, account.jid(), null, ids.get(), interest);
    return new Effect.ToAccounts(question, whom);
  }

  /** At the contact's owner. The question is no client's to ask. */
  Future<IqReply> answer(IqRequest request) {
    List<Element> wanted = request.query().children(NS, "node");
    Optional<Jid> session = session(request);
    if (session.isEmpty() || wanted.size() > MAX_NODES) {
      return Future.succeededFuture(IqReply.error(Condition.SERVICE_UNAVAILABLE));
    }
    return nodes
        .of(request.account())
        .compose(all -> read(request.account(), all, wanted, session.get()))
        .map(effects -> IqReply.result().with(effects.toArray(new Effect[0])));
  }

  private static Optional<Jid> session(IqRequest request) {
    String resource = request.query().attribute("resource");
    if (!request.from().isBare() || resource == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(request.from().withResource(resource));
    } catch (InvalidJidException e) {
      return Optional.empty();
    }
  }

  private Future<List<Effect>> read(
      AccountView account, Map<String, Node> all, List<Element> wanted, Jid session) {
    List<Effect> effects = new ArrayList<>();
    List<Future<Optional<StoredItem>>> reads = new ArrayList<>();
    for (Element element : wanted) {
      Node node = all.get(element.text());
      if (node != null && isSentOnPresence(node) && Access.allows(account, node, session)) {
        reads.add(
            items
                .last(account, node)
                .onSuccess(
                    last ->
                        last.ifPresent(
                            item ->
                                effects.add(
                                    notifications.lastItem(account, node, item, session)))));
      }
    }
    return Future.all(reads).map(done -> effects);
  }

  private static boolean isSentOnPresence(Node node) {
    return node.is(ConfigField.DELIVER_NOTIFICATIONS)
        && node.config().value(ConfigField.SEND_LAST_PUBLISHED_ITEM).equals("on_sub_and_presence");
  }
}

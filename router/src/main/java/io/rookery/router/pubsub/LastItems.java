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
import io.rookery.router.extension.Relations;
import io.rookery.router.extension.SessionView;
import io.rookery.router.session.Retries;
import io.rookery.storage.pubsub.StoredNode;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The last items of the nodes a newly available client is interested in (XEP-0163, section 4.3.4),
 * also those of contacts who are away. The client's owner asks for them at the owners of the
 * contacts, as nobody else knows what there is and who may see it: one IQ for all accounts of an
 * owner, which is answered by notifications. Contacts are not loaded for it; where nobody has nodes
 * that are asked for, the list of nodes is all that is read, and that once.
 */
public final class LastItems implements InterestListener {
  static final String NS = "urn:rookery:pep:0";

  /** Nodes whose items are read together. */
  private static final int PART = 256;

  /** Of the items that one question brings, about; nobody honest has so many contacts. */
  private static final long MAX_BYTES = 8 << 20;

  private static final int MAX_NODES = 100;

  private final Nodes nodes;
  private final Items items;
  private final Notifications notifications;
  private final Acquaintance acquaintance;
  private final Retries retries;
  private final Supplier<String> ids;

  LastItems(
      Nodes nodes,
      Items items,
      Notifications notifications,
      Acquaintance acquaintance,
      Retries retries,
      Supplier<String> ids) {
    this.nodes = nodes;
    this.items = items;
    this.notifications = notifications;
    this.acquaintance = acquaintance;
    this.retries = retries;
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

  /** A question as it was asked, in whose name it may be answered. */
  private record Question(Jid session, Set<String> nodes) {

    /** Null when it is not one that servers ask. */
    static Question of(Stanza request) {
      Element interest = request.payload().element(NS, "interest");
      String resource = interest.attribute("resource");
      List<Element> nodes = interest.children(NS, "node");
      if (!request.from().isBare() || resource == null || nodes.size() > MAX_NODES) {
        return null;
      }
      try {
        return new Question(
            request.from().withResource(resource),
            nodes.stream().map(Element::text).collect(Collectors.toSet()));
      } catch (InvalidJidException e) {
        return null;
      }
    }
  }

  /** At the owner of contacts, in memory or not. The question is no client's to ask. */
  Future<List<Stanza>> answer(Stanza request, Collection<Jid> accounts) {
    Question question = Question.of(request);
    return question == null
        ? Future.succeededFuture(List.of())
        : retries.untilDone("read last items", () -> answer(question, accounts));
  }

  /** Nobody asks a second time: what cannot be read now is read later. */
  private Future<List<Stanza>> answer(Question question, Collection<Jid> accounts) {
    return nodes
        .of(accounts)
        .map(all -> sentOnPresence(all, question.nodes()))
        .compose(some -> visible(some, question.session()))
        .compose(some -> read(parts(some), question.session(), new ArrayList<>(), 0));
  }

  /** So many nodes at a time that what is read of them is no burden. */
  private static Iterator<Map<Jid, List<Node>>> parts(Map<Jid, List<Node>> all) {
    List<Map<Jid, List<Node>>> parts = new ArrayList<>();
    int size = PART;
    for (Map.Entry<Jid, List<Node>> one : all.entrySet()) {
      for (Node node : one.getValue()) {
        if (size == PART) {
          parts.add(new LinkedHashMap<>());
          size = 0;
        }
        size++;
        parts
            .get(parts.size() - 1)
            .computeIfAbsent(one.getKey(), owner -> new ArrayList<>())
            .add(node);
      }
    }
    return parts.iterator();
  }

  private Future<List<Stanza>> read(
      Iterator<Map<Jid, List<Node>>> parts, Jid session, List<Stanza> read, long bytes) {
    if (!parts.hasNext() || bytes > MAX_BYTES) {
      return Future.succeededFuture(read);
    }
    return items
        .last(parts.next())
        .compose(
            found -> {
              long more = 0;
              for (Items.Latest last : found) {
                more += last.item().payload().length;
                read.add(notifications.lastItem(last, session));
              }
              return read(parts, session, read, bytes + more);
            });
  }

  /** At the owner of one contact. */
  Future<IqReply> answer(IqRequest request) {
    if (Question.of(request.stanza()) == null) {
      return Future.succeededFuture(IqReply.error(Condition.SERVICE_UNAVAILABLE));
    }
    return answer(request.stanza(), List.of(request.account().jid()))
        .map(
            found ->
                IqReply.result().with(found.stream().map(Effect.Send::new).toArray(Effect[]::new)));
  }

  private static Map<Jid, List<Node>> sentOnPresence(
      Map<Jid, List<StoredNode>> all, Set<String> wanted) {
    Map<Jid, List<Node>> some = new LinkedHashMap<>();
    all.forEach(
        (owner, nodes) -> {
          List<Node> sent =
              nodes.stream()
                  .filter(node -> wanted.contains(node.name()))
                  .map(Node::of)
                  .filter(LastItems::isSentOnPresence)
                  .toList();
          if (!sent.isEmpty()) {
            some.put(owner, sent);
          }
        });
    return some;
  }

  private static boolean isSentOnPresence(Node node) {
    return node.is(ConfigField.DELIVER_NOTIFICATIONS)
        && node.config().value(ConfigField.SEND_LAST_PUBLISHED_ITEM).equals("on_sub_and_presence");
  }

  /** XEP-0163, section 4.3.3: nothing for whom the user blocks. */
  private Future<Map<Jid, List<Node>>> visible(Map<Jid, List<Node>> all, Jid session) {
    return acquaintance
        .of(all.keySet(), session)
        .map(
            relations -> {
              Map<Jid, List<Node>> visible = new LinkedHashMap<>();
              all.forEach(
                  (owner, some) -> {
                    Relations account = relations.get(owner);
                    if (!account.isBlocked(session)) {
                      visible.put(
                          owner,
                          some.stream()
                              .filter(node -> Access.allows(account, node, session))
                              .toList());
                    }
                  });
              return visible;
            });
  }
}

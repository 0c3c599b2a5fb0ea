package io.rookery.router.pubsub;

import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.session.Retries;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** XEP-0163: Personal Eventing Protocol, and of XEP-0060 what accounts need for it. */
public final class Pubsub implements Extension {
  static final String NS = "http://jabber.org/protocol/pubsub";
  static final String OWNER = NS + "#owner";

  private static final Set<IqTarget> ACCOUNTS =
      EnumSet.of(IqTarget.OWN_ACCOUNT, IqTarget.OTHER_ACCOUNT);

  /** XEP-0060, section 10. */
  private static final List<String> FEATURES =
      List.of(
          "access-authorize",
          "access-open",
          "access-presence",
          "access-roster",
          "access-whitelist",
          "auto-create",
          "auto-subscribe",
          "config-node",
          "config-node-max",
          "create-and-configure",
          "create-nodes",
          "delete-items",
          "delete-nodes",
          "filtered-notifications",
          "item-ids",
          "last-published",
          "member-affiliation",
          "meta-data",
          "modify-affiliations",
          "multi-items",
          "outcast-affiliation",
          "persistent-items",
          "presence-notifications",
          "presence-subscribe",
          "publish",
          "publish-options",
          "publisher-affiliation",
          "pubsub-on-a-jid",
          "purge-nodes",
          "retract-items",
          "retrieve-default",
          "retrieve-items",
          "retrieve-subscriptions",
          "rsm",
          "subscribe",
          "subscription-notifications");

  private final Nodes nodes;
  private final Publishing publishing;
  private final Retrieval retrieval;
  private final Subscribing subscribing;
  private final OwnerRequests owner;
  private final NodeDiscovery discovery;
  private final LastItems lastItems;
  private final Newcomers newcomers;

  /**
   * @param ids for items and messages: unique
   * @param listeners learn what clients publish and remove
   */
  public Pubsub(
      KnownNodes store,
      Acquaintance acquaintance,
      Retries retries,
      Limits limits,
      Clock clock,
      Supplier<String> ids,
      List<NodeListener> listeners) {
    this.nodes = new Nodes(store, retries);
    Items items = new Items(store, retries, limits, clock);
    Notifications notifications = new Notifications(ids);
    NodeListeners told = new NodeListeners(listeners, retries);
    this.publishing = new Publishing(nodes, items, notifications, limits, ids, told);
    this.retrieval = new Retrieval(nodes, items, limits, told);
    this.subscribing = new Subscribing(nodes, items, notifications, new Approval(ids));
    this.newcomers = new Newcomers(nodes, items, notifications, retries);
    this.owner = new OwnerRequests(nodes, items, notifications, newcomers, limits, told);
    this.discovery = new NodeDiscovery(nodes, items, limits);
    this.lastItems = new LastItems(nodes, items, notifications, acquaintance, retries, ids);
  }

  /** Sends last items to those who are interested. */
  public LastItems lastItems() {
    return lastItems;
  }

  /** Sends last items to those who may see them only now. */
  public Newcomers newcomers() {
    return newcomers;
  }

  /** The account of that address is no more: whoever gets it next is somebody else. */
  public Future<Void> gone(AccountView account, Jid bare) {
    return account.inTurn(() -> nodes.forget(account, bare));
  }

  @Override
  public Manifest manifest() {
    Manifest manifest =
        Manifest.of(163, "1.2.2", "Personal Eventing Protocol")
            .also(
                SupportedXep.partial(
                    60, "1.30.0", "Publish-Subscribe", "Of accounts only, as XEP-0163 needs it"))
            .also(SupportedXep.complete(84, "1.1.4", "User Avatar", "At nodes of accounts"))
            .also(
                SupportedXep.complete(402, "1.2.0", "PEP Native Bookmarks", "At nodes of accounts"))
            .also(SupportedXep.complete(172, "1.1", "User Nickname", "At nodes of accounts"))
            .also(
                SupportedXep.complete(
                    223,
                    "1.1.1",
                    "Persistent Storage of Private Data via PubSub",
                    "At nodes of accounts"))
            .also(
                SupportedXep.complete(
                    384, "0.9.1", "OMEMO Encryption", "Nodes of this layout and of the one before"))
            .also(
                SupportedXep.complete(
                    492, "0.2.0", "Chat notification settings", "Kept with bookmarks"))
            .accountIdentity("pubsub", "pep")
            .serverFeature(NS + "#publish-options") // some clients ask only the server
            .accountFeature(NS)
            .accountNodes(discovery::answer)
            .iq(StanzaType.IQ_GET, NS, "pubsub", ACCOUNTS, this::get)
            .iq(StanzaType.IQ_SET, NS, "pubsub", ACCOUNTS, this::set)
            .iq(StanzaType.IQ_GET, OWNER, "pubsub", ACCOUNTS, this::ownerGet)
            .iq(StanzaType.IQ_SET, OWNER, "pubsub", ACCOUNTS, this::ownerSet)
            .iq(
                StanzaType.IQ_GET,
                LastItems.NS,
                "interest",
                IqTarget.OTHER_ACCOUNT,
                lastItems::answer)
            .ownMessage(ConfigForm.FORMS, "x", subscribing::answered)
            .iqToMany(StanzaType.IQ_GET, LastItems.NS, "interest", lastItems::answer);
    FEATURES.forEach(feature -> manifest.accountFeature(NS + "#" + feature));
    return manifest;
  }

  private Future<IqReply> get(IqRequest request) {
    Element what = first(request.query());
    return switch (what.name()) {
      case "items" -> retrieval.items(request, what);
      case "subscriptions" -> subscribing.subscriptions(request, what);
      case "affiliations" -> unsupported("retrieve-affiliations");
      case "options" -> unsupported("subscription-options");
      default -> reply(IqReply.error(Condition.BAD_REQUEST));
    };
  }

  private Future<IqReply> set(IqRequest request) {
    Element what = first(request.query());
    return switch (what.name()) {
      case "publish" -> publishing.publish(request, what);
      case "retract" -> publishing.retract(request, what);
      case "create" ->
          isOwner(request)
              ? owner.create(request, what)
              : reply(IqReply.error(Condition.FORBIDDEN));
      case "subscribe" -> subscribing.subscribe(request, what);
      case "unsubscribe" -> subscribing.unsubscribe(request, what);
      case "options" -> unsupported("subscription-options");
      default -> reply(IqReply.error(Condition.BAD_REQUEST));
    };
  }

  private Future<IqReply> ownerGet(IqRequest request) {
    Element what = first(request.query());
    if (!isOwner(request)) {
      return reply(IqReply.error(Condition.FORBIDDEN));
    }
    if (what.name().equals("default")) {
      return reply(owner.defaults());
    }
    if (what.attribute("node") == null) {
      return reply(IqReply.error(PubsubError.NODE_ID_REQUIRED));
    }
    return switch (what.name()) {
      case "configure" -> owner.configuration(request, what);
      case "affiliations" -> owner.affiliations(request, what);
      case "subscriptions" -> unsupported("manage-subscriptions");
      default -> reply(IqReply.error(Condition.BAD_REQUEST));
    };
  }

  private Future<IqReply> ownerSet(IqRequest request) {
    Element what = first(request.query());
    if (!isOwner(request)) {
      return reply(IqReply.error(Condition.FORBIDDEN));
    }
    if (what.attribute("node") == null) {
      return reply(IqReply.error(PubsubError.NODE_ID_REQUIRED));
    }
    return switch (what.name()) {
      case "configure" -> owner.configure(request, what);
      case "delete" -> owner.delete(request, what);
      case "purge" -> owner.purge(request, what);
      case "affiliations" -> owner.changeAffiliations(request, what);
      case "subscriptions" -> unsupported("manage-subscriptions");
      default -> reply(IqReply.error(Condition.BAD_REQUEST));
    };
  }

  private static boolean isOwner(IqRequest request) {
    return request.target() == IqTarget.OWN_ACCOUNT;
  }

  /** What is asked; something that nobody asks for when there is nothing in the request. */
  private static Element first(Element pubsub) {
    List<Element> children = pubsub.children();
    return children.isEmpty() || !children.get(0).namespace().equals(pubsub.namespace())
        ? pubsub
        : children.get(0);
  }

  private static Future<IqReply> unsupported(String feature) {
    return reply(IqReply.error(PubsubError.unsupported(feature)));
  }

  private static Future<IqReply> reply(IqReply reply) {
    return Future.succeededFuture(reply);
  }
}

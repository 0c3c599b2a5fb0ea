package io.rookery.router.pubsub;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.avatar.AvatarConversion;
import io.rookery.router.bookmark.BookmarkConversion;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.privatedata.PrivateElements;
import io.rookery.router.privatedata.PrivateXml;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.router.vcard.StoredVcards;
import io.rookery.router.vcard.Vcard;
import io.rookery.router.vcard4.Vcard4;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.privatedata.PrivateName;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.vcard.Vcards;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An account with what clients store there, in memory, and what is converted. */
public final class PersonalAccount implements AutoCloseable {
  private static final String PUBSUB = "http://jabber.org/protocol/pubsub";

  private final LiveAccount juliet = Given.account(Given.JULIET, true);
  private final Vertx vertx = Vertx.vertx();
  private final KnownNodes nodes = new KnownNodes(new MemoryNodes(), account -> 0, 1 << 20);
  private final PrivateRows rows = new PrivateRows();
  private String vcard;
  private final Retries retries =
      new Retries(vertx, () -> Future.<Void>succeededFuture().toCompletionStage(), meters());
  private final ServerPublications publications =
      new ServerPublications(nodes, retries, Limits.USUAL, Clock.systemUTC(), () -> "id");
  private final IqDispatcher dispatcher = new IqDispatcher(extensions());

  private static SimpleMeterRegistry meters() {
    return new SimpleMeterRegistry();
  }

  private Extensions extensions() {
    StoredVcards vcards = new StoredVcards(new OneVcard(), retries);
    PrivateElements elements = new PrivateElements(rows, retries);
    AvatarConversion avatars = new AvatarConversion(publications, vcards);
    Vcard4 vcard4 = new Vcard4(publications, vcards);
    BookmarkConversion bookmarks = new BookmarkConversion(publications, elements);
    Pubsub pubsub =
        new Pubsub(
            nodes,
            new Acquaintance(jid -> null, null, null),
            retries,
            Limits.USUAL,
            Clock.systemUTC(),
            () -> "id",
            List.of(avatars, vcard4, bookmarks));
    return new Extensions(
        List.of(
            pubsub,
            new PrivateXml(elements, bookmarks),
            new Vcard(vcards, List.of(avatars, vcard4))));
  }

  private final class OneVcard implements Vcards {
    @Override
    public Future<Optional<String>> find(Jid owner) {
      return Future.succeededFuture(Optional.ofNullable(vcard));
    }

    @Override
    public Future<Void> put(Jid owner, String xml, String photo) {
      vcard = xml;
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> delete(Jid owner) {
      throw new AssertionError("only with the account");
    }
  }

  private static final class PrivateRows implements PrivateData {
    private final Map<PrivateName, String> rows = new HashMap<>();

    @Override
    public Future<Map<PrivateName, String>> find(Jid owner, String namespace) {
      return Future.succeededFuture(
          rows.entrySet().stream()
              .filter(row -> row.getKey().namespace().equals(namespace))
              .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @Override
    public Future<Map<PrivateName, Integer>> sizes(Jid owner) {
      Map<PrivateName, Integer> sizes = new HashMap<>();
      rows.forEach((name, xml) -> sizes.put(name, xml.getBytes(StandardCharsets.UTF_8).length));
      return Future.succeededFuture(sizes);
    }

    @Override
    public Future<Void> put(Jid owner, Map<PrivateName, String> elements) {
      rows.putAll(elements);
      rows.values().removeIf(String::isEmpty);
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> delete(Jid owner) {
      throw new AssertionError("only with the account");
    }
  }

  public LiveAccount account() {
    return juliet;
  }

  public ServerPublications publications() {
    return publications;
  }

  /** What the account's owner answers; another photo is known from then on. */
  public IqReply asks(StanzaType type, Jid from, String payload) {
    IqTarget target =
        from.bare().equals(Given.JULIET) ? IqTarget.OWN_ACCOUNT : IqTarget.OTHER_ACCOUNT;
    Stanza iq = Stanza.of(type, from, Given.JULIET, "1", Element.parse(payload));
    IqReply reply = dispatcher.answer(iq, target, juliet, null).result();
    for (Effect effect : reply.effects()) {
      if (effect instanceof Effect.SetPhoto photo) {
        juliet.photo(photo.hash());
      }
    }
    return reply;
  }

  /** A client stores something, and must be allowed to; gives the nodes that are notified about. */
  public List<String> sets(String payload) {
    IqReply reply = asks(StanzaType.IQ_SET, Given.JULIET, payload);
    assertNull(reply.error());
    return reply.effects().stream()
        .filter(Effect.ToAccounts.class::isInstance)
        .map(effect -> Notifications.node(((Effect.ToAccounts) effect).stanza()))
        .toList();
  }

  /**
   * @param access model of the node, null for no options
   */
  public List<String> publishes(String node, String id, String payload, String access) {
    String options =
        "<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
            + ("<value>" + PUBSUB + "#publish-options</value></field>")
            + ("<field var='pubsub#access_model'><value>" + access + "</value></field>")
            + "<field var='pubsub#max_items'><value>max</value></field>"
            + "</x></publish-options>";
    return sets(
        "<pubsub xmlns='%s'><publish node='%s'><item id='%s'>%s</item></publish>%s</pubsub>"
            .formatted(PUBSUB, node, id, payload, access == null ? "" : options));
  }

  public List<String> retracts(String node, String id) {
    return sets(
        "<pubsub xmlns='%s'><retract node='%s' notify='1'><item id='%s'/></retract></pubsub>"
            .formatted(PUBSUB, node, id));
  }

  /**
   * @param what delete or purge
   */
  public List<String> owns(String what, String node) {
    return sets("<pubsub xmlns='%s#owner'><%s node='%s'/></pubsub>".formatted(PUBSUB, what, node));
  }

  /** A node without items, for contacts. */
  public List<String> creates(String node) {
    return sets("<pubsub xmlns='%s'><create node='%s'/></pubsub>".formatted(PUBSUB, node));
  }

  /** Who may see a node changes. */
  public List<String> opens(String node, String access) {
    return sets(
        "<pubsub xmlns='%s#owner'><configure node='%s'><x xmlns='jabber:x:data' type='submit'>"
                .formatted(PUBSUB, node)
            + ("<field var='pubsub#access_model'><value>" + access + "</value></field>")
            + "</x></configure></pubsub>");
  }

  /** Items at a node by their ids, as the asker sees them, the last at the end. */
  public Map<String, Element> items(String node, Jid asker) {
    IqReply reply =
        asks(
            StanzaType.IQ_GET,
            asker,
            "<pubsub xmlns='%s'><items node='%s'/></pubsub>".formatted(PUBSUB, node));
    Map<String, Element> items = new LinkedHashMap<>();
    if (reply.error() == null) {
      for (Element item : reply.payload().children().get(0).children()) {
        items.put(item.attribute("id"), item.children().get(0));
      }
    }
    return items;
  }

  public Map<String, Element> items(String node) {
    return items(node, Given.JULIET);
  }

  /** Puts an item where no client and no conversion has. */
  public void has(String node, String id, String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    nodes.publish(Given.JULIET, node, new StoredItem(id, 1, Given.JULIET, bytes), List.of());
  }

  /** Puts bookmarks where no client and no conversion has; an empty text for none. */
  public void hasPrivately(String bookmarks) {
    PrivateName name = new PrivateName("storage:bookmarks", "storage");
    rows.put(Given.JULIET, Map.of(name, bookmarks));
  }

  /** Null for none. */
  public Element vcard() {
    return asks(StanzaType.IQ_GET, Given.JULIET, "<vCard xmlns='vcard-temp'/>").payload();
  }

  public Element privateXml(String namespace, String name) {
    return asks(
            StanzaType.IQ_GET,
            Given.JULIET,
            "<query xmlns='jabber:iq:private'><%s xmlns='%s'/></query>".formatted(name, namespace))
        .payload()
        .children()
        .get(0);
  }

  @Override
  public void close() {
    vertx.close();
  }
}

package io.rookery.router.bookmark;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;
import io.rookery.router.privatedata.PrivateElements;
import io.rookery.router.privatedata.PrivateListener;
import io.rookery.router.pubsub.NodeChange;
import io.rookery.router.pubsub.NodeListener;
import io.rookery.router.pubsub.ServerPublications;
import io.rookery.router.pubsub.ServerPublications.Audience;
import io.rookery.router.pubsub.ServerPublications.Profile;
import io.rookery.storage.privatedata.PrivateName;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * XEP-0411: Bookmarks Conversion, and the same with the items of XEP-0402, section 5.3. A list in
 * private XML, the same list at a node, and an item for every room say the same after each write of
 * a client. What a client has never seen, it does not remove: only what was in the list before and
 * is not any more goes, so that nothing is lost when the three meet for the first time.
 */
public final class BookmarkConversion implements Extension, NodeListener, PrivateListener {
  private static final String NS = "urn:xmpp:bookmarks-conversion:0";
  private static final String CURRENT = "current";

  /** More would push each other from the node. */
  private static final int MAX_ROOMS = 1000;

  private final ServerPublications publications;
  private final PrivateElements elements;

  public BookmarkConversion(ServerPublications publications, PrivateElements elements) {
    this.publications = publications;
    this.elements = elements;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(411, "1.1.0", "Bookmarks Conversion")
        .accountFeature(NS)
        .accountFeature(BookmarkItems.NS + "#compat")
        .accountFeature(BookmarkItems.NS + "#compat-pep");
  }

  @Override
  public Set<String> nodes() {
    return Set.of(BookmarkItems.NS, BookmarkList.NS);
  }

  @Override
  public PrivateName name() {
    return BookmarkList.NAME;
  }

  /** What all say, or shall say. */
  private record Stored(BookmarkList list, BookmarkList atNode, BookmarkItems items) {}

  private Future<Stored> stored(AccountView account) {
    return elements
        .find(account, BookmarkList.NAME)
        .compose(
            list ->
                publications
                    .items(account, BookmarkList.NS)
                    .map(ServerPublications::payload)
                    .compose(
                        atNode ->
                            publications
                                .items(account, BookmarkItems.NS)
                                .map(BookmarkItems::of)
                                .map(
                                    items ->
                                        new Stored(
                                            new BookmarkList(list),
                                            BookmarkList.of(atNode).orElse(null),
                                            items))));
  }

  @Override
  public Future<List<Effect>> written(AccountView account, Element before, Element after) {
    return stored(account)
        .compose(
            stored -> listed(account, stored, new BookmarkList(before), new BookmarkList(after)));
  }

  @Override
  public Future<List<Effect>> changed(AccountView account, NodeChange change) {
    return stored(account)
        .compose(
            stored -> {
              if (change.node().equals(BookmarkItems.NS)) {
                return items(account, stored, change);
              }
              return change.published() == null || stored.atNode() == null
                  ? Future.succeededFuture(List.of()) // who takes the list away keeps the bookmarks
                  : listed(account, stored, stored.list(), stored.atNode());
            });
  }

  /** What has been stored before there was a conversion, or by an import, comes together. */
  @Override
  public Future<List<Effect>> missing(AccountView account) {
    return stored(account)
        .compose(
            stored -> {
              Map<Jid, Bookmark> wanted = new LinkedHashMap<>();
              if (stored.atNode() != null) {
                wanted.putAll(stored.atNode().bookmarks());
              }
              wanted.putAll(stored.list().bookmarks());
              wanted.putAll(stored.items().bookmarks());
              return wanted.isEmpty()
                  ? Future.succeededFuture(List.of())
                  : write(account, stored, stored.list(), wanted);
            });
  }

  @Override
  public Future<List<Effect>> missing(AccountView account, String node) {
    return missing(account);
  }

  /** A client has written the list. */
  private Future<List<Effect>> listed(
      AccountView account, Stored stored, BookmarkList before, BookmarkList after) {
    Map<Jid, Bookmark> wanted = new LinkedHashMap<>(stored.items().bookmarks());
    wanted.keySet().removeAll(before.bookmarks().keySet());
    wanted.putAll(after.bookmarks());
    return write(account, stored, after, wanted);
  }

  /** A client has published or removed items. */
  private Future<List<Effect>> items(AccountView account, Stored stored, NodeChange change) {
    Map<Jid, Bookmark> wanted = new LinkedHashMap<>(stored.list().bookmarks());
    if (change.isEmptied()) {
      wanted.clear();
    }
    change.retracted().stream()
        .map(Bookmark::room)
        .flatMap(Optional::stream)
        .forEach(wanted::remove);
    wanted.putAll(stored.items().bookmarks());
    return write(account, stored, stored.list(), wanted);
  }

  private Future<List<Effect>> write(
      AccountView account, Stored stored, BookmarkList last, Map<Jid, Bookmark> wanted) {
    BookmarkList list = last.with(wanted);
    return publishItems(account, stored.items(), wanted)
        .compose(
            effects ->
                (list.equals(stored.list())
                        ? Future.succeededFuture(true)
                        : elements.put(account, List.of(list.storage())))
                    .compose(fits -> publishList(account, stored.atNode(), list))
                    .map(more -> joined(effects, more)));
  }

  private Future<List<Effect>> publishItems(
      AccountView account, BookmarkItems items, Map<Jid, Bookmark> wanted) {
    return publications
        .audience(account, BookmarkItems.NS)
        .compose(
            audience -> {
              if (wanted.size() > MAX_ROOMS
                  || audience == Audience.SOME
                  || audience == Audience.EVERYBODY) {
                return Future.succeededFuture(List.of());
              }
              return publications
                  .retract(account, BookmarkItems.NS, items.surplus(wanted))
                  .compose(
                      effects ->
                          publications
                              .publish(
                                  account,
                                  BookmarkItems.NS,
                                  Profile.PRIVATE_LIST,
                                  items.changes(wanted))
                              .map(more -> joined(effects, more)));
            });
  }

  private Future<List<Effect>> publishList(
      AccountView account, BookmarkList before, BookmarkList list) {
    return list.equals(before)
        ? Future.succeededFuture(List.of())
        : publications.publish(
            account, BookmarkList.NS, Profile.PRIVATE, Map.of(CURRENT, list.storage()));
  }

  private static List<Effect> joined(List<Effect> first, List<Effect> then) {
    List<Effect> all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }
}

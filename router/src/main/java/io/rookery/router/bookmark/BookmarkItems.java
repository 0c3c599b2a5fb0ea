package io.rookery.router.bookmark;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.pubsub.ServerPublications;
import io.rookery.storage.pubsub.StoredItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every bookmark in an item of its own (XEP-0402). What is no bookmark of a room is left alone.
 *
 * @param items by room
 */
record BookmarkItems(Map<Jid, Item> items) {
  static final String NS = "urn:xmpp:bookmarks:1";

  /** The item of a room; its id may be another spelling of the room's address. */
  record Item(String id, Element conference) {}

  static BookmarkItems of(List<StoredItem> stored) {
    Map<Jid, Item> items = new LinkedHashMap<>();
    for (StoredItem item : stored) {
      Element payload = ServerPublications.payload(item);
      if (payload != null && payload.is(NS, "conference")) {
        Bookmark.room(item.id()).ifPresent(room -> items.put(room, new Item(item.id(), payload)));
      }
    }
    return new BookmarkItems(items);
  }

  Map<Jid, Bookmark> bookmarks() {
    Map<Jid, Bookmark> bookmarks = new LinkedHashMap<>();
    items.forEach((room, item) -> bookmarks.put(room, Bookmark.of(item.conference())));
    return bookmarks;
  }

  /** What has to be published for these bookmarks to be there, by the ids of the items. */
  Map<String, Element> changes(Map<Jid, Bookmark> wanted) {
    Map<Jid, Bookmark> there = bookmarks();
    Map<String, Element> changes = new LinkedHashMap<>();
    wanted.forEach(
        (room, bookmark) -> {
          if (!bookmark.equals(there.get(room))) {
            Item item =
                items.getOrDefault(room, new Item(room.toString(), Element.of(NS, "conference")));
            changes.put(item.id(), bookmark.in(item.conference()));
          }
        });
    return changes;
  }

  /** Ids of the items that have to go for no other bookmarks to be there. */
  List<String> surplus(Map<Jid, Bookmark> wanted) {
    return items.entrySet().stream()
        .filter(item -> !wanted.containsKey(item.getKey()))
        .map(item -> item.getValue().id())
        .toList();
  }
}

package io.rookery.router.bookmark;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.Node;
import io.rookery.storage.privatedata.PrivateName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All bookmarks in one element (XEP-0048). What is no room with an address stays as it is. */
record BookmarkList(Element storage) {
  static final String NS = "storage:bookmarks";
  static final PrivateName NAME = new PrivateName(NS, "storage");
  static final BookmarkList EMPTY = new BookmarkList(Element.of(NS, "storage"));

  /** Empty when it is something else. */
  static Optional<BookmarkList> of(Element element) {
    return element != null && element.is(NS, "storage")
        ? Optional.of(new BookmarkList(element))
        : Optional.empty();
  }

  private static Optional<Jid> room(Node node) {
    return node instanceof Element e && e.is(NS, "conference")
        ? Bookmark.room(e.attribute("jid"))
        : Optional.empty();
  }

  /** Of rooms that are there twice the last counts. */
  Map<Jid, Bookmark> bookmarks() {
    Map<Jid, Bookmark> bookmarks = new LinkedHashMap<>();
    for (Element child : storage.children()) {
      room(child).ifPresent(room -> bookmarks.put(room, Bookmark.of(child)));
    }
    return bookmarks;
  }

  /** The list with these rooms, and no others; itself when it has them. */
  BookmarkList with(Map<Jid, Bookmark> wanted) {
    if (bookmarks().equals(wanted)) {
      return this;
    }
    Set<Jid> there = new HashSet<>();
    List<Node> nodes = new ArrayList<>();
    for (Node node : storage.nodes()) {
      Optional<Jid> room = room(node);
      if (room.isEmpty()) {
        nodes.add(node);
      } else if (wanted.containsKey(room.get()) && there.add(room.get())) {
        nodes.add(wanted.get(room.get()).in((Element) node));
      }
    }
    wanted.forEach(
        (room, bookmark) -> {
          if (!there.contains(room)) {
            Element conference = Element.of(NS, "conference").attribute("jid", room.toString());
            nodes.add(bookmark.in(conference));
          }
        });
    return new BookmarkList(Element.of(NS, "storage").with(nodes));
  }
}

package io.rookery.router.bookmark;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import java.util.Optional;

/**
 * What the old and the new way of bookmarking say of a room; the rest is theirs.
 *
 * @param name null for none, and so are nick and password
 */
record Bookmark(String name, boolean autojoin, String nick, String password) {
  /** Characters of a text; one that is longer is as if it was not there. */
  private static final int MAX_TEXT = 1023;

  /** Characters of an address: as many as the id of an item may have. */
  private static final int MAX_ROOM = 512;

  /**
   * @param conference of XEP-0048 or XEP-0402
   */
  static Bookmark of(Element conference) {
    String autojoin = conference.attribute("autojoin");
    return new Bookmark(
        known(conference.attribute("name")),
        "true".equals(autojoin) || "1".equals(autojoin),
        text(conference, "nick"),
        text(conference, "password"));
  }

  private static String text(Element conference, String name) {
    Element child = conference.child(conference.namespace(), name);
    return child == null ? null : known(child.text());
  }

  private static String known(String text) {
    return text == null || text.isEmpty() || text.length() > MAX_TEXT ? null : text;
  }

  /** The room that is meant; empty for none. */
  static Optional<Jid> room(String jid) {
    try {
      return Optional.ofNullable(jid)
          .map(text -> Jid.parse(text.strip()).bare())
          .filter(room -> room.toString().length() <= MAX_ROOM);
    } catch (InvalidJidException e) {
      return Optional.empty();
    }
  }

  /** The element with what this says, and what else it had. */
  Element in(Element conference) {
    String ns = conference.namespace();
    Element changed =
        conference
            .attribute("name", name)
            .attribute("autojoin", autojoin ? "true" : null)
            .without(ns, "nick")
            .without(ns, "password");
    if (nick != null) {
      changed = changed.with(Element.of(ns, "nick", nick));
    }
    return password == null ? changed : changed.with(Element.of(ns, "password", password));
  }
}

package io.rookery.standalone.portable;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.RosterItem.Subscription;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Contacts and subscription requests as XML (XEP-0227, sections 4.4 and 4.9). */
final class RosterXml {
  /** The same that clients are held to. */
  private static final int MAX_TEXT = 1023;

  private RosterXml() {}

  static Element item(RosterItem item) {
    Element element =
        Element.of(Namespaces.ROSTER, "item")
            .attribute("jid", item.contact().toString())
            .attribute("name", item.name())
            .attribute("subscription", item.subscription().name().toLowerCase(Locale.ROOT))
            .attribute("ask", item.ask() ? "subscribe" : null)
            .attribute("approved", item.approved() ? "true" : null);
    return element.with(
        item.groups().stream()
            .sorted()
            .map(group -> Element.of(Namespaces.ROSTER, "group", group))
            .toList());
  }

  static Element request(RosterItem item) {
    byte[] stanza = item.pendingIn().getBytes(StandardCharsets.UTF_8);
    return Element.parse(stanza, 0, stanza.length, Namespaces.CLIENT);
  }

  /** Empty for what is no contact of that user. */
  static Optional<RosterItem> item(Element element, Jid user) {
    Jid contact = jid(element.attribute("jid"));
    if (!element.is(Namespaces.ROSTER, "item") || contact == null || contact.equals(user)) {
      return Optional.empty();
    }
    Set<String> groups = new LinkedHashSet<>();
    for (Element group : element.children(Namespaces.ROSTER, "group")) {
      if (!group.text().isEmpty()) {
        groups.add(shortened(group.text()));
      }
    }
    String name = element.attribute("name");
    String approved = String.valueOf(element.attribute("approved"));
    return Optional.of(
        new RosterItem(
            contact,
            name == null || name.isEmpty() ? null : shortened(name),
            subscription(element.attribute("subscription")),
            "subscribe".equals(element.attribute("ask")),
            approved.equals("true") || approved.equals("1"),
            null,
            false,
            groups));
  }

  /** A request of the contact's, empty for what is none. */
  static Optional<Stanza> request(Element presence, Jid user) {
    Jid contact = jid(presence.attribute("from"));
    if (contact == null
        || contact.equals(user)
        || !"subscribe".equals(presence.attribute("type"))) {
      return Optional.empty();
    }
    Element addressed =
        ClientNamespace.of(presence)
            .attribute("from", contact.toString())
            .attribute("to", user.toString());
    try {
      Stanza stanza = Stanza.parse(addressed.toBytes());
      return stanza.type() == StanzaType.PRESENCE_SUBSCRIBE
          ? Optional.of(stanza)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Jid jid(String text) {
    try {
      return text == null ? null : Jid.parse(text).bare();
    } catch (InvalidJidException e) {
      return null;
    }
  }

  private static Subscription subscription(String text) {
    return switch (String.valueOf(text)) {
      case "both" -> Subscription.BOTH;
      case "to" -> Subscription.TO;
      case "from" -> Subscription.FROM;
      default -> Subscription.NONE;
    };
  }

  private static String shortened(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
    return text.substring(0, end);
  }
}

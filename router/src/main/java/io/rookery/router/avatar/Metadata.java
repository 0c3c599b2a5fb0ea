package io.rookery.router.avatar;

import io.rookery.protocol.xml.Element;
import io.rookery.router.vcard.Photo;
import java.util.Locale;
import java.util.Optional;

/** What is at the metadata node (XEP-0084, section 4.2). */
final class Metadata {
  static final String NS = "urn:xmpp:avatar:metadata";
  static final String DATA = "urn:xmpp:avatar:data";

  /** Avatar publishing is disabled (section 3.5). */
  static final Element NONE = Element.of(NS, "metadata");

  private Metadata() {}

  /** The image that is at the data node, and not elsewhere. */
  record Info(String id, String type) {}

  /** The first one that is there. */
  static Optional<Info> info(Element metadata) {
    if (metadata == null) {
      return Optional.empty();
    }
    return metadata.children(NS, "info").stream()
        .filter(info -> info.attribute("url") == null && info.attribute("id") != null)
        .map(info -> new Info(info.attribute("id"), orEmpty(info.attribute("type"))))
        .findFirst();
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text.strip();
  }

  /** True when the user says that there is no avatar; something else may be none of ours. */
  static boolean isNone(Element metadata) {
    return metadata.is(NS, "metadata")
        && (metadata.children().isEmpty() || metadata.child(NS, "stop") != null);
  }

  static Element of(Photo photo) {
    return NONE.with(
        Element.of(NS, "info")
            .attribute("bytes", Integer.toString(photo.image().length))
            .attribute("id", photo.hash())
            .attribute("type", photo.type()));
  }

  static Element data(Photo photo) {
    return Element.of(DATA, "data", photo.base64());
  }

  /** The image of an item of the data node; empty unless it is what its id says. */
  static Optional<Photo> photo(Info info, Element data) {
    if (data == null || !data.is(DATA, "data")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Photo.of(info.type(), data.text()))
          .filter(photo -> !photo.isNone() && photo.type() != null)
          .filter(photo -> photo.image().length <= Photo.MAX_BYTES)
          .filter(photo -> photo.hash().equals(info.id().toLowerCase(Locale.ROOT)));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}

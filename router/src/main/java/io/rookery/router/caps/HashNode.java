package io.rookery.router.caps;

import io.rookery.protocol.xml.Element;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Makes capability hashes of disco#info answers (XEP-0390, sections 4.1 and 4.3). */
final class HashNode {
  static final String NS = "urn:xmpp:caps";
  static final String PREFIX = NS + "#";

  /** Those that every implementation of XEP-0300 must have, the better one first. */
  static final List<String> HASHES = List.of("sha3-256", "sha-256");

  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String FORMS = "jabber:x:data";
  private static final char END_OF_PART = 0x1c;
  private static final char END_OF_FORM = 0x1d;
  private static final char END_OF_GROUP = 0x1e;
  private static final char END_OF_TEXT = 0x1f;

  private HashNode() {}

  /** The node by which to ask for the capabilities with this hash. */
  static String of(String hash, String base64) {
    return PREFIX + hash + "." + base64;
  }

  /**
   * Empty when the answer is ill-formed.
   *
   * @param hash a known one
   */
  static Optional<String> hash(Element query, String hash) {
    if (!isWellFormed(query)) {
      return Optional.empty();
    }
    String input = features(query) + identities(query) + forms(query);
    byte[] digest = VerificationString.digest(hash, VerificationString.bytes(input));
    return Optional.of(Base64.getEncoder().encodeToString(digest));
  }

  private static boolean isWellFormed(Element query) {
    return query.children().stream()
        .allMatch(
            child ->
                child.is(INFO, "identity")
                    || child.is(INFO, "feature")
                    || child.is(FORMS, "x") && isWellFormedForm(child));
  }

  private static boolean isWellFormedForm(Element form) {
    return form.child(FORMS, "reported") == null
        && form.child(FORMS, "item") == null
        && VerificationString.formType(form)
            .filter(type -> type.children(FORMS, "value").size() == 1)
            .isPresent();
  }

  private static String features(Element query) {
    return joined(
            query.children(INFO, "feature").stream()
                .map(feature -> text(feature.attribute("var")))
                .toList())
        + END_OF_PART;
  }

  private static String identities(Element query) {
    return joined(
            query.children(INFO, "identity").stream()
                .map(
                    identity ->
                        text(identity.attribute("category"))
                            + text(identity.attribute("type"))
                            + text(identity.lang() == null ? query.lang() : identity.lang())
                            + text(identity.attribute("name"))
                            + END_OF_GROUP)
                .toList())
        + END_OF_PART;
  }

  private static String forms(Element query) {
    return joined(query.children(FORMS, "x").stream().map(HashNode::form).toList()) + END_OF_PART;
  }

  private static String form(Element form) {
    List<String> fields = new ArrayList<>();
    for (Element field : form.children(FORMS, "field")) {
      List<String> values =
          field.children(FORMS, "value").stream().map(value -> text(value.text())).toList();
      fields.add(text(field.attribute("var")) + joined(values) + END_OF_GROUP);
    }
    return joined(fields) + END_OF_FORM;
  }

  private static String text(String text) {
    return (text == null ? "" : text) + END_OF_TEXT;
  }

  private static String joined(List<String> texts) {
    String[] sorted = texts.toArray(String[]::new);
    Arrays.sort(sorted, VerificationString.OCTETS);
    return String.join("", sorted);
  }
}

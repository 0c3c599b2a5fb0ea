package io.rookery.router.directory;

import io.rookery.protocol.xml.Element;
import io.rookery.storage.directory.DirectoryField;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a vCard4 (RFC 6351) says of what its owner can be found by. */
final class PublicNames {
  private static final String NS = "urn:ietf:params:xml:ns:vcard-4.0";

  /** Of one field; more are left out. */
  private static final int MAX_VALUES = 5;

  /** Characters; what is longer is no name. */
  private static final int MAX_LENGTH = 100;

  private PublicNames() {}

  /**
   * The values by field.
   *
   * @param vcard null for none
   */
  static Map<DirectoryField, List<String>> of(Element vcard) {
    if (vcard == null || !vcard.is(NS, "vcard")) {
      return Map.of();
    }
    Map<DirectoryField, List<String>> names = new EnumMap<>(DirectoryField.class);
    names.put(DirectoryField.FIRST, some(texts(vcard, "n", "given")));
    names.put(DirectoryField.LAST, some(texts(vcard, "n", "surname")));
    // the name that is shown is what most people have: many clients ask for no other
    names.put(
        DirectoryField.NICK,
        some(Stream.concat(texts(vcard, "nickname", "text"), texts(vcard, "fn", "text"))));
    names.put(DirectoryField.EMAIL, some(texts(vcard, "email", "text")));
    return names;
  }

  private static Stream<String> texts(Element vcard, String property, String value) {
    return vcard.children(NS, property).stream()
        .flatMap(element -> element.children(NS, value).stream())
        .map(element -> element.text().strip());
  }

  private static List<String> some(Stream<String> values) {
    return values
        .filter(value -> !value.isEmpty() && value.length() <= MAX_LENGTH)
        .distinct()
        .limit(MAX_VALUES)
        .toList();
  }
}

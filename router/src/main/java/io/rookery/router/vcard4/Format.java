package io.rookery.router.vcard4;

import io.rookery.protocol.xml.Element;
import io.rookery.router.vcard.Vcard;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The two formats, and the fields that both have (XEP-0292, section 9). Other fields stay as they
 * are, each in its own format; the photo is XEP-0398's.
 */
enum Format {
  /** XEP-0054. */
  TEMP(
      Vcard.NS,
      Set.of(
          "FN",
          "N",
          "NICKNAME",
          "URL",
          "BDAY",
          "ORG",
          "TITLE",
          "ROLE",
          "EMAIL",
          "TEL",
          "ADR",
          "DESC",
          "NOTE")),
  /** RFC 6351. */
  FOUR(
      "urn:ietf:params:xml:ns:vcard-4.0",
      Set.of(
          "fn",
          "n",
          "nickname",
          "url",
          "bday",
          "org",
          "title",
          "role",
          "email",
          "tel",
          "adr",
          "note"));

  /** More of a vCard are not converted. */
  static final int MAX_FIELDS = 500;

  /** Parts of a name, by their names in vcard-temp. */
  static final Map<String, String> NAME =
      ordered("FAMILY surname GIVEN given MIDDLE additional PREFIX prefix SUFFIX suffix");

  /** Parts of an address. */
  static final Map<String, String> ADDRESS =
      ordered(
          "POBOX pobox EXTADD ext STREET street LOCALITY locality REGION region"
              + " PCODE code CTRY country");

  /** Types of addresses of all kinds, but for the one that is preferred. */
  static final Map<String, String> TYPES =
      ordered("HOME home WORK work VOICE voice FAX fax PAGER pager CELL cell VIDEO video");

  private final String ns;
  private final Set<String> fields;

  Format(String ns, Set<String> fields) {
    this.ns = ns;
    this.fields = fields;
  }

  private static Map<String, String> ordered(String pairs) {
    Map<String, String> ordered = new LinkedHashMap<>();
    String[] names = pairs.split(" ");
    for (int i = 0; i < names.length; i += 2) {
      ordered.put(names[i], names[i + 1]);
    }
    return Collections.unmodifiableMap(ordered);
  }

  Element of(String name) {
    return Element.of(ns, name);
  }

  Element of(String name, String text) {
    return Element.of(ns, name, text);
  }

  boolean has(Element element) {
    return element.namespace().equals(ns);
  }

  /** The fields of a vCard in this format that are to be converted. */
  List<Element> fields(Element vcard) {
    return vcard.children().stream()
        .filter(field -> has(field) && fields.contains(field.name()))
        .limit(MAX_FIELDS)
        .toList();
  }

  /** The vCard with these fields instead of its own. */
  Element with(Element vcard, List<Element> converted) {
    Element rest = vcard;
    for (String field : fields) {
      rest = rest.without(ns, field);
    }
    return rest.with(converted);
  }

  /** Text of a child, empty for none. */
  static String child(Element field, String name) {
    Element child = field.child(field.namespace(), name);
    return child == null ? "" : child.text().strip();
  }
}

package io.rookery.router.vcard4;

import static io.rookery.router.vcard4.Format.TEMP;

import io.rookery.protocol.xml.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a vCard4 says, as a vcard-temp says it. */
final class FromFour {
  private FromFour() {}

  static List<Element> fields(Element vcard) {
    List<Element> fields = new ArrayList<>();
    List<String> nicknames = new ArrayList<>();
    int notes = 0;
    for (Element field : Format.FOUR.fields(vcard)) {
      if (field.name().equals("nickname")) {
        nicknames.addAll(values(field));
      } else if (field.name().equals("note")) {
        fields.addAll(first(notes == 0 ? "DESC" : "NOTE", field));
        notes++;
      } else {
        fields.addAll(converted(field));
      }
    }
    if (!nicknames.isEmpty()) {
      fields.add(TEMP.of("NICKNAME", String.join(",", nicknames)));
    }
    return fields;
  }

  private static List<Element> converted(Element field) {
    String name = field.name().toUpperCase(Locale.ROOT);
    return switch (field.name()) {
      case "fn", "title", "role", "url", "bday" -> first(name, field);
      case "n" -> structured(TEMP.of(name), field, Format.NAME);
      case "adr" -> structured(flagged(TEMP.of(name), field), field, Format.ADDRESS);
      case "org" -> organization(field);
      case "email" -> contact(name, field, "USERID");
      case "tel" -> contact(name, field, "NUMBER");
      default -> List.of();
    };
  }

  private static List<Element> first(String name, Element field) {
    return values(field).stream().limit(1).map(text -> TEMP.of(name, text)).toList();
  }

  private static List<Element> organization(Element field) {
    List<Element> parts = new ArrayList<>();
    for (String value : values(field)) {
      parts.add(TEMP.of(parts.isEmpty() ? "ORGNAME" : "ORGUNIT", value));
    }
    return parts.isEmpty() ? List.of() : List.of(TEMP.of("ORG").with(parts));
  }

  private static List<Element> contact(String name, Element field, String value) {
    String telephone = "tel:";
    return values(field).stream()
        .limit(1)
        .map(text -> text.startsWith(telephone) ? text.substring(telephone.length()) : text)
        .map(text -> flagged(TEMP.of(name), field).with(TEMP.of(value, text)))
        .toList();
  }

  private static Element flagged(Element converted, Element field) {
    Element parameters = field.child(field.namespace(), "parameters");
    if (parameters == null) {
      return converted;
    }
    List<Element> flags = new ArrayList<>();
    Element type = parameters.child(field.namespace(), "type");
    if (type != null) {
      List<String> types =
          values(type).stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
      Format.TYPES.forEach(
          (temp, four) -> {
            if (types.contains(four)) {
              flags.add(TEMP.of(temp));
            }
          });
    }
    if (parameters.child(field.namespace(), "pref") != null) {
      flags.add(TEMP.of("PREF"));
    }
    return converted.with(flags);
  }

  private static List<Element> structured(
      Element converted, Element field, Map<String, String> parts) {
    List<Element> values = new ArrayList<>();
    parts.forEach(
        (temp, four) -> {
          String value = Format.child(field, four);
          if (!value.isEmpty()) {
            values.add(TEMP.of(temp, value));
          }
        });
    return values.isEmpty() ? List.of() : List.of(converted.with(values));
  }

  /** Whatever types they are of (RFC 6351, section 5). */
  private static List<String> values(Element field) {
    return field.children().stream()
        .filter(value -> Format.FOUR.has(value) && !value.name().equals("parameters"))
        .map(value -> value.text().strip())
        .filter(text -> !text.isEmpty())
        .toList();
  }
}

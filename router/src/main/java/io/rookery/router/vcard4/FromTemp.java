package io.rookery.router.vcard4;

import static io.rookery.router.vcard4.Format.FOUR;

import io.rookery.protocol.xml.Element;
import io.rookery.router.vcard.Vcard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a vcard-temp says, as a vCard4 says it. */
final class FromTemp {
  private static final int MAX_VALUES = 100;

  private FromTemp() {}

  static List<Element> fields(Element vcard) {
    return Format.TEMP.fields(vcard).stream()
        .flatMap(field -> converted(field).stream())
        .limit(Format.MAX_FIELDS)
        .toList();
  }

  private static List<Element> converted(Element field) {
    String name = field.name().toLowerCase(Locale.ROOT);
    String text = field.text().strip();
    return switch (field.name()) {
      case "FN", "TITLE", "ROLE", "NOTE" -> valued(FOUR.of(name), "text", text);
      case "DESC" -> valued(FOUR.of("note"), "text", text);
      case "URL" -> valued(FOUR.of(name), "uri", text);
      case "BDAY" -> valued(FOUR.of(name), dateType(text), text);
      case "NICKNAME" -> nicknames(text);
      case "N" -> structured(FOUR.of(name), field, Format.NAME);
      case "ADR" -> structured(typed(FOUR.of(name), field), field, Format.ADDRESS);
      case "ORG" -> organization(field);
      case "EMAIL" -> valued(typed(FOUR.of(name), field), "text", Format.child(field, "USERID"));
      case "TEL" -> telephone(typed(FOUR.of(name), field), Format.child(field, "NUMBER"));
      default -> List.of();
    };
  }

  private static List<Element> valued(Element field, String type, String value) {
    return value.isEmpty() ? List.of() : List.of(field.with(FOUR.of(type, value)));
  }

  private static String dateType(String text) {
    if (text.matches("\\d{4}-?\\d\\d-?\\d\\d")) {
      return "date";
    }
    return text.matches("\\d{4}-?\\d\\d-?\\d\\dT.+") ? "date-time" : "text";
  }

  /** Separated by commas (XEP-0054, section 4). */
  private static List<Element> nicknames(String text) {
    return Arrays.stream(text.split(","))
        .limit(MAX_VALUES)
        .flatMap(one -> valued(FOUR.of("nickname"), "text", one.strip()).stream())
        .toList();
  }

  private static List<Element> organization(Element field) {
    List<Element> values =
        field.children().stream()
            .filter(part -> part.name().equals("ORGNAME") || part.name().equals("ORGUNIT"))
            .filter(part -> !part.text().isBlank())
            .limit(MAX_VALUES)
            .map(part -> FOUR.of("text", part.text().strip()))
            .toList();
    return values.isEmpty() ? List.of() : List.of(FOUR.of("org").with(values));
  }

  /** What cannot be in a URI of that kind is a text. */
  private static List<Element> telephone(Element field, String number) {
    String packed = number.replace(" ", "");
    return packed.matches("[0-9+().-]+")
        ? valued(field, "uri", "tel:" + packed)
        : valued(field, "text", number);
  }

  private static Element typed(Element converted, Element field) {
    List<Element> types = new ArrayList<>();
    Format.TYPES.forEach(
        (temp, four) -> {
          if (field.child(Vcard.NS, temp) != null) {
            types.add(FOUR.of("text", four));
          }
        });
    List<Element> parameters = new ArrayList<>();
    if (!types.isEmpty()) {
      parameters.add(FOUR.of("type").with(types));
    }
    if (field.child(Vcard.NS, "PREF") != null) {
      parameters.add(FOUR.of("pref").with(FOUR.of("integer", "1")));
    }
    return parameters.isEmpty()
        ? converted
        : converted.with(FOUR.of("parameters").with(parameters));
  }

  private static List<Element> structured(
      Element converted, Element field, Map<String, String> parts) {
    List<Element> values = new ArrayList<>();
    parts.forEach(
        (temp, four) -> {
          String value = Format.child(field, temp);
          if (!value.isEmpty()) {
            values.add(FOUR.of(four, value));
          }
        });
    return values.isEmpty() ? List.of() : List.of(converted.with(values));
  }
}

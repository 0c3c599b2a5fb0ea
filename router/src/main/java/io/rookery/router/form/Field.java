package io.rookery.router.form;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import java.util.ArrayList;
import java.util.List;

/**
 * A field of a form to be filled in (XEP-0004, section 3.2).
 *
 * @param max values of a kind that may have several; of the others, 1
 */
public record Field(String var, Kind kind, String label, boolean required, int max) {
  /** Characters of one value. */
  private static final int MAX_TEXT = 1023;

  /** What values a field takes (XEP-0004, section 3.3). */
  public enum Kind {
    BOOLEAN("boolean"),
    JID("jid-single"),
    JIDS("jid-multi"),
    LINE("text-single"),
    LINES("text-multi"),
    SECRET("text-private");

    private final String xmlName;

    Kind(String xmlName) {
      this.xmlName = xmlName;
    }

    /** The value of the type attribute. */
    public String xmlName() {
      return xmlName;
    }
  }

  /** A field with one value that must be there. */
  public static Field required(String var, Kind kind, String label) {
    return new Field(var, kind, label, true, 1);
  }

  /** A field with one value that may be left out. */
  public static Field optional(String var, Kind kind, String label) {
    return new Field(var, kind, label, false, 1);
  }

  /** A field with at least one value. */
  public static Field several(String var, Kind kind, String label, int max) {
    return new Field(var, kind, label, true, max);
  }

  /**
   * @param value what is filled in already; null or empty for nothing
   */
  Element element(String value) {
    Element field =
        Element.of(Form.NS, "field")
            .attribute("var", var)
            .attribute("type", kind.xmlName)
            .attribute("label", label);
    if (value != null && !value.isEmpty()) {
      field = field.with(Element.of(Form.NS, "value", value));
    }
    return required ? field.with(Element.of(Form.NS, "required")) : field;
  }

  /** The submitted values in the form that equal ones share; null when these are none. */
  List<String> canonical(Element submitted) {
    String type = submitted.attribute("type");
    List<String> values = submitted.children(Form.NS, "value").stream().map(Element::text).toList();
    if (type != null && !type.equals(kind.xmlName) || values.size() > max) {
      return null;
    }
    List<String> canonical = new ArrayList<>(values.size());
    for (String value : values) {
      String one = canonical(value);
      if (one == null) {
        return null;
      }
      if (!one.isEmpty() || kind == Kind.LINES) {
        canonical.add(one);
      }
    }
    return canonical;
  }

  private String canonical(String value) {
    if (value.length() > MAX_TEXT) {
      return null;
    }
    return switch (kind) {
      case SECRET, LINES -> value;
      case LINE -> value.strip();
      case BOOLEAN -> flag(value.strip());
      case JID, JIDS -> address(value.strip());
    };
  }

  private static String flag(String value) {
    return switch (value) {
      case "", "0", "false" -> "false";
      case "1", "true" -> "true";
      default -> null;
    };
  }

  private static String address(String value) {
    try {
      return value.isEmpty() ? value : Jid.parse(value).toString();
    } catch (InvalidJidException e) {
      return null;
    }
  }
}

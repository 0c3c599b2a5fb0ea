package io.rookery.router.form;

import io.rookery.protocol.xml.Element;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A form to be filled in (XEP-0004).
 *
 * @param type its FORM_TYPE (XEP-0068), null for none
 */
public record Form(String type, String title, String instructions, List<Field> fields) {
  /** The namespace of data forms. */
  public static final String NS = "jabber:x:data";

  private static final String FORM_TYPE = "FORM_TYPE";
  private static final int MAX_FIELDS = 100;

  public Form {
    fields = List.copyOf(fields);
  }

  /** The form as it is sent. */
  public Element element() {
    return element(Map.of());
  }

  /**
   * The form with fields that are filled in.
   *
   * @param filled values by the names of their fields
   */
  public Element element(Map<String, String> filled) {
    Element x =
        Element.of(NS, "x")
            .attribute("type", "form")
            .with(Element.of(NS, "title", title), Element.of(NS, "instructions", instructions));
    if (type != null) {
      x = x.with(formType(type));
    }
    return x.with(fields.stream().map(field -> field.element(filled.get(field.var()))).toList());
  }

  private static Element formType(String type) {
    return Element.of(NS, "field")
        .attribute("var", FORM_TYPE)
        .attribute("type", "hidden")
        .with(Element.of(NS, "value", type));
  }

  /**
   * What was filled in. Fields that the form does not have are left out (XEP-0004, section 3.2).
   *
   * @param x null when nothing was sent
   * @return null when it is no answer to this form: another type, a field without a name or twice,
   *     a required one that is missing, a value its field does not take
   */
  public Submission read(Element x) {
    if (x == null || !isSubmitted(x)) {
      return null;
    }
    Map<String, Element> sent = new HashMap<>();
    x.children(NS, "field").forEach(field -> sent.put(field.attribute("var"), field));
    if (type != null && !isOfType(sent.get(FORM_TYPE))) {
      return null;
    }
    Map<String, List<String>> values = new HashMap<>();
    for (Field field : fields) {
      Element element = sent.get(field.var());
      List<String> read = element == null ? List.of() : field.canonical(element);
      if (read == null || field.required() && read.isEmpty()) {
        return null;
      }
      values.put(field.var(), read);
    }
    return new Submission(values);
  }

  /** XEP-0050, section 3.5.1: of a command, cancelling is submitting. */
  private static boolean isSubmitted(Element x) {
    String kind = x.attribute("type");
    List<Element> sent = x.children(NS, "field");
    Set<String> vars = new HashSet<>();
    return ("submit".equals(kind) || "cancel".equals(kind))
        && sent.size() <= MAX_FIELDS
        && sent.stream()
            .map(field -> field.attribute("var"))
            .allMatch(var -> var != null && vars.add(var));
  }

  private boolean isOfType(Element field) {
    List<Element> values = field == null ? List.of() : field.children(NS, "value");
    return values.size() == 1 && values.get(0).text().equals(type);
  }

  /** A form that tells something: the fields in their order. */
  public static Element result(String type, List<Value> values) {
    return Element.of(NS, "x")
        .attribute("type", "result")
        .with(formType(type))
        .with(values.stream().map(Value::element).toList());
  }

  /** A form that tells of several things what is reported of each (XEP-0004, section 3.4). */
  public static Element table(String type, List<Field> reported, List<List<Value>> items) {
    return Element.of(NS, "x")
        .attribute("type", "result")
        .with(
            formType(type),
            Element.of(NS, "reported")
                .with(reported.stream().map(field -> field.element(null)).toList()))
        .with(
            items.stream()
                .map(
                    item -> Element.of(NS, "item").with(item.stream().map(Value::element).toList()))
                .toList());
  }

  /** A field that tells something. */
  public record Value(String var, Field.Kind kind, List<String> values) {
    public Value {
      values = List.copyOf(values);
    }

    /** A line of text. */
    public static Value line(String var, String value) {
      return new Value(var, Field.Kind.LINE, List.of(value));
    }

    private Element element() {
      return Element.of(NS, "field")
          .attribute("var", var)
          .attribute("type", kind.xmlName())
          .with(values.stream().map(value -> Element.of(NS, "value", value)).toList());
    }
  }
}

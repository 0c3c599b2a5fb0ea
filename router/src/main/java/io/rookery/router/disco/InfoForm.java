package io.rookery.router.disco;

import io.rookery.protocol.xml.Element;
import java.util.List;

/** Makes forms in disco#info (XEP-0128, section 2). */
public final class InfoForm {
  private static final String NS = "jabber:x:data";

  private InfoForm() {}

  /** A form with nothing in it but its type (XEP-0068). */
  public static Element of(String type) {
    return Element.of(NS, "x")
        .attribute("type", "result")
        .with(field("FORM_TYPE", "hidden", List.of(type)));
  }

  public static Element single(String name, String value) {
    return field(name, "text-single", List.of(value));
  }

  public static Element multi(String name, List<String> values) {
    return field(name, "list-multi", values);
  }

  private static Element field(String name, String type, List<String> values) {
    return Element.of(NS, "field")
        .attribute("var", name)
        .attribute("type", type)
        .with(values.stream().map(value -> Element.of(NS, "value", value)).toList());
  }
}

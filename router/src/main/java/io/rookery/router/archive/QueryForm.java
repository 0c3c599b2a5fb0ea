package io.rookery.router.archive;

import io.rookery.protocol.xml.Element;
import java.util.List;

/** The form of a query (XEP-0313, section 4.1; XEP-0004, XEP-0068). */
final class QueryForm {
  static final String FORMS = "jabber:x:data";
  private static final String VALIDATE = "http://jabber.org/protocol/xdata-validate";

  /** What is searched for, in Clark notation (XEP-0068, section 3.4). */
  static final String FULL_TEXT = "{" + MessageArchive.FULL_TEXT + "}fulltext";

  private QueryForm() {}

  /** The fields there are (section 4.1.5), without the search for text. */
  static Element fields() {
    Element open =
        Element.of(VALIDATE, "validate")
            .attribute("datatype", "xs:string")
            .with(Element.of(VALIDATE, "open"));
    return Element.of(FORMS, "x")
        .attribute("type", "form")
        .with(
            field("FORM_TYPE", "hidden").with(Element.of(FORMS, "value", MessageArchive.NS)),
            field("with", "jid-single"),
            field("start", "text-single"),
            field("end", "text-single"),
            field("before-id", "text-single"),
            field("after-id", "text-single"),
            field("ids", "list-multi").with(open),
            field("include-groupchat", "boolean"));
  }

  /** And that (XEP-0431, section 3.1). */
  static Element searchableFields() {
    return fields().with(field(FULL_TEXT, "text-single"));
  }

  private static Element field(String name, String type) {
    return Element.of(FORMS, "field").attribute("type", type).attribute("var", name);
  }

  /** The values of a field that was sent. */
  static List<String> values(Element field) {
    return field.children(FORMS, "value").stream().map(value -> value.text().strip()).toList();
  }
}

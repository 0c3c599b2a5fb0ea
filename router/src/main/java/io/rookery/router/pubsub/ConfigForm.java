package io.rookery.router.pubsub;

import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import java.util.List;

/** A node's configuration as a form (XEP-0004), from clients and for them. */
final class ConfigForm {
  static final String FORMS = "jabber:x:data";
  static final String NODE_CONFIG = "http://jabber.org/protocol/pubsub#node_config";
  static final String PUBLISH_OPTIONS = "http://jabber.org/protocol/pubsub#publish-options";
  static final String META_DATA = "http://jabber.org/protocol/pubsub#meta-data";
  private static final String FORM_TYPE = "FORM_TYPE";
  private static final int MAX_FIELDS = 100;

  private final Limits limits;

  ConfigForm(Limits limits) {
    this.limits = limits;
  }

  /**
   * What a form makes of a configuration.
   *
   * @param config null when there is an error
   */
  record Outcome(NodeConfig config, StanzaError error) {}

  private static Outcome error(StanzaError error) {
    return new Outcome(null, error);
  }

  /** Changes what the submitted form names; fields without an effect here are left out. */
  Outcome apply(Element form, NodeConfig config) {
    if (!isSubmitted(form, NODE_CONFIG)) {
      return error(StanzaError.of(Condition.BAD_REQUEST));
    }
    NodeConfig changed = config;
    for (Element element : fields(form)) {
      ConfigField field = ConfigField.of(element.attribute("var"));
      if (field == null) {
        continue;
      }
      List<String> values = field.canonical(values(element), limits);
      if (values == null) {
        return error(refusal(field));
      }
      changed = changed.with(field, values);
    }
    return new Outcome(changed, null);
  }

  private static StanzaError refusal(ConfigField field) {
    return field == ConfigField.ACCESS_MODEL
        ? PubsubError.UNSUPPORTED_ACCESS_MODEL
        : StanzaError.of(Condition.NOT_ACCEPTABLE);
  }

  /**
   * Publishing options (section 7.1.5): what a node that exists must have, and a new one gets.
   *
   * @param existing the node's configuration, null for a new node
   */
  Outcome options(Element form, NodeConfig existing) {
    if (!isSubmitted(form, PUBLISH_OPTIONS)) {
      return error(StanzaError.of(Condition.BAD_REQUEST));
    }
    NodeConfig config = existing == null ? NodeConfig.DEFAULT : existing;
    for (Element element : fields(form)) {
      if (FORM_TYPE.equals(element.attribute("var"))) {
        continue;
      }
      ConfigField field = ConfigField.of(element.attribute("var"));
      List<String> values = field == null ? null : field.canonical(values(element), limits);
      if (values == null || existing != null && !existing.values(field).equals(values)) {
        return error(PubsubError.PRECONDITION_NOT_MET);
      }
      config = config.with(field, values);
    }
    return new Outcome(config, null);
  }

  private static boolean isSubmitted(Element form, String formType) {
    List<Element> fields = form == null ? List.of() : fields(form);
    return form != null
        && "submit".equals(form.attribute("type"))
        && fields.size() <= MAX_FIELDS
        && fields.stream().allMatch(field -> field.attribute("var") != null)
        && fields.stream()
            .filter(field -> FORM_TYPE.equals(field.attribute("var")))
            .allMatch(field -> values(field).equals(List.of(formType)));
  }

  private static List<Element> fields(Element form) {
    return form.children(FORMS, "field");
  }

  /** The only value of a field of a form; null when there is no such field, or another number. */
  static String value(Element form, String var) {
    List<String> values =
        fields(form).stream()
            .filter(field -> var.equals(field.attribute("var")))
            .flatMap(field -> values(field).stream())
            .toList();
    return values.size() == 1 ? values.get(0) : null;
  }

  private static List<String> values(Element field) {
    return field.children(FORMS, "value").stream().map(Element::text).toList();
  }

  /**
   * @param type form, to be filled in, or result
   * @param formType what the fields are about
   */
  Element form(String type, String formType, NodeConfig config) {
    Element form = Element.of(FORMS, "x").attribute("type", type);
    form = form.with(field(FORM_TYPE, "hidden", List.of(formType)));
    for (ConfigField field : ConfigField.values()) {
      Element element =
          field(
              field.var(),
              field.kind().formType(),
              config.values(field).stream().map(v -> shown(field, v)).toList());
      for (String option : field.options()) {
        element =
            element.with(Element.of(FORMS, "option").with(Element.of(FORMS, "value", option)));
      }
      form = form.with(element);
    }
    return form;
  }

  /** Only of items the specification knows a {@code max}. */
  private String shown(ConfigField field, String value) {
    return field == ConfigField.MAX_PAYLOAD_SIZE && value.equals(ConfigField.MAX)
        ? Integer.toString(limits.itemBytes())
        : value;
  }

  static Element field(String var, String type, List<String> values) {
    Element field = Element.of(FORMS, "field").attribute("var", var).attribute("type", type);
    for (String value : values) {
      field = field.with(Element.of(FORMS, "value", value));
    }
    return field;
  }
}

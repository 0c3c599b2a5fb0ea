package io.rookery.standalone.conversation;

import java.util.Map;
import java.util.function.Consumer;

/** What clients say to the nodes of their own account and of others (XEP-0060, XEP-0163). */
final class Personal {
  static final String PUBSUB = "http://jabber.org/protocol/pubsub";
  static final String OWNER = PUBSUB + "#owner";
  static final String EVENT = PUBSUB + "#event";
  private static final String FORMS = "jabber:x:data";

  private Personal() {}

  /** The options of XEP-0402 and XEP-0490, as clients of today send them. */
  static final Map<String, String> PRIVATE_LIST =
      Map.of(
          "persist_items", "true",
          "max_items", "max",
          "send_last_published_item", "never",
          "access_model", "whitelist",
          "notify_delete", "true",
          "notify_retract", "true");

  static final Map<String, String> OPEN = Map.of("persist_items", "true", "access_model", "open");

  static String publish(String node, String id, String payload, Map<String, String> options) {
    String with =
        options.isEmpty()
            ? ""
            : "<publish-options>" + form("publish-options", options) + "</publish-options>";
    return "<pubsub xmlns='%s'><publish node='%s'><item id='%s'>%s</item></publish>%s</pubsub>"
        .formatted(PUBSUB, node, id, payload, with);
  }

  /** Without options. */
  static String publish(String node, String id, String payload) {
    return publish(node, id, payload, Map.of());
  }

  private static String form(String about, Map<String, String> options) {
    StringBuilder form = new StringBuilder("<x xmlns='" + FORMS + "' type='submit'>");
    form.append("<field var='FORM_TYPE' type='hidden'><value>")
        .append(PUBSUB + "#" + about + "</value></field>");
    options.forEach(
        (name, value) ->
            form.append("<field var='pubsub#" + name + "'><value>")
                .append(value + "</value></field>"));
    return form.append("</x>").toString();
  }

  static String configure(String node, Map<String, String> options) {
    return "<pubsub xmlns='%s'><configure node='%s'>%s</configure></pubsub>"
        .formatted(OWNER, node, form("node_config", options));
  }

  static String retract(String node, String id) {
    return "<pubsub xmlns='%s'><retract node='%s' notify='true'><item id='%s'/></retract></pubsub>"
        .formatted(PUBSUB, node, id);
  }

  static String items(String node) {
    return "<pubsub xmlns='%s'><items node='%s'/></pubsub>".formatted(PUBSUB, node);
  }

  static String item(String node, String id) {
    return "<pubsub xmlns='%s'><items node='%s'><item id='%s'/></items></pubsub>"
        .formatted(PUBSUB, node, id);
  }

  /** A notification about an item of that node. */
  static Consumer<Expectation> event(
      Client from, Client to, String node, String id, Consumer<Expectation> item) {
    return message ->
        message
            .from(from.bare())
            .to(to)
            .has(
                "event",
                EVENT,
                e ->
                    e.has(
                        "items",
                        EVENT,
                        i ->
                            i.attribute("node", node)
                                .has("item", EVENT, x -> item.accept(x.attribute("id", id)))));
  }

  static Consumer<Expectation> retraction(Client from, Client to, String node, String id) {
    return message ->
        message
            .from(from.bare())
            .to(to)
            .has(
                "event",
                EVENT,
                e ->
                    e.has(
                        "items",
                        EVENT,
                        i ->
                            i.attribute("node", node)
                                .has("retract", EVENT, x -> x.attribute("id", id))));
  }

  /** The answer to a question for items: this one is there. */
  static Expectation hasItem(Expectation reply, String id, Consumer<Expectation> item) {
    return reply
        .type("result")
        .has(
            "pubsub",
            PUBSUB,
            p ->
                p.has(
                    "items",
                    PUBSUB,
                    i -> i.has("item", PUBSUB, x -> item.accept(x.attribute("id", id)))));
  }
}

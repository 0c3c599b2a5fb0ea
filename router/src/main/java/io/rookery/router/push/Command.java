package io.rookery.router.push;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.xml.Element;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a client asks for (XEP-0357, sections 5 and 6).
 *
 * @param wrong what is wrong with it, or null
 * @param service null when something is wrong
 * @param node null when there is none
 * @param options the form for publishing as XML, empty for none
 */
record Command(Condition wrong, Jid service, String node, String options) {
  static final String FORMS = "jabber:x:data";
  static final String PUBLISH_OPTIONS = "http://jabber.org/protocol/pubsub#publish-options";

  private static final int MAX_NODE_CHARACTERS = 1024;
  private static final int MAX_OPTIONS_BYTES = 4096;

  private static Command wrong(Condition condition) {
    return new Command(condition, null, null, null);
  }

  /** Reads {@code enable} or {@code disable}. */
  static Command of(Element element) {
    String service = element.attribute("jid");
    String node = element.attribute("node");
    List<Element> forms = element.children(FORMS, "x");
    if (service == null || forms.size() > 1 || !forms.stream().allMatch(Command::isForPublishing)) {
      return wrong(Condition.BAD_REQUEST);
    }
    String options = forms.isEmpty() ? "" : forms.get(0).toString();
    if (node != null && node.length() > MAX_NODE_CHARACTERS
        || options.getBytes(StandardCharsets.UTF_8).length > MAX_OPTIONS_BYTES) {
      return wrong(Condition.POLICY_VIOLATION);
    }
    try {
      return new Command(null, Jid.parse(service), node, options);
    } catch (InvalidJidException e) {
      return wrong(Condition.JID_MALFORMED);
    }
  }

  private static boolean isForPublishing(Element form) {
    return "submit".equals(form.attribute("type"))
        && form.children(FORMS, "field").stream()
            .anyMatch(
                field ->
                    "FORM_TYPE".equals(field.attribute("var"))
                        && field.children(FORMS, "value").stream()
                            .map(Element::text)
                            .toList()
                            .equals(List.of(PUBLISH_OPTIONS)));
  }

  /** Whether the registration of that service and node is meant: without a node, any of it. */
  boolean means(Jid otherService, String otherNode) {
    return service.equals(otherService) && (node == null || node.equals(otherNode));
  }
}

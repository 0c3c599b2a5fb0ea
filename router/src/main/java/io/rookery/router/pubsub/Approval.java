package io.rookery.router.pubsub;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import java.util.List;
import java.util.function.Supplier;

/**
 * The form by which the owner says whether somebody may subscribe (XEP-0060, section 8.6). It is a
 * message to him, which waits for him when he is away; what he says is a message to his account.
 */
final class Approval {
  static final String FORM = "http://jabber.org/protocol/pubsub#subscribe_authorization";
  private static final String NODE = "pubsub#node";
  private static final String SUBSCRIBER = "pubsub#subscriber_jid";
  private static final String ALLOW = "pubsub#allow";

  private final Supplier<String> ids;

  Approval(Supplier<String> ids) {
    this.ids = ids;
  }

  /**
   * What the owner has said.
   *
   * @param node null, as is the subscriber, when he has not decided
   */
  record Answer(String node, Jid subscriber, boolean allowed) {}

  Effect request(AccountView account, Node node, Jid subscriber) {
    Element form =
        Element.of(ConfigForm.FORMS, "x")
            .attribute("type", "form")
            .with(
                Element.of(ConfigForm.FORMS, "title", "Subscription request"),
                ConfigForm.field("FORM_TYPE", "hidden", List.of(FORM)),
                ConfigForm.field(NODE, "text-single", List.of(node.name())),
                ConfigForm.field(SUBSCRIBER, "jid-single", List.of(subscriber.toString())),
                ConfigForm.field(ALLOW, "boolean", List.of("false")));
    Element body =
        Element.of(
            Namespaces.CLIENT,
            "body",
            subscriber + " asks for a subscription to " + node.name() + ".");
    Jid owner = account.jid();
    return new Effect.Send(
        Stanza.of(StanzaType.MESSAGE_NORMAL, owner, owner, ids.get(), body, form));
  }

  /** Null when the message, which has a form, is something else. */
  static Answer of(Stanza message) {
    Element form = message.payload().element(ConfigForm.FORMS, "x");
    if (!FORM.equals(ConfigForm.value(form, "FORM_TYPE"))) {
      return null;
    }
    String node = ConfigForm.value(form, NODE);
    Jid subscriber = Subscribing.jid(ConfigForm.value(form, SUBSCRIBER));
    String allow = ConfigForm.value(form, ALLOW);
    String allowed = allow == null ? null : ConfigField.flag(allow);
    boolean decided = "submit".equals(form.attribute("type")) && allowed != null;
    return decided && node != null && subscriber != null
        ? new Answer(node, subscriber, allowed.equals("true"))
        : new Answer(null, null, false);
  }
}

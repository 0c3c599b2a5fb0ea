package io.rookery.router.push;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.storage.push.PushRegistration;

/** What an app server is told (XEP-0357, section 7), from the account's bare address. */
record Notification(RouterConfig.Push content) {
  static final String SUMMARY = "urn:xmpp:push:summary";
  private static final String PUBSUB = "http://jabber.org/protocol/pubsub";
  private static final int MAX_BODY_CHARACTERS = 500;

  /**
   * @param pending subscription requests that wait for the user, as far as is known
   */
  Stanza publish(Jid account, Registration one, String id, long pending) {
    PushRegistration to = one.stored();
    Element item =
        Element.of(PUBSUB, "item")
            .with(Element.of(PushNotifications.NS, "notification").with(summary(one, pending)));
    Element publish =
        Element.of(PUBSUB, "publish")
            .attribute("node", to.node().isEmpty() ? null : to.node())
            .with(item);
    Element pubsub = Element.of(PUBSUB, "pubsub").with(publish);
    if (!to.options().isEmpty()) {
      pubsub = pubsub.with(Element.of(PUBSUB, "publish-options").with(Element.parse(to.options())));
    }
    return Stanza.of(StanzaType.IQ_SET, account, to.service(), id, pubsub);
  }

  private Element summary(Registration one, long pending) {
    Element form =
        Element.of(Command.FORMS, "x")
            .attribute("type", "submit")
            .with(field("FORM_TYPE", SUMMARY).attribute("type", "hidden"))
            .with(field("message-count", Integer.toString(one.progress().unread())));
    if (pending > 0) {
      form = form.with(field("pending-subscription-count", Long.toString(pending)));
    }
    Stanza latest = one.latest();
    if (latest != null && content.sender()) {
      form = form.with(field("last-message-sender", latest.from().toString()));
    }
    if (latest != null && content.body() && latest.payload().has(Namespaces.CLIENT, "body")) {
      String body = latest.payload().element(Namespaces.CLIENT, "body").text();
      form = form.with(field("last-message-body", body));
    }
    return form;
  }

  private static Element field(String name, String value) {
    return Element.of(Command.FORMS, "field")
        .attribute("var", name)
        .with(Element.of(Command.FORMS, "value", value));
  }

  /** Not in the middle of a surrogate pair. */
  private static String shortened(String body) {
    return body.codePointCount(0, body.length()) <= MAX_BODY_CHARACTERS
        ? body
        : body.substring(0, body.offsetByCodePoints(0, MAX_BODY_CHARACTERS));
  }

  /** So much of a message as may be said of it, null for nothing; it is kept for long. */
  Stanza ofInterest(Stanza message) {
    if (!content.sender() && !content.body()) {
      return null;
    }
    Stanza kept = Stanza.of(message.type(), message.from(), message.to(), null);
    if (!content.body() || !message.payload().has(Namespaces.CLIENT, "body")) {
      return kept;
    }
    String body = message.payload().element(Namespaces.CLIENT, "body").text();
    return kept.plus(Element.of(Namespaces.CLIENT, "body", shortened(body)));
  }
}

package io.rookery.router.mailbox;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Manifest;

/** XEP-0359: Unique and Stable Stanza IDs: what an account receives has its id in the log. */
public final class StanzaIds implements Extension {
  private static final String NS = "urn:xmpp:sid:0";

  @Override
  public Manifest manifest() {
    return Manifest.of(359, "0.7.0", "Unique and Stable Stanza IDs")
        .note("On messages that are in the log")
        .serverFeature(NS)
        .accountFeature(NS);
  }

  /**
   * A message with its id in the account's log.
   *
   * @param id 0 when it is not there: the message has none then
   */
  public static Stanza stamped(Jid user, Stanza message, long id) {
    Stanza unforged = unforged(user, message);
    if (id == 0) {
      return unforged;
    }
    return unforged.plus(
        Element.of(NS, "stanza-id")
            .attribute("by", user.toString())
            .attribute("id", Long.toUnsignedString(id)));
  }

  /** The id of a message in the account's log, 0 when it has none. */
  public static long of(Jid user, Element message) {
    for (Element id : message.children(NS, "stanza-id")) {
      if (user.toString().equals(id.attribute("by"))) {
        return Long.parseUnsignedLong(id.attribute("id")); // nobody else may write it
      }
    }
    return 0;
  }

  /** Section 3: nobody else may speak in the account's name. */
  static Stanza unforged(Jid user, Stanza message) {
    if (!message.payload().hasNamespace(NS)) {
      return message;
    }
    return message.withPayload(
        message
            .payload()
            .without(
                element ->
                    element.is(NS, "stanza-id")
                        && user.toString().equals(element.attribute("by"))));
  }
}

package io.rookery.router.push;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;

/**
 * For which messages a client is woken: those that say something to the user, in clear or
 * encrypted, invite to a room or call. Not chat states and receipts, nor what somebody wants
 * forgotten (XEP-0334), nor what is said in rooms, nor what the user has sent.
 */
final class Urgency {
  private Urgency() {}

  static boolean wakes(Jid user, Stanza message) {
    if (message.type() != StanzaType.MESSAGE_CHAT && message.type() != StanzaType.MESSAGE_NORMAL) {
      return false;
    }
    return isUrgent(message.payload())
        && message.from() != null
        && !message.from().bare().equals(user);
  }

  private static boolean isUrgent(Payload payload) {
    boolean urgent = false;
    for (int i = 0; i < payload.childCount(); i++) {
      String namespace = payload.namespace(i);
      String name = payload.name(i);
      if (namespace.equals("urn:xmpp:hints") && name.equals("no-store")
          || namespace.equals("urn:xmpp:carbons:2") && !name.equals("private")) {
        return false;
      }
      urgent |= isUrgent(namespace, name);
    }
    return urgent;
  }

  private static boolean isUrgent(String namespace, String name) {
    return switch (namespace) {
      case Namespaces.CLIENT -> name.equals("body");
      case "urn:xmpp:eme:0" -> name.equals("encryption"); // XEP-0380
      case "eu.siacs.conversations.axolotl", "urn:xmpp:omemo:1", "urn:xmpp:omemo:2" ->
          name.equals("encrypted"); // XEP-0384
      case "urn:xmpp:openpgp:0" -> name.equals("openpgp"); // XEP-0373
      case "jabber:x:encrypted", "jabber:x:conference" -> name.equals("x"); // XEP-0027, XEP-0249
      case "urn:xmpp:jingle-message:0" -> name.equals("propose"); // XEP-0353
      default -> false;
    };
  }
}

package io.rookery.router.carbons;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import java.util.Set;

/**
 * Which messages are copied (XEP-0280, section 6.1).
 *
 * <p>What an error answers is told by {@link NotCopied}, for as long as that is remembered, and by
 * what the error repeats, which need not be anything. In doubt it is copied: a client that gets one
 * for a message it does not know has no use for it, but one that does not get it takes the message
 * for delivered.
 */
final class Eligibility {
  private static final String HINTS = "urn:xmpp:hints";
  private static final String MUC_USER = "http://jabber.org/protocol/muc#user";
  private static final String CONFERENCE = "jabber:x:conference";

  /** XEP-0085, XEP-0184 and XEP-0333. */
  private static final Set<String> INSTANT_MESSAGING =
      Set.of(
          "http://jabber.org/protocol/chatstates", "urn:xmpp:receipts", "urn:xmpp:chat-markers:0");

  private Eligibility() {}

  static boolean ofSent(Stanza message) {
    return !isExcluded(message) && (isInvitation(message.payload()) || isConversation(message));
  }

  static boolean ofReceived(Stanza message) {
    if (isExcluded(message)) {
      return false;
    }
    Payload payload = message.payload();
    if (isInvitation(payload)) {
      return true;
    }
    // A room gives what its occupants say in private to all clients of the user itself.
    boolean fromOccupant = payload.has(MUC_USER, "x") && message.from().isFull();
    return !fromOccupant && isConversation(message);
  }

  /** Also copies themselves, and what pretends to be one (section 11). */
  private static boolean isExcluded(Stanza message) {
    return message.type() == StanzaType.MESSAGE_GROUPCHAT
        || message.payload().hasNamespace(Carbons.NS)
        || message.payload().has(HINTS, "no-copy");
  }

  /** Of XEP-0249, or a mediated one (XEP-0045, section 7.8.2). */
  private static boolean isInvitation(Payload payload) {
    if (payload.has(CONFERENCE, "x")) {
      return true;
    }
    Element room = payload.element(MUC_USER, "x");
    return room != null && room.child(MUC_USER, "invite") != null;
  }

  private static boolean isConversation(Stanza message) {
    Payload payload = message.payload();
    return switch (message.type()) {
      case MESSAGE_CHAT, MESSAGE_ERROR -> true;
      case MESSAGE_NORMAL -> payload.has(Namespaces.CLIENT, "body") || hasSigns(payload);
      default -> hasSigns(payload);
    };
  }

  private static boolean hasSigns(Payload payload) {
    for (int i = 0; i < payload.childCount(); i++) {
      if (INSTANT_MESSAGING.contains(payload.namespace(i))) {
        return true;
      }
    }
    return false;
  }
}

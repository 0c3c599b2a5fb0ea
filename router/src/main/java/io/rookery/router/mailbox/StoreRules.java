package io.rookery.router.mailbox;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;

/**
 * XEP-0334: Message Processing Hints, and which messages are worth storing without them (XEP-0160,
 * section 3; XEP-0313, section 5.1.1). Receipts and markers (XEP-0184, XEP-0333) are: another
 * device learns from them what was read. States are not.
 */
final class StoreRules {
  private static final String HINTS = "urn:xmpp:hints";
  private static final String ARCHIVE = "urn:xmpp:mam:2";
  private static final String CARBONS = "urn:xmpp:carbons:2";
  private static final String CHAT_STATES = "http://jabber.org/protocol/chatstates";
  private static final String EVENTS = "http://jabber.org/protocol/pubsub#event";
  private static final String STANZA_IDS = "urn:xmpp:sid:0";

  private static final int CONTENT = 1;
  private static final int STORE = 2;
  private static final int NO_STORE = 4;
  private static final int NO_PERMANENT_STORE = 8;
  private static final int EVENT = 16;

  private StoreRules() {}

  /** Whether a message waits for a client that takes it. */
  static boolean isKept(Stanza message) {
    int seen = seen(message.payload());
    if ((seen & NO_STORE) != 0) {
      return false;
    }
    return switch (message.type()) {
      case MESSAGE_NORMAL -> true;
      case MESSAGE_CHAT -> (seen & (CONTENT | EVENT | STORE)) != 0;
      default -> false;
    };
  }

  /**
   * Whether a message belongs to an archive. Not those of rooms, which have archives of their own,
   * nor notifications.
   */
  static boolean isArchived(Stanza message) {
    StanzaType type = message.type();
    if (type == StanzaType.MESSAGE_ERROR || type == StanzaType.MESSAGE_GROUPCHAT) {
      return false;
    }
    int seen = seen(message.payload());
    if ((seen & (NO_STORE | NO_PERMANENT_STORE)) != 0) {
      return false;
    }
    return (seen & STORE) != 0 || type != StanzaType.MESSAGE_HEADLINE && (seen & CONTENT) != 0;
  }

  private static int seen(Payload payload) {
    int seen = 0;
    for (int i = 0; i < payload.childCount(); i++) {
      seen |= seen(payload.namespace(i), payload.name(i));
    }
    return seen;
  }

  private static int seen(String namespace, String name) {
    return switch (namespace) {
      case HINTS -> hint(name);
      case CHAT_STATES, STANZA_IDS -> 0;
      case EVENTS -> EVENT;
      case Namespaces.CLIENT -> name.equals("thread") ? 0 : CONTENT;
      case CARBONS -> // a copy, or what pretends to be one: the message itself is what is kept
          name.equals("received") || name.equals("sent") ? NO_STORE : CONTENT;
      case ARCHIVE -> NO_STORE; // a page that was not acknowledged can be asked for again
      default -> CONTENT;
    };
  }

  private static int hint(String name) {
    return switch (name) {
      case "store" -> STORE;
      case "no-store" -> NO_STORE;
      case "no-permanent-store" -> NO_PERMANENT_STORE;
      default -> 0;
    };
  }
}

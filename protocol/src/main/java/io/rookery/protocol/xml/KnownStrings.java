package io.rookery.protocol.xml;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names, namespaces and values that nearly every stanza has, so that reading them makes no garbage.
 * Immutable; a string that is not here is simply a new one.
 */
final class KnownStrings {
  private static final String[] STRINGS = {
    // Elements and attributes of RFC 6120 and RFC 6121.
    "message",
    "presence",
    "iq",
    "stream",
    "stream:stream",
    "features",
    "body",
    "subject",
    "thread",
    "parent",
    "show",
    "status",
    "priority",
    "query",
    "item",
    "group",
    "error",
    "text",
    "to",
    "from",
    "id",
    "type",
    "xml:lang",
    "lang",
    "version",
    "jid",
    "name",
    "subscription",
    "ask",
    "approved",
    "ver",
    "code",
    "by",
    "stamp",
    "xmlns",
    "xml",
    "db",
    "client",
    "bind",
    "resource",
    "session",
    "auth",
    "mechanism",
    "response",
    "challenge",
    "success",
    "failure",
    "starttls",
    "proceed",
    "abort",
    // Values.
    "chat",
    "groupchat",
    "headline",
    "normal",
    "get",
    "set",
    "result",
    "unavailable",
    "subscribe",
    "subscribed",
    "unsubscribe",
    "unsubscribed",
    "probe",
    "both",
    "none",
    "remove",
    "away",
    "xa",
    "dnd",
    "cancel",
    "modify",
    "wait",
    "continue",
    "1.0",
    "en",
    "true",
    "false",
    "1",
    "0",
    "submit",
    "form",
    "hidden",
    "sha-1",
    // Payloads of well-known extensions.
    "ping",
    "r",
    "a",
    "h",
    "enable",
    "enabled",
    "resume",
    "resumed",
    "active",
    "inactive",
    "composing",
    "paused",
    "gone",
    "request",
    "received",
    "displayed",
    "markable",
    "delay",
    "x",
    "c",
    "hash",
    "node",
    "origin-id",
    "stanza-id",
    "store",
    "no-store",
    "no-copy",
    "no-permanent-store",
    "private",
    "sent",
    "forwarded",
    "pubsub",
    "publish",
    "items",
    "event",
    "retract",
    "vCard",
    "photo",
    "identity",
    "feature",
    "category",
    "var",
    "field",
    "value",
    "fin",
    "first",
    "last",
    "count",
    "max",
    "before",
    "after",
    "index",
    "queryid",
    "previd",
    "encrypted",
    "encryption",
    "header",
    "key",
    "iv",
    "payload",
    "sid",
    "rid",
    "prekey",
    "reactions",
    "reaction",
    "apply-to",
    "replace",
    "reply",
    "start",
    "end",
    "with",
    "prefs",
    "default",
    "block",
    "unblock",
    "blocklist",
    "command",
    "invite",
    "reason",
    "password",
    "username",
    "url",
    "desc",
    "open",
    "close",
    "handshake",
    "verify",
    "seconds",
    "tzo",
    "utc",
    "os",
    "status-code",
    "affiliation",
    "role",
    "nick",
    "history",
    "destroy",
    "configure",
    // Namespaces.
    "jabber:client",
    "jabber:server",
    "jabber:server:dialback",
    "jabber:component:accept",
    "http://etherx.jabber.org/streams",
    "http://www.w3.org/XML/1998/namespace",
    "urn:ietf:params:xml:ns:xmpp-streams",
    "urn:ietf:params:xml:ns:xmpp-stanzas",
    "urn:ietf:params:xml:ns:xmpp-tls",
    "urn:ietf:params:xml:ns:xmpp-sasl",
    "urn:ietf:params:xml:ns:xmpp-bind",
    "urn:ietf:params:xml:ns:xmpp-session",
    "urn:ietf:params:xml:ns:xmpp-framing",
    "jabber:iq:roster",
    "jabber:iq:version",
    "jabber:iq:last",
    "jabber:iq:register",
    "jabber:iq:private",
    "jabber:iq:auth",
    "jabber:x:data",
    "jabber:x:oob",
    "jabber:x:conference",
    "jabber:x:delay",
    "vcard-temp",
    "vcard-temp:x:update",
    "urn:xmpp:ping",
    "urn:xmpp:time",
    "urn:xmpp:sm:3",
    "urn:xmpp:csi:0",
    "urn:xmpp:carbons:2",
    "urn:xmpp:receipts",
    "urn:xmpp:chat-markers:0",
    "urn:xmpp:delay",
    "urn:xmpp:sid:0",
    "urn:xmpp:hints",
    "urn:xmpp:mam:2",
    "urn:xmpp:forward:0",
    "urn:xmpp:blocking",
    "urn:xmpp:blocking:errors",
    "urn:xmpp:push:0",
    "urn:xmpp:sasl:2",
    "urn:xmpp:bind:0",
    "urn:xmpp:eme:0",
    "urn:xmpp:message-correct:0",
    "urn:xmpp:reactions:0",
    "urn:xmpp:reply:0",
    "urn:xmpp:fallback:0",
    "urn:xmpp:message-retract:1",
    "urn:xmpp:avatar:metadata",
    "urn:xmpp:avatar:data",
    "urn:xmpp:bookmarks:1",
    "urn:xmpp:http:upload:0",
    "urn:xmpp:idle:1",
    "urn:xmpp:jingle:1",
    "urn:xmpp:jingle-message:0",
    "urn:xmpp:attention:0",
    "urn:xmpp:omemo:2",
    "urn:xmpp:styling:0",
    "eu.siacs.conversations.axolotl",
    "http://jabber.org/protocol/caps",
    "http://jabber.org/protocol/chatstates",
    "http://jabber.org/protocol/commands",
    "http://jabber.org/protocol/disco#info",
    "http://jabber.org/protocol/disco#items",
    "http://jabber.org/protocol/muc",
    "http://jabber.org/protocol/muc#user",
    "http://jabber.org/protocol/muc#admin",
    "http://jabber.org/protocol/muc#owner",
    "http://jabber.org/protocol/nick",
    "http://jabber.org/protocol/pubsub",
    "http://jabber.org/protocol/pubsub#event",
    "http://jabber.org/protocol/pubsub#owner",
    "http://jabber.org/protocol/rsm",
    "http://jabber.org/protocol/shim",
    "http://jabber.org/features/iq-register",
    "http://jabber.org/features/iq-auth",
  };

  private static final int LONGEST =
      Arrays.stream(STRINGS).mapToInt(String::length).max().orElse(0);
  private static final int MASK = 1023;
  private static final byte[][] KEYS = new byte[MASK + 1][];
  private static final String[] VALUES = new String[MASK + 1];

  static {
    for (String s : STRINGS) {
      byte[] key = s.getBytes(StandardCharsets.US_ASCII);
      int slot = hash(key, 0, key.length);
      while (KEYS[slot] != null) {
        slot = slot + 1 & MASK;
      }
      KEYS[slot] = key;
      VALUES[slot] = s;
    }
  }

  private KnownStrings() {}

  /** The string in {@code b[from, to)}, which must be valid UTF-8. */
  static String of(byte[] b, int from, int to) {
    int length = to - from;
    if (length == 0) {
      return "";
    }
    if (length <= LONGEST) {
      int slot = hash(b, from, length);
      for (byte[] key = KEYS[slot]; key != null; key = KEYS[slot]) {
        if (key.length == length && Arrays.equals(key, 0, length, b, from, to)) {
          return VALUES[slot];
        }
        slot = slot + 1 & MASK;
      }
    }
    return new String(b, from, length, StandardCharsets.UTF_8);
  }

  /** Four positions tell the strings above apart well enough. */
  private static int hash(byte[] b, int from, int length) {
    int h = length;
    h = h * 31 + b[from];
    h = h * 31 + b[from + (length >> 1)];
    h = h * 31 + b[from + length - (length > 2 ? 3 : 1)];
    h = h * 31 + b[from + length - 1];
    return (h ^ h >>> 10) & MASK;
  }
}

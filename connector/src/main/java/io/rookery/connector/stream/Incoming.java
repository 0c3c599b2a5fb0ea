package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.xml.RawElement;

/** Makes stanzas of what clients send, and answers what is none (RFC 6120, section 8). */
final class Incoming {
  private Incoming() {}

  /**
   * @param from what the stanza is stamped with, the session's address; null before there is one
   * @return null when the client has been sent a stanza error instead
   * @throws StreamException when the stream has to end
   */
  static Stanza stanza(ClientStream stream, RawElement element, Jid from) throws StreamException {
    StanzaType.Kind kind = kind(element);
    checkFrom(stream, element.attribute("from"), from);
    StanzaType type = StanzaType.of(kind, element.attribute("type"));
    if (type == null) {
      refuse(stream, kind, element, StanzaError.Condition.BAD_REQUEST);
      return null;
    }
    Jid to;
    try {
      String text = element.attribute("to");
      to = text == null ? null : Jid.parse(text);
    } catch (InvalidJidException e) {
      refuse(stream, kind, element, StanzaError.Condition.JID_MALFORMED);
      return null;
    }
    return new Stanza(type, from, to, element.attribute("id"), element.lang(), Payload.of(element));
  }

  private static StanzaType.Kind kind(RawElement element) throws StreamException {
    StanzaType.Kind kind = StanzaType.Kind.of(element.name());
    boolean client = element.namespace().equals(Namespaces.CLIENT);
    if (kind == null || !client) {
      throw new StreamException(
          kind == null ? Condition.UNSUPPORTED_STANZA_TYPE : Condition.INVALID_NAMESPACE, null);
    }
    return kind;
  }

  /** RFC 6120, section 8.1.2.1: a client speaks for itself only. */
  private static void checkFrom(ClientStream stream, String text, Jid session)
      throws StreamException {
    if (text == null || session != null && text.equals(session.toString())) {
      return;
    }
    try {
      Jid claimed = Jid.parse(text);
      Jid own = session == null ? stream.account() : session;
      if (own != null && (claimed.equals(own) || claimed.equals(own.bare()))) {
        return;
      }
    } catch (InvalidJidException e) {
      // not the client's own address either
    }
    throw new StreamException(Condition.INVALID_FROM, null);
  }

  private static void refuse(
      ClientStream stream,
      StanzaType.Kind kind,
      RawElement element,
      StanzaError.Condition condition) {
    String given = element.attribute("type");
    boolean answer = "error".equals(given) || kind == StanzaType.Kind.IQ && "result".equals(given);
    StanzaType type =
        switch (kind) {
          case MESSAGE -> StanzaType.MESSAGE_NORMAL;
          case PRESENCE -> StanzaType.PRESENCE_AVAILABLE;
          case IQ -> StanzaType.IQ_GET;
        };
    Stanza refused = Stanza.of(type, stream.session(), null, element.attribute("id"));
    Stanza reply = answer ? refused : refused.error(StanzaError.of(condition));
    if (stream.session() != null) {
      // It comes back in its turn, and both sides count it; an answer is counted only.
      stream.toRouter(reply, true);
    } else if (!answer) {
      reply.writeTo(stream.loop.writer());
      stream.loop.send(stream);
    }
  }
}

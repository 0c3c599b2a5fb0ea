package io.rookery.protocol.stanza;

import java.util.Locale;

/**
 * The types of the three kinds of stanza (RFC 6121, sections 4.7.1 and 5.2.2; RFC 6120, section
 * 8.2.3). The order is part of the wire contract: append only.
 */
public enum StanzaType {
  MESSAGE_NORMAL(Kind.MESSAGE, null),
  MESSAGE_CHAT(Kind.MESSAGE, "chat"),
  MESSAGE_GROUPCHAT(Kind.MESSAGE, "groupchat"),
  MESSAGE_HEADLINE(Kind.MESSAGE, "headline"),
  MESSAGE_ERROR(Kind.MESSAGE, "error"),
  PRESENCE_AVAILABLE(Kind.PRESENCE, null),
  PRESENCE_UNAVAILABLE(Kind.PRESENCE, "unavailable"),
  PRESENCE_PROBE(Kind.PRESENCE, "probe"),
  PRESENCE_SUBSCRIBE(Kind.PRESENCE, "subscribe"),
  PRESENCE_SUBSCRIBED(Kind.PRESENCE, "subscribed"),
  PRESENCE_UNSUBSCRIBE(Kind.PRESENCE, "unsubscribe"),
  PRESENCE_UNSUBSCRIBED(Kind.PRESENCE, "unsubscribed"),
  PRESENCE_ERROR(Kind.PRESENCE, "error"),
  IQ_GET(Kind.IQ, "get"),
  IQ_SET(Kind.IQ, "set"),
  IQ_RESULT(Kind.IQ, "result"),
  IQ_ERROR(Kind.IQ, "error");

  /** The three kinds of stanza (RFC 6120, section 8). */
  public enum Kind {
    MESSAGE,
    PRESENCE,
    IQ;

    private final String xmlName = name().toLowerCase(Locale.ROOT);

    public String xmlName() {
      return xmlName;
    }

    StanzaType errorType() {
      return switch (this) {
        case MESSAGE -> MESSAGE_ERROR;
        case PRESENCE -> PRESENCE_ERROR;
        case IQ -> IQ_ERROR;
      };
    }

    /** The kind of that element name, or null. */
    public static Kind of(String xmlName) {
      return switch (xmlName) {
        case "message" -> MESSAGE;
        case "presence" -> PRESENCE;
        case "iq" -> IQ;
        default -> null;
      };
    }
  }

  private final Kind kind;
  private final String xmlName;

  StanzaType(Kind kind, String xmlName) {
    this.kind = kind;
    this.xmlName = xmlName;
  }

  public Kind kind() {
    return kind;
  }

  /** The value of the type attribute, null where its absence is the type. */
  public String xmlName() {
    return xmlName;
  }

  public boolean isError() {
    return this == MESSAGE_ERROR || this == PRESENCE_ERROR || this == IQ_ERROR;
  }

  /** An IQ that wants exactly one reply. */
  public boolean isRequest() {
    return this == IQ_GET || this == IQ_SET;
  }

  /** One of the four that manage subscriptions (RFC 6121, section 3). */
  public boolean isSubscription() {
    return ordinal() >= PRESENCE_SUBSCRIBE.ordinal()
        && ordinal() <= PRESENCE_UNSUBSCRIBED.ordinal();
  }

  /**
   * The type of that attribute value, or null when there is no such type. An unknown type of
   * message is a normal message (RFC 6121, section 5.2.2).
   */
  public static StanzaType of(Kind kind, String attribute) {
    if (attribute == null) {
      return switch (kind) {
        case MESSAGE -> MESSAGE_NORMAL;
        case PRESENCE -> PRESENCE_AVAILABLE;
        case IQ -> null;
      };
    }
    for (StanzaType type : VALUES) {
      if (type.kind == kind && attribute.equals(type.xmlName)) {
        return type;
      }
    }
    return kind == Kind.MESSAGE ? MESSAGE_NORMAL : null;
  }

  private static final StanzaType[] VALUES = values();

  /** The type of that ordinal, or null. */
  public static StanzaType of(int ordinal) {
    return ordinal >= 0 && ordinal < VALUES.length ? VALUES[ordinal] : null;
  }
}

package io.rookery.protocol.stanza;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;
import java.util.Objects;

/**
 * A stanza (RFC 6120, section 8): its header as values, its children as bytes.
 *
 * @param from null when the client left it out and nobody has stamped it yet
 * @param to null when the client left it out
 * @param id null when there is none
 * @param lang the stanza's own xml:lang, or null
 */
public record Stanza(StanzaType type, Jid from, Jid to, String id, String lang, Payload payload) {

  public Stanza {
    Objects.requireNonNull(type);
    Objects.requireNonNull(payload);
  }

  public static Stanza of(StanzaType type, Jid from, Jid to, String id, Element... children) {
    Payload payload = children.length == 0 ? Payload.EMPTY : Payload.of(children);
    return new Stanza(type, from, to, id, null, payload);
  }

  /**
   * A received element as a stanza.
   *
   * @return null when the element is not a stanza, or has a type that does not exist
   * @throws io.rookery.protocol.jid.InvalidJidException when from or to is not an address
   */
  public static Stanza of(RawElement element) {
    StanzaType.Kind kind = StanzaType.Kind.of(element.name());
    StanzaType type = kind == null ? null : StanzaType.of(kind, element.attribute("type"));
    if (type == null) {
      return null;
    }
    return new Stanza(
        type,
        jid(element.attribute("from")),
        jid(element.attribute("to")),
        element.attribute("id"),
        element.lang(),
        Payload.of(element));
  }

  private static Jid jid(String text) {
    return text == null ? null : Jid.parse(text);
  }

  /**
   * Reads back what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static Stanza parse(byte[] bytes) {
    Stanza stanza = of(RawElement.parse(bytes, 0, bytes.length, Namespaces.CLIENT));
    if (stanza == null) {
      throw new IllegalArgumentException("not a stanza");
    }
    return stanza;
  }

  public StanzaType.Kind kind() {
    return type.kind();
  }

  public boolean isMessage() {
    return type.kind() == StanzaType.Kind.MESSAGE;
  }

  public boolean isPresence() {
    return type.kind() == StanzaType.Kind.PRESENCE;
  }

  public boolean isIq() {
    return type.kind() == StanzaType.Kind.IQ;
  }

  public boolean isError() {
    return type.isError();
  }

  public Stanza withFrom(Jid newFrom) {
    return new Stanza(type, newFrom, to, id, lang, payload);
  }

  public Stanza withTo(Jid newTo) {
    return new Stanza(type, from, newTo, id, lang, payload);
  }

  public Stanza withPayload(Payload newPayload) {
    return new Stanza(type, from, to, id, lang, newPayload);
  }

  /** The same with one more child at the end. */
  public Stanza plus(Element child) {
    return withPayload(payload.plus(child));
  }

  /** The result of this IQ request (RFC 6120, section 8.2.3). */
  public Stanza result(Element... children) {
    return of(StanzaType.IQ_RESULT, to, from, id, children);
  }

  /**
   * The error reply to this stanza (RFC 6120, section 8.3.1). The offending payload is not
   * repeated: the sender knows it by the id.
   */
  public Stanza error(StanzaError error) {
    return of(type.kind().errorType(), to, from, id, errorElement(error));
  }

  private static Element errorElement(StanzaError error) {
    Element condition = Element.of(Namespaces.STANZA_ERRORS, error.condition().xmlName());
    Element element =
        Element.of(Namespaces.CLIENT, "error")
            .attribute("type", error.type().xmlName())
            .attribute("code", Integer.toString(error.condition().legacyCode()))
            .with(error.address() == null ? condition : condition.text(error.address()));
    if (error.text() != null) {
      element = element.with(Element.of(Namespaces.STANZA_ERRORS, "text", error.text()));
    }
    if (error.application() != null) {
      element = element.with(Element.parse(error.application()));
    }
    return element;
  }

  /** Roughly what the stanza occupies, in bytes: what queues are bounded by. */
  public int weight() {
    return 200 + payload.length();
  }

  /** Writes the stanza for a stream whose default namespace is {@code jabber:client}. */
  public void writeTo(XmlWriter writer) {
    writeTo(writer, to);
  }

  /** The same, addressed to another; for fan-out. */
  public void writeTo(XmlWriter writer, Jid addressee) {
    String name = type.kind().xmlName();
    writer
        .startTag(name)
        .attribute("from", text(from))
        .attribute("to", text(addressee))
        .attribute("id", id)
        .attribute("type", type.xmlName())
        .attribute("xml:lang", lang);
    payload.writeTo(writer);
    writer.endTag(name);
  }

  private static String text(Jid jid) {
    return jid == null ? null : jid.toString();
  }

  /** The serialized stanza. */
  public byte[] toBytes() {
    XmlWriter writer = new XmlWriter(256 + payload.length());
    writeTo(writer);
    return writer.toByteArray();
  }
}

package io.rookery.protocol.stanza;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
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
    Element element =
        Element.of(Namespaces.CLIENT, "error")
            .withAttribute("type", error.type().xmlName())
            .with(Element.of(Namespaces.STANZA_ERRORS, error.condition().xmlName()));
    if (error.text() != null) {
      element =
          element.with(Element.of(Namespaces.STANZA_ERRORS, "text").withText(error.text()));
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
    writer.startTag(name);
    if (from != null) {
      writer.attribute("from", from.toString());
    }
    if (addressee != null) {
      writer.attribute("to", addressee.toString());
    }
    if (id != null) {
      writer.attribute("id", id);
    }
    if (type.xmlName() != null) {
      writer.attribute("type", type.xmlName());
    }
    if (lang != null) {
      writer.attribute("xml:lang", lang);
    }
    if (payload.isEmpty()) {
      writer.closeEmptyTag();
    } else {
      writer.closeTag();
      payload.writeTo(writer);
      writer.endTag(name);
    }
  }

  /** The serialized stanza. */
  public byte[] toBytes() {
    XmlWriter writer = new XmlWriter(256 + payload.length());
    writeTo(writer);
    return writer.toByteArray();
  }
}

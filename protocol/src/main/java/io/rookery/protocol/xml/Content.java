package io.rookery.protocol.xml;

import io.rookery.protocol.Namespaces;
import java.util.List;

/**
 * The inside of a stanza: well-formed XML in {@code bytes[start, end)} for a place where the
 * default namespace is jabber:client. Two are equal only when they are the same part of the same
 * array.
 *
 * @param bytes not to be written to
 * @param end exclusive
 */
public record Content(byte[] bytes, int start, int end) {
  public static final Content EMPTY = new Content(new byte[0], 0, 0);

  public int length() {
    return end - start;
  }

  public boolean isEmpty() {
    return start == end;
  }

  /** The elements and texts, parsed on each call. */
  public List<Node> nodes() {
    return new TreeReader(bytes, start).nodes(Scope.of(Namespaces.CLIENT), end);
  }

  /** The elements, parsed on each call. */
  public List<Element> elements() {
    return Element.elements(nodes());
  }

  public void writeTo(XmlWriter w) {
    w.raw(bytes, start, end - start);
  }
}

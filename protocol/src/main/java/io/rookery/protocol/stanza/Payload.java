package io.rookery.protocol.stanza;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.XmlWriter;
import java.util.Arrays;

/**
 * The child elements of a stanza as the bytes they came in, with an index of their names. Well-formed
 * under any start tag whose default namespace is {@code jabber:client}; parsed only on request.
 */
public final class Payload {
  public static final Payload EMPTY = new Payload(new byte[0], 0, 0, new String[0], new int[0]);

  private final byte[] bytes;
  private final int offset;
  private final int length;

  /** Namespace and name of each child in turn. */
  private final String[] names;

  /** Start and end of each child in turn, relative to {@link #offset}. */
  private final int[] ranges;

  private Payload(byte[] bytes, int offset, int length, String[] names, int[] ranges) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.names = names;
    this.ranges = ranges;
  }

  /** The content of a received element; shares its bytes where they can stand alone. */
  public static Payload of(RawElement element) {
    if (!element.isContentRelocatable()) {
      return ofCanonical(element.toElement());
    }
    int children = element.childCount();
    int length = element.contentEnd() - element.contentStart();
    if (children == 0) {
      return length == 0 ? EMPTY : textOnly(element, length);
    }
    String[] names = new String[children * 2];
    int[] ranges = new int[children * 2];
    for (int i = 0; i < children; i++) {
      names[2 * i] = element.childNamespace(i);
      names[2 * i + 1] = element.childName(i);
      ranges[2 * i] = element.childStart(i) - element.contentStart();
      ranges[2 * i + 1] = element.childEnd(i) - element.contentStart();
    }
    return new Payload(element.bytes(), element.contentStart(), length, names, ranges);
  }

  private static Payload textOnly(RawElement element, int length) {
    return new Payload(
        element.bytes(), element.contentStart(), length, new String[0], new int[0]);
  }

  private static Payload ofCanonical(Element element) {
    return of(element.children().toArray(new Element[0]));
  }

  /** Serializes the given children. */
  public static Payload of(Element... children) {
    XmlWriter writer = new XmlWriter(256);
    String[] names = new String[children.length * 2];
    int[] ranges = new int[children.length * 2];
    for (int i = 0; i < children.length; i++) {
      names[2 * i] = children[i].namespace();
      names[2 * i + 1] = children[i].name();
      ranges[2 * i] = writer.length();
      children[i].writeTo(writer, Namespaces.CLIENT);
      ranges[2 * i + 1] = writer.length();
    }
    return new Payload(writer.toByteArray(), 0, writer.length(), names, ranges);
  }

  /** From the wire: the index must describe the bytes. */
  public static Payload indexed(
      byte[] bytes, int offset, int length, String[] names, int[] ranges) {
    return new Payload(bytes, offset, length, names, ranges);
  }

  /** These children and one more at the end. */
  public Payload plus(Element child) {
    XmlWriter writer = new XmlWriter(length + 128);
    writer.raw(bytes, offset, length);
    child.writeTo(writer, Namespaces.CLIENT);
    String[] moreNames = Arrays.copyOf(names, names.length + 2);
    moreNames[names.length] = child.namespace();
    moreNames[names.length + 1] = child.name();
    int[] moreRanges = Arrays.copyOf(ranges, ranges.length + 2);
    moreRanges[ranges.length] = length;
    moreRanges[ranges.length + 1] = writer.length();
    return new Payload(writer.toByteArray(), 0, writer.length(), moreNames, moreRanges);
  }

  public int childCount() {
    return names.length / 2;
  }

  public String namespace(int child) {
    return names[2 * child];
  }

  public String name(int child) {
    return names[2 * child + 1];
  }

  /** Start of a child, relative to the payload. */
  public int start(int child) {
    return ranges[2 * child];
  }

  /** End of a child, relative to the payload. */
  public int end(int child) {
    return ranges[2 * child + 1];
  }

  /** Index of the first child of that name, or -1. */
  public int indexOf(String namespace, String name) {
    for (int i = 0; i < names.length; i += 2) {
      if (names[i + 1].equals(name) && names[i].equals(namespace)) {
        return i / 2;
      }
    }
    return -1;
  }

  public boolean has(String namespace, String name) {
    return indexOf(namespace, name) >= 0;
  }

  /** True when some child is in the namespace. */
  public boolean hasNamespace(String namespace) {
    for (int i = 0; i < names.length; i += 2) {
      if (names[i].equals(namespace)) {
        return true;
      }
    }
    return false;
  }

  /** Parses one child. */
  public Element element(int child) {
    return Element.parse(bytes, offset + start(child), end(child) - start(child), Namespaces.CLIENT);
  }

  /** Parses the first child of that name, or null. */
  public Element element(String namespace, String name) {
    int i = indexOf(namespace, name);
    return i < 0 ? null : element(i);
  }

  /** Without the children of that name, for example forged stamps. */
  public Payload without(String namespace, String name) {
    if (!has(namespace, name)) {
      return this;
    }
    Element[] kept = new Element[childCount()];
    int n = 0;
    for (int i = 0; i < kept.length; i++) {
      if (!(namespace(i).equals(namespace) && name(i).equals(name))) {
        kept[n++] = element(i);
      }
    }
    return of(Arrays.copyOf(kept, n));
  }

  /** Bytes of the serialized form. */
  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  public void writeTo(XmlWriter writer) {
    writer.raw(bytes, offset, length);
  }

  /** The array that holds the bytes, from {@link #offset()} on; not to be changed. */
  public byte[] array() {
    return bytes;
  }

  public int offset() {
    return offset;
  }
}

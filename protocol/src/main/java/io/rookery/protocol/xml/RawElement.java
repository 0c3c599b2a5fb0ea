package io.rookery.protocol.xml;

import io.rookery.protocol.Namespaces;
import java.util.Arrays;

/**
 * A complete, checked element in the bytes in which it came, with an index of its attributes and
 * direct children. Names and values are decoded when asked for. Immutable, as long as nobody writes
 * to {@link #bytes()}.
 */
public final class RawElement {
  private final byte[] bytes;
  private final int start;
  private final int length;
  private final int contentStart;
  private final int contentEnd;
  private final String name;
  private final String namespace;

  /** True when nothing in the content refers to a declaration outside of it but the default. */
  private final boolean selfContained;

  private final int[] attributes;
  private final int[] children;
  private final Scope outer;

  RawElement(
      byte[] bytes,
      int start,
      int length,
      int contentStart,
      int contentEnd,
      String name,
      String namespace,
      boolean selfContained,
      int[] attributes,
      int[] children,
      Scope outer) {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.contentStart = contentStart;
    this.contentEnd = contentEnd;
    this.name = name;
    this.namespace = namespace;
    this.selfContained = selfContained;
    this.attributes = attributes;
    this.children = children;
    this.outer = outer;
  }

  /** The local name. */
  public String name() {
    return name;
  }

  /** The namespace, empty for none. */
  public String namespace() {
    return namespace;
  }

  public boolean is(String wantedNamespace, String wantedName) {
    return name.equals(wantedName) && namespace.equals(wantedNamespace);
  }

  /** The value of an attribute without a namespace, or null. */
  public String attribute(String wanted) {
    return rawAttribute(wanted);
  }

  /** The value of xml:lang, or null. */
  public String lang() {
    return rawAttribute("xml:lang");
  }

  private String rawAttribute(String wanted) {
    for (int i = 0; i < attributes.length; i += StartTag.WIDTH) {
      if (isName(wanted, attributes[i], attributes[i + 2])) {
        return value(i);
      }
    }
    return null;
  }

  /** Compares bytes with characters, which is right for ASCII; other names come by index. */
  private boolean isName(String wanted, int from, int to) {
    if (wanted.length() != to - from) {
      return false;
    }
    for (int i = 0; i < wanted.length(); i++) {
      if (bytes[start + from + i] != wanted.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String value(int i) {
    return CharacterData.attributeValue(
        bytes, start + attributes[i + 3], start + attributes[i + 4]);
  }

  /** The number of attributes, namespace declarations not included. */
  public int attributeCount() {
    return attributes.length / StartTag.WIDTH;
  }

  /** The local name of attribute {@code i}. */
  public String attributeName(int i) {
    int at = i * StartTag.WIDTH;
    int colon = attributes[at + 1];
    return KnownStrings.of(
        bytes, start + (colon < 0 ? attributes[at] : colon + 1), start + attributes[at + 2]);
  }

  /** The namespace of attribute {@code i}, empty for none. */
  public String attributeNamespace(int i) {
    int at = i * StartTag.WIDTH;
    int colon = attributes[at + 1];
    return colon < 0
        ? ""
        : contentScope().namespace(KnownStrings.of(bytes, start + attributes[at], start + colon));
  }

  public String attributeValue(int i) {
    return value(i * StartTag.WIDTH);
  }

  /** The number of direct child elements. */
  public int childCount() {
    return children.length / ItemScanner.CHILD_WIDTH;
  }

  /** The local name of child {@code i}. */
  public String childName(int i) {
    int from = childStart(i) + 1;
    int to = TreeReader.nameEnd(bytes, from);
    int colon = TreeReader.colon(bytes, from, to);
    return KnownStrings.of(bytes, colon < 0 ? from : colon + 1, to);
  }

  /** The namespace of child {@code i}, empty for none. */
  public String childNamespace(int i) {
    int at = i * ItemScanner.CHILD_WIDTH;
    if (children[at + 2] >= 0) {
      return CharacterData.attributeValue(
          bytes, start + children[at + 2], start + children[at + 3]);
    }
    int from = childStart(i) + 1;
    int colon = TreeReader.colon(bytes, from, TreeReader.nameEnd(bytes, from));
    return outer.namespace(colon < 0 ? "" : KnownStrings.of(bytes, from, colon));
  }

  /** Where child {@code i} starts in {@link #bytes()}. */
  public int childStart(int i) {
    return start + children[i * ItemScanner.CHILD_WIDTH];
  }

  /** Where child {@code i} ends in {@link #bytes()}, exclusive. */
  public int childEnd(int i) {
    return start + children[i * ItemScanner.CHILD_WIDTH + 1];
  }

  /** The index of the first child with this name, or -1. */
  public int indexOfChild(String wantedNamespace, String wantedName) {
    for (int i = 0; i < childCount(); i++) {
      if (childName(i).equals(wantedName) && childNamespace(i).equals(wantedNamespace)) {
        return i;
      }
    }
    return -1;
  }

  /** The array this element is a part of; not to be written to. */
  public byte[] bytes() {
    return bytes;
  }

  public int start() {
    return start;
  }

  /** Exclusive. */
  public int end() {
    return start + length;
  }

  public int contentStart() {
    return start + contentStart;
  }

  /** Exclusive; equal to {@link #contentStart()} for an empty element. */
  public int contentEnd() {
    return start + contentEnd;
  }

  /**
   * What is inside, as XML that means the same under any start tag whose default namespace is
   * jabber:client. A stanza of jabber:server is one of jabber:client there: what inherits the
   * namespace of the stanza goes with it (RFC 6120, section 4.8.3).
   *
   * <p>The bytes as they came, unless they use declarations from outside of the content; then they
   * are written anew.
   */
  public Content content() {
    boolean stanza = namespace.equals(Namespaces.CLIENT) || namespace.equals(Namespaces.SERVER);
    if (stanza && selfContained || contentStart == contentEnd) {
      return new Content(bytes, contentStart(), contentEnd());
    }
    XmlWriter w = new XmlWriter(contentEnd - contentStart + 64);
    for (Node node : toElement().nodes()) {
      node.writeTo(w, stanza ? namespace : Namespaces.CLIENT);
    }
    return new Content(w.array(), 0, w.length());
  }

  /** The whole as a tree, built on each call. */
  public Element toElement() {
    return new TreeReader(bytes, start).element(outer);
  }

  /** Child {@code i} as a tree, built on each call. */
  public Element child(int i) {
    return new TreeReader(bytes, childStart(i)).element(contentScope());
  }

  /** The text directly inside, child elements left out. */
  public String text() {
    return childCount() == 0
        ? new TreeReader(bytes, contentStart()).text(contentEnd())
        : toElement().text();
  }

  /** The namespaces in scope inside this element. */
  Scope contentScope() {
    return new TreeReader(bytes, start).scope(outer);
  }

  /** The name with its prefix. */
  byte[] rawName() {
    int from = start + 1;
    return Arrays.copyOfRange(bytes, from, TreeReader.nameEnd(bytes, from));
  }

  /** The prefix, empty when there is none. */
  String prefix() {
    int from = start + 1;
    int colon = TreeReader.colon(bytes, from, TreeReader.nameEnd(bytes, from));
    return colon < 0 ? "" : KnownStrings.of(bytes, from, colon);
  }

  /** The XML as it came. */
  @Override
  public String toString() {
    return KnownStrings.of(bytes, start, end());
  }
}

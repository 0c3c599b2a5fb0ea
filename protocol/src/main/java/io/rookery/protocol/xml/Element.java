package io.rookery.protocol.xml;

import io.rookery.protocol.Namespaces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An XML element as an immutable tree, by expanded names: prefixes are not kept. Built as {@code
 * Element.of(NS, "query").attribute("ver", ver).with(item)}.
 */
public final class Element implements Node {
  private final String namespace;
  private final String name;
  private final List<Attribute> attributes;
  private final List<Node> nodes;

  /** The lists must be immutable and the names names. */
  Element(String namespace, String name, List<Attribute> attributes, List<Node> nodes) {
    this.namespace = namespace;
    this.name = name;
    this.attributes = attributes;
    this.nodes = nodes;
  }

  /**
   * An empty element.
   *
   * @param namespace empty for none
   * @throws IllegalArgumentException when {@code name} is not an XML name without a colon
   */
  public static Element of(String namespace, String name) {
    return new Element(Objects.requireNonNull(namespace), checked(name), List.of(), List.of());
  }

  /** An element with text inside. */
  public static Element of(String namespace, String name, String text) {
    return of(namespace, name).text(text);
  }

  /**
   * Parses one element.
   *
   * @param defaultNamespace the default namespace in scope, empty for none
   * @throws IllegalArgumentException when the bytes are not exactly one element of the XML that
   *     XMPP allows, or it is nested more than 1000 deep
   */
  public static Element parse(byte[] b, int off, int len, String defaultNamespace) {
    return RawElement.parse(b, off, len, defaultNamespace).toElement();
  }

  /** As {@link #parse(byte[], int, int, String)}, for one that declares its own namespace. */
  public static Element parse(String xml) {
    byte[] b = xml.getBytes(StandardCharsets.UTF_8);
    return parse(b, 0, b.length, "");
  }

  private static String checked(String name) {
    if (!XmlChars.isNcName(name)) {
      throw new IllegalArgumentException("not an XML name: " + name);
    }
    return name;
  }

  /** This element with an attribute set; without it when {@code value} is null. */
  public Element attribute(String attributeName, String value) {
    return attribute("", attributeName, value);
  }

  /** As {@link #attribute(String, String)}, for an attribute in a namespace. */
  public Element attribute(String attributeNamespace, String attributeName, String value) {
    List<Attribute> changed = new ArrayList<>(attributes.size() + 1);
    for (Attribute a : attributes) {
      if (!a.name().equals(attributeName) || !a.namespace().equals(attributeNamespace)) {
        changed.add(a);
      }
    }
    if (value != null) {
      changed.add(new Attribute(attributeNamespace, checked(attributeName), value));
    }
    return new Element(namespace, name, List.copyOf(changed), nodes);
  }

  /** This element with more elements or texts at its end. */
  public Element with(Node... more) {
    return with(Arrays.asList(more));
  }

  /** This element with more elements or texts at its end. */
  public Element with(List<? extends Node> more) {
    List<Node> changed = new ArrayList<>(nodes.size() + more.size());
    changed.addAll(nodes);
    changed.addAll(more);
    return new Element(namespace, name, attributes, List.copyOf(changed));
  }

  /** This element with text at its end. */
  public Element text(String more) {
    return more.isEmpty() ? this : with(new Text(more));
  }

  /** This element without its direct children of this name. */
  public Element without(String childNamespace, String childName) {
    List<Node> changed = new ArrayList<>(nodes);
    changed.removeIf(n -> n instanceof Element e && e.is(childNamespace, childName));
    return new Element(namespace, name, attributes, List.copyOf(changed));
  }

  /** The namespace, empty for none. */
  public String namespace() {
    return namespace;
  }

  /** The local name. */
  public String name() {
    return name;
  }

  public boolean is(String wantedNamespace, String wantedName) {
    return name.equals(wantedName) && namespace.equals(wantedNamespace);
  }

  public List<Attribute> attributes() {
    return attributes;
  }

  /** The value of an attribute without a namespace, or null. */
  public String attribute(String wanted) {
    return attributeIn("", wanted);
  }

  /** The value of an attribute in a namespace, or null. */
  public String attributeIn(String wantedNamespace, String wanted) {
    for (Attribute a : attributes) {
      if (a.name().equals(wanted) && a.namespace().equals(wantedNamespace)) {
        return a.value();
      }
    }
    return null;
  }

  /** The value of xml:lang on this element, or null. */
  public String lang() {
    return attributeIn(Namespaces.XML, "lang");
  }

  /** Elements and texts. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The child elements. */
  public List<Element> children() {
    return elements(nodes);
  }

  /** The child elements with this name. */
  public List<Element> children(String wantedNamespace, String wantedName) {
    List<Element> found = new ArrayList<>();
    for (Node n : nodes) {
      if (n instanceof Element e && e.is(wantedNamespace, wantedName)) {
        found.add(e);
      }
    }
    return found;
  }

  /** The first child element with this name, or null. */
  public Element child(String wantedNamespace, String wantedName) {
    for (Node n : nodes) {
      if (n instanceof Element e && e.is(wantedNamespace, wantedName)) {
        return e;
      }
    }
    return null;
  }

  /** The text directly inside, child elements left out. */
  public String text() {
    if (nodes.size() == 1 && nodes.get(0) instanceof Text only) {
      return only.value();
    }
    StringBuilder text = new StringBuilder();
    for (Node n : nodes) {
      if (n instanceof Text t) {
        text.append(t.value());
      }
    }
    return text.toString();
  }

  static List<Element> elements(List<Node> nodes) {
    List<Element> elements = new ArrayList<>(nodes.size());
    for (Node n : nodes) {
      if (n instanceof Element e) {
        elements.add(e);
      }
    }
    return elements;
  }

  @Override
  public void writeTo(XmlWriter w, String defaultNamespace) {
    boolean xml = namespace.equals(Namespaces.XML); // it cannot be a default namespace
    String tag = xml ? "xml:" + name : name;
    String inside = xml ? defaultNamespace : namespace;
    w.startTag(tag);
    if (!inside.equals(defaultNamespace)) {
      w.attribute("xmlns", inside);
    }
    int prefixes = 0;
    for (Attribute a : attributes) {
      if (a.namespace().isEmpty()) {
        w.attribute(a.name(), a.value());
      } else if (a.namespace().equals(Namespaces.XML)) {
        w.attribute("xml:" + a.name(), a.value());
      } else {
        String prefix = "n" + prefixes++;
        w.attribute("xmlns:" + prefix, a.namespace()).attribute(prefix + ":" + a.name(), a.value());
      }
    }
    for (Node n : nodes) {
      n.writeTo(w, inside);
    }
    w.endTag(tag);
  }

  /** The XML of this element, which declares its namespace. */
  public byte[] toBytes() {
    XmlWriter w = new XmlWriter();
    writeTo(w, "");
    return w.toByteArray();
  }

  /** Equal names, attributes in any order, and equal contents in order. */
  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Element that
            && name.equals(that.name)
            && namespace.equals(that.namespace)
            && attributes.size() == that.attributes.size()
            && attributes.containsAll(that.attributes)
            && nodes.equals(that.nodes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(namespace, name, nodes);
  }

  @Override
  public String toString() {
    return new String(toBytes(), StandardCharsets.UTF_8);
  }
}

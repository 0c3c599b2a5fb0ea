package io.rookery.standalone.conversation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.xml.namespace.QName;

/**
 * An XML element as a client received it, with its own direct text. Prefixes, attribute order and
 * the place of text between children are of no meaning here.
 */
public record Element(
    QName name, Map<QName, String> attributes, List<Element> children, String text) {

  public String localName() {
    return name.getLocalPart();
  }

  public String namespace() {
    return name.getNamespaceURI();
  }

  public boolean is(String localName, String namespace) {
    return localName().equals(localName) && namespace().equals(namespace);
  }

  /** The attribute of no namespace, or null. */
  public String attribute(String attribute) {
    return attributes.get(new QName(attribute));
  }

  public Optional<Element> child(String localName, String namespace) {
    return children.stream().filter(c -> c.is(localName, namespace)).findFirst();
  }

  /** The first child of this local name in the namespace of its parent. */
  public Optional<Element> child(String localName) {
    return child(localName, namespace());
  }

  public List<Element> children(String localName, String namespace) {
    return children.stream().filter(c -> c.is(localName, namespace)).toList();
  }

  /** As XML for a human: every change of namespace declared, no prefixes. */
  @Override
  public String toString() {
    return xml("");
  }

  private String xml(String outerNamespace) {
    String attributeText =
        attributes.entrySet().stream()
            .map(a -> " " + label(a.getKey()) + "='" + escaped(a.getValue()) + "'")
            .sorted()
            .collect(Collectors.joining());
    String declaration =
        namespace().equals(outerNamespace) ? "" : " xmlns='" + escaped(namespace()) + "'";
    String start = "<" + localName() + declaration + attributeText;
    String content =
        escaped(text)
            + children.stream().map(c -> c.xml(namespace())).collect(Collectors.joining());
    return content.isEmpty() ? start + "/>" : start + ">" + content + "</" + localName() + ">";
  }

  private static String label(QName attribute) {
    return attribute.getPrefix().isEmpty()
        ? attribute.getLocalPart()
        : attribute.getPrefix() + ":" + attribute.getLocalPart();
  }

  private static String escaped(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&apos;");
  }
}

package io.rookery.standalone.portable;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.xml.Attribute;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.Node;
import java.util.List;

/** Stanzas of servers that forget where they are: Prosody (0.12) leaves out {@code xmlns}. */
final class ClientNamespace {
  private ClientNamespace() {}

  /** What is in the namespace of the file, moved to that of stanzas. */
  static Element of(Element stanza) {
    if (!stanza.namespace().equals(Names.PIE)) {
      return stanza;
    }
    Element moved = Element.of(Namespaces.CLIENT, stanza.name());
    for (Attribute attribute : stanza.attributes()) {
      moved = moved.attribute(attribute.namespace(), attribute.name(), attribute.value());
    }
    List<Node> nodes =
        stanza.nodes().stream().map(node -> node instanceof Element e ? of(e) : node).toList();
    return moved.with(nodes);
  }
}

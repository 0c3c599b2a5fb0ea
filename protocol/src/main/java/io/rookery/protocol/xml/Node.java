package io.rookery.protocol.xml;

/** What an {@link Element} contains. */
public sealed interface Node permits Element, Text {
  /**
   * Writes this node.
   *
   * @param defaultNamespace the default namespace in scope at this place, empty for none
   */
  void writeTo(XmlWriter w, String defaultNamespace);
}

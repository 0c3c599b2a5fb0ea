package io.rookery.protocol.xml;

import java.util.Objects;

/** A piece of text in an {@link Element}. */
public record Text(String value) implements Node {
  public Text {
    Objects.requireNonNull(value);
  }

  @Override
  public void writeTo(XmlWriter w, String defaultNamespace) {
    w.text(value);
  }
}

package io.rookery.protocol.xml;

import java.util.Objects;

/**
 * An attribute of an {@link Element}.
 *
 * @param namespace empty for none
 */
public record Attribute(String namespace, String name, String value) {
  public Attribute {
    Objects.requireNonNull(namespace);
    Objects.requireNonNull(name);
    Objects.requireNonNull(value);
  }
}

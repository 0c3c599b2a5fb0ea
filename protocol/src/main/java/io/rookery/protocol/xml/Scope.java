package io.rookery.protocol.xml;

import io.rookery.protocol.Namespaces;

/**
 * Namespace declarations in scope, innermost first; immutable.
 *
 * @param prefix empty for the default namespace
 * @param outer null at the end of the list
 */
record Scope(String prefix, String namespace, Scope outer) {
  /** Nothing but the default: no namespace. */
  static final Scope NONE = new Scope("", "", null);

  static Scope of(String defaultNamespace) {
    return new Scope("", defaultNamespace, null);
  }

  Scope with(String newPrefix, String newNamespace) {
    return new Scope(newPrefix, newNamespace, this);
  }

  /** The namespace bound to a prefix, or null when there is none. */
  String namespace(String wanted) {
    for (Scope s = this; s != null; s = s.outer) {
      if (s.prefix.equals(wanted)) {
        return s.namespace;
      }
    }
    return wanted.equals("xml") ? Namespaces.XML : null;
  }
}

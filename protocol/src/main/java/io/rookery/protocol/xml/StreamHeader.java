package io.rookery.protocol.xml;

import io.rookery.protocol.Namespaces;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The start tag of a stream (RFC 6120, section 4.7). Only its XML has been checked: whether the
 * names, the namespaces, the version and the addresses are acceptable is for the caller to say
 * ({@code bad-format}, {@code invalid-namespace}, {@code unsupported-version}, {@code
 * host-unknown}, …).
 *
 * @param name the root element's local name, {@code stream} if all is well
 * @param namespace the root element's namespace, {@link Namespaces#STREAM} if all is well
 * @param prefix the root element's prefix, empty when it has none
 * @param contentNamespace the default namespace, as {@link Namespaces#CLIENT}; empty if undeclared
 * @param prefixes the declared prefixes and their namespaces, without the default
 * @param to null if absent, as the other attributes
 * @param lang xml:lang
 */
public record StreamHeader(
    String name,
    String namespace,
    String prefix,
    String contentNamespace,
    Map<String, String> prefixes,
    String to,
    String from,
    String id,
    String version,
    String lang) {

  static StreamHeader of(RawElement root, Scope scope) {
    Map<String, String> prefixes = new LinkedHashMap<>();
    for (Scope s = scope; s != null; s = s.outer()) {
      if (!s.prefix().isEmpty()) {
        prefixes.put(s.prefix(), s.namespace());
      }
    }
    return new StreamHeader(
        root.name(),
        root.namespace(),
        root.prefix(),
        scope.namespace(""),
        Collections.unmodifiableMap(prefixes),
        root.attribute("to"),
        root.attribute("from"),
        root.attribute("id"),
        root.attribute("version"),
        root.lang());
  }

  /** True when the root element is {@code stream} in the namespace of streams. */
  public boolean isStream() {
    return name.equals("stream") && namespace.equals(Namespaces.STREAM);
  }
}

package io.rookery.protocol.xml;

/**
 * What a peer may send in one go; more is a {@code policy-violation} (RFC 6120, section 4.9.3.14).
 *
 * @param maxElementBytes bytes of one top-level element or stream header, from {@code <} to its end
 * @param maxDepth nested elements, the top-level element included
 * @param maxAttributes attributes of one tag, namespace declarations included
 */
public record XmlLimits(int maxElementBytes, int maxDepth, int maxAttributes) {
  public XmlLimits {
    if (maxElementBytes < 1 || maxDepth < 1 || maxAttributes < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}

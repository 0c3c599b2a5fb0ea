package io.rookery.protocol.xml;

import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;

/** The stream errors XML can cause (RFC 6120, sections 4.9.3 and 11). */
final class XmlErrors {
  private XmlErrors() {}

  static StreamException malformed(String text) {
    return new StreamException(Condition.NOT_WELL_FORMED, text);
  }

  static StreamException restricted(String text) {
    return new StreamException(Condition.RESTRICTED_XML, text);
  }

  static StreamException tooMuch(String text) {
    return new StreamException(Condition.POLICY_VIOLATION, text);
  }

  static StreamException badFormat(String text) {
    return new StreamException(Condition.BAD_FORMAT, text);
  }

  static StreamException badPrefix() {
    return new StreamException(Condition.BAD_NAMESPACE_PREFIX, "undeclared prefix");
  }
}

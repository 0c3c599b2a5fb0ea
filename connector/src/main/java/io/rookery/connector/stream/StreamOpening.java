package io.rookery.connector.stream;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.xml.StreamHeader;
import java.util.Set;

/** Judges a client's stream header (RFC 6120, sections 4.7 and 4.8). */
final class StreamOpening {
  private StreamOpening() {}

  /**
   * @param before the domain of the stream so far, null on the first header
   * @return the domain the stream is to
   */
  static String check(StreamHeader header, String before, Set<String> domains)
      throws StreamException {
    if (!header.namespace().equals(Namespaces.STREAM)) {
      throw new StreamException(Condition.INVALID_NAMESPACE, "not a stream");
    }
    if (!header.isStream()) {
      throw new StreamException(Condition.BAD_FORMAT, "not a stream");
    }
    if (!header.contentNamespace().equals(Namespaces.CLIENT)) {
      throw new StreamException(Condition.INVALID_NAMESPACE, "clients speak jabber:client");
    }
    if (!isVersion1(header.version())) {
      throw new StreamException(Condition.UNSUPPORTED_VERSION, "version 1.0 is spoken here");
    }
    String domain = domain(header.to());
    if (!domains.contains(domain) || before != null && !before.equals(domain)) {
      throw new StreamException(Condition.HOST_UNKNOWN, null);
    }
    return domain;
  }

  /**
   * Whose account the stream is to be for (RFC 6120, section 4.7.1), null when the client does not
   * say. One of another domain is an error (XEP-0388, section 2.1).
   */
  static Jid claimed(StreamHeader header, String domain) throws StreamException {
    if (header.from() == null) {
      return null;
    }
    try {
      Jid from = Jid.parse(header.from()).bare();
      if (!from.domain().equals(domain)) {
        throw new StreamException(Condition.INVALID_FROM, null);
      }
      return from;
    } catch (InvalidJidException e) {
      return null;
    }
  }

  private static String domain(String to) throws StreamException {
    if (to == null) {
      throw new StreamException(Condition.HOST_UNKNOWN, "the stream is to nobody");
    }
    try {
      return Jid.parse(to).domain();
    } catch (InvalidJidException e) {
      throw new StreamException(Condition.IMPROPER_ADDRESSING, null);
    }
  }

  /** Section 4.7.5: minor versions do not matter, anything before 1.0 is another protocol. */
  private static boolean isVersion1(String version) {
    return version != null && version.matches("1\\.[0-9]+");
  }
}

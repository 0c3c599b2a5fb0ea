package io.rookery.bench.stream;

/** How a connection is secured. */
public enum Tls {
  NONE,
  /** RFC 6120, section 5. */
  STARTTLS,
  /** TLS from the first byte (XEP-0368). */
  DIRECT
}

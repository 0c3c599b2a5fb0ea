package io.rookery.protocol.jid;

/**
 * The text is not a JID (RFC 7622). Carries no stack trace: it is an answer to a peer, not a bug.
 */
public final class InvalidJidException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidJidException(String message) {
    super(message, null, false, false);
  }
}

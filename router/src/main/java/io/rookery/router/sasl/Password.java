package io.rookery.router.sasl;

import java.util.Optional;
import rocks.xmpp.precis.PrecisProfiles;

/** A password prepared with the OpaqueString profile of PRECIS (RFC 8265, section 4). */
public final class Password {
  /** Keeps the cost of preparation bounded; RFC 4616 asks for 255 bytes at least. */
  private static final int MAX_CHARS = 1023;

  private final String prepared;

  private Password(String prepared) {
    this.prepared = prepared;
  }

  /** Empty when the text is empty, longer than 1023 chars, or has characters no password has. */
  public static Optional<Password> of(String text) {
    if (text.length() > MAX_CHARS) {
      return Optional.empty();
    }
    try {
      String prepared = PrecisProfiles.OPAQUE_STRING.enforce(text);
      return prepared.isEmpty() ? Optional.empty() : Optional.of(new Password(prepared));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  char[] chars() {
    return prepared.toCharArray();
  }

  /** Says nothing, so that no log can. */
  @Override
  public String toString() {
    return "Password[]";
  }
}

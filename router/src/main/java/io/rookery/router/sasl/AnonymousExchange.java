package io.rookery.router.sasl;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.sasl.SaslStep.Assigned;
import java.util.function.Supplier;

/**
 * ANONYMOUS (RFC 4505): one message with a trace for the administrators' eyes, which need not be
 * there. It is checked, and nothing is done with it: it may be somebody's address.
 */
final class AnonymousExchange {

  /** Characters of a trace (section 2). */
  private static final int MAX_TRACE = 255;

  private final String domain;
  private final Supplier<String> names;

  /**
   * @param names never the same twice, and hard to guess
   */
  AnonymousExchange(String domain, Supplier<String> names) {
    this.domain = domain;
    this.names = names;
  }

  SaslStep first(byte[] message) throws Refusal {
    String trace = Identity.text(message);
    if (trace.codePointCount(0, trace.length()) > MAX_TRACE) {
      throw Refusal.malformed("a trace of more than " + MAX_TRACE + " characters");
    }
    if (trace.codePoints().anyMatch(AnonymousExchange::isProhibited)) {
      throw Refusal.malformed("a trace with control characters");
    }
    return new Assigned(Jid.of(names.get(), domain, null));
  }

  /** Section 3, as today's Unicode has it: nothing that is not seen, or means something else. */
  private static boolean isProhibited(int c) {
    boolean noCharacter = (c & 0xFFFE) == 0xFFFE || c >= 0xFDD0 && c <= 0xFDEF || c == 0xFFFD;
    return noCharacter
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.PRIVATE_USE,
              Character.SURROGATE,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              true;
          default -> false;
        };
  }
}

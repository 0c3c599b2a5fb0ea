package io.rookery.router.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.sasl.Mechanism;
import io.rookery.protocol.sasl.SaslOffer;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4505. */
class AnonymousExchangeTest {
  private static final String DOMAIN = "guests.example";

  private final SaslServer server = new SaslServer(new SecureRandom(), new byte[32], 4096);
  private final SaslOffer offer = SaslOffer.of(true, ChannelBindings.NONE, Mechanism.of(true));

  private SaslStep start(byte[] message) {
    return server.start("ANONYMOUS", offer, DOMAIN, message);
  }

  private Jid assigned(byte[] message) {
    return assertInstanceOf(SaslStep.Assigned.class, start(message)).account();
  }

  private void isMalformed(byte[] message) {
    SaslStep.Failure failure = assertInstanceOf(SaslStep.Failure.class, start(message));
    assertEquals(SaslCondition.MALFORMED_REQUEST, failure.condition());
  }

  @Test
  void everyLoginIsSomebodyElse() {
    Jid one = assigned(null);
    Jid other = assigned(new byte[0]);
    assertTrue(one.isBare());
    assertEquals(DOMAIN, one.domain());
    assertEquals(32, one.local().length(), "128 bits in hex");
    assertNotEquals(one, other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sirhc", "juliet@capulet.example", "\u00fcnic\u00f6de", "with a space"})
  void aTraceIsTakenAndDecidesNothing(String trace) {
    assertTrue(assigned(trace.getBytes(UTF_8)).local().matches("[0-9a-f]{32}"));
  }

  @Test
  void aTraceHasAtMost255Characters() {
    assigned("\ud83d\ude00".repeat(255).getBytes(UTF_8));
    isMalformed("x".repeat(256).getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb", "\0", "\u007f", "\u0085", "\u202e", "\u2028", "\ue000", "\ufffe", "\ufdd0"
      })
  void whatIsNotSeenIsNoTrace(String trace) {
    isMalformed(trace.getBytes(UTF_8));
  }

  @Test
  void aTraceIsText() {
    isMalformed(new byte[] {'a', (byte) 0xC3});
    isMalformed(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}); // a surrogate
  }
}

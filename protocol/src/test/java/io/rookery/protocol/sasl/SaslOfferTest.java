package io.rookery.protocol.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SaslOfferTest {
  private static final Set<Mechanism> ALL = Mechanism.of(false);

  private static List<String> names(SaslOffer offer) {
    return offer.mechanisms().stream().map(Mechanism::saslName).toList();
  }

  @Test
  void strongestFirst() {
    Map<String, byte[]> data = new LinkedHashMap<>();
    data.put("tls-exporter", new byte[32]);
    data.put("tls-server-end-point", new byte[32]);
    SaslOffer offer = SaslOffer.of(true, new ChannelBindings(data), ALL);
    assertEquals(
        List.of(
            "SCRAM-SHA-512-PLUS",
            "SCRAM-SHA-256-PLUS",
            "SCRAM-SHA-1-PLUS",
            "SCRAM-SHA-512",
            "SCRAM-SHA-256",
            "SCRAM-SHA-1",
            "PLAIN"),
        names(offer));
    assertEquals(List.of("tls-exporter", "tls-server-end-point"), offer.bindings().types());
  }

  @Test
  void withoutBindingNoPlusAndWithoutTlsNoPlain() {
    assertEquals(
        List.of("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"),
        names(SaslOffer.of(true, ChannelBindings.NONE, ALL)));
    assertEquals(
        List.of("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"),
        names(SaslOffer.of(false, ChannelBindings.NONE, ALL)));
  }

  /** A client with a password must not be led to log in as nobody (RFC 4505, section 4). */
  @Test
  void whoHasNoAccountIsOfferedNothingElse() {
    ChannelBindings bindings = new ChannelBindings(Map.of("tls-exporter", new byte[32]));
    SaslOffer offer = SaslOffer.of(true, bindings, Mechanism.of(true));
    assertEquals(List.of("ANONYMOUS"), names(offer));
    assertTrue(offer.isAnonymous());
    assertFalse(offer.bindsChannel());
    assertFalse(SaslOffer.of(true, bindings, ALL).isAnonymous());
  }

  @Test
  void onlyWhatIsEnabled() {
    EnumSet<Mechanism> some = EnumSet.of(Mechanism.PLAIN, Mechanism.SCRAM_SHA_256);
    assertEquals(
        List.of("SCRAM-SHA-256", "PLAIN"), names(SaslOffer.of(true, ChannelBindings.NONE, some)));
  }
}

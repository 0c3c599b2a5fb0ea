package io.rookery.protocol.sasl;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The mechanisms one connection may use, strongest first, and its channel bindings (RFC 6120,
 * section 6.4.1; XEP-0440).
 *
 * @param encrypted whether the connection is protected by TLS
 */
public record SaslOffer(boolean encrypted, List<Mechanism> mechanisms, ChannelBindings bindings) {

  /**
   * PLAIN needs encryption, the -PLUS mechanisms need a channel binding.
   *
   * @param enabled what the domain allows at all
   */
  public static SaslOffer of(boolean encrypted, ChannelBindings bindings, Set<Mechanism> enabled) {
    List<Mechanism> usable =
        enabled.stream()
            .filter(m -> m != Mechanism.PLAIN || encrypted)
            .filter(m -> !m.bindsChannel() || !bindings.isEmpty())
            .sorted(Comparator.naturalOrder())
            .toList();
    return new SaslOffer(encrypted, usable, bindings);
  }

  /** True when there is nothing to show for oneself (RFC 4505). */
  public boolean isAnonymous() {
    return mechanisms.contains(Mechanism.ANONYMOUS);
  }

  /** True when the client was told that it can bind the channel. */
  public boolean bindsChannel() {
    return mechanisms.stream().anyMatch(Mechanism::bindsChannel);
  }
}

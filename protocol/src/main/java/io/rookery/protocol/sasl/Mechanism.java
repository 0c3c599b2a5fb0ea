package io.rookery.protocol.sasl;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The mechanisms. Those for passwords, strongest first: SCRAM (RFC 5802, RFC 7677) with and without
 * channel binding, and PLAIN (RFC 4616). And the one for whoever comes, ANONYMOUS (RFC 4505).
 */
public enum Mechanism {
  SCRAM_SHA_512_PLUS("SHA-512", true),
  SCRAM_SHA_256_PLUS("SHA-256", true),
  SCRAM_SHA_1_PLUS("SHA-1", true),
  SCRAM_SHA_512("SHA-512", false),
  SCRAM_SHA_256("SHA-256", false),
  SCRAM_SHA_1("SHA-1", false),
  PLAIN("PLAIN"),
  ANONYMOUS("ANONYMOUS");

  private static final Map<String, Mechanism> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(m -> m.saslName, Function.identity()));

  private final String hash;
  private final boolean bindsChannel;
  private final String saslName;

  Mechanism(String hash, boolean bindsChannel) {
    this.hash = hash;
    this.bindsChannel = bindsChannel;
    this.saslName = "SCRAM-" + hash + (bindsChannel ? "-PLUS" : "");
  }

  Mechanism(String saslName) {
    this.hash = null;
    this.bindsChannel = false;
    this.saslName = saslName;
  }

  /**
   * What a domain allows at all.
   *
   * @param anonymous its users have no accounts (XEP-0175)
   */
  public static Set<Mechanism> of(boolean anonymous) {
    EnumSet<Mechanism> forGuests = EnumSet.of(ANONYMOUS);
    return anonymous ? forGuests : EnumSet.complementOf(forGuests);
  }

  public static Optional<Mechanism> named(String saslName) {
    return Optional.ofNullable(BY_NAME.get(saslName));
  }

  /** The registered name, e.g. {@code SCRAM-SHA-256-PLUS}. */
  public String saslName() {
    return saslName;
  }

  /** True for the -PLUS variants. */
  public boolean bindsChannel() {
    return bindsChannel;
  }

  /** Name of the hash function, such as {@code SHA-256}; null for those without. */
  public String hash() {
    return hash;
  }
}

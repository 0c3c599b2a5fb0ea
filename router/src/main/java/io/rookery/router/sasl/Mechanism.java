package io.rookery.router.sasl;

import io.rookery.storage.account.ScramKeys.Hash;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The password mechanisms, strongest first: SCRAM (RFC 5802, RFC 7677) with and without channel
 * binding, and PLAIN (RFC 4616).
 */
public enum Mechanism {
  SCRAM_SHA_512_PLUS(Hash.SHA_512, true),
  SCRAM_SHA_256_PLUS(Hash.SHA_256, true),
  SCRAM_SHA_1_PLUS(Hash.SHA_1, true),
  SCRAM_SHA_512(Hash.SHA_512, false),
  SCRAM_SHA_256(Hash.SHA_256, false),
  SCRAM_SHA_1(Hash.SHA_1, false),
  PLAIN(null, false);

  private static final Map<String, Mechanism> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(m -> m.saslName, Function.identity()));

  private final Hash hash;
  private final boolean bindsChannel;
  private final String saslName;

  Mechanism(Hash hash, boolean bindsChannel) {
    this.hash = hash;
    this.bindsChannel = bindsChannel;
    this.saslName =
        hash == null ? "PLAIN" : "SCRAM-" + hash.scramName() + (bindsChannel ? "-PLUS" : "");
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

  /** The hash function; null for PLAIN. */
  Hash hash() {
    return hash;
  }
}

package io.rookery.protocol.sasl;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The mechanisms for tokens (XEP-0484; HT of draft-schmaus-kitten-sasl-ht), strongest first. Each
 * binds the channel in one way, or not at all.
 */
public enum TokenMechanism {
  EXPR("tls-exporter"),
  UNIQ("tls-unique"),
  ENDP("tls-server-end-point"),
  NONE(null);

  private final String binding;
  private final String saslName = "HT-SHA-256-" + name();

  TokenMechanism(String binding) {
    this.binding = binding;
  }

  public static Optional<TokenMechanism> named(String saslName) {
    return Arrays.stream(values()).filter(one -> one.saslName.equals(saslName)).findFirst();
  }

  /** Those that can be used on a connection. */
  public static List<TokenMechanism> of(ChannelBindings bindings) {
    return Arrays.stream(values()).filter(one -> one.data(bindings) != null).toList();
  }

  /** The registered name, e.g. {@code HT-SHA-256-ENDP}. */
  public String saslName() {
    return saslName;
  }

  /** What it binds to on a connection, empty for nothing; null when it cannot be used there. */
  public byte[] data(ChannelBindings bindings) {
    return binding == null ? new byte[0] : bindings.data(binding);
  }
}

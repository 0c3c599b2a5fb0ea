package io.rookery.bench.stream;

/**
 * The SASL mechanisms a client can log in with (RFC 4616, RFC 5802, RFC 7677); the last one by a
 * token, in one exchange with all that follows (XEP-0484).
 */
public enum Mechanism {
  PLAIN("PLAIN", null, null),
  SCRAM_SHA_1("SCRAM-SHA-1", "HmacSHA1", "SHA-1"),
  SCRAM_SHA_256("SCRAM-SHA-256", "HmacSHA256", "SHA-256"),
  HT_SHA_256_NONE("HT-SHA-256-NONE", null, null);

  private final String sasl;
  private final String hmac;
  private final String digest;

  Mechanism(String sasl, String hmac, String digest) {
    this.sasl = sasl;
    this.hmac = hmac;
    this.digest = digest;
  }

  /** The name in the stream features. */
  public String sasl() {
    return sasl;
  }

  String hmac() {
    return hmac;
  }

  String digest() {
    return digest;
  }

  @Override
  public String toString() {
    return sasl;
  }
}

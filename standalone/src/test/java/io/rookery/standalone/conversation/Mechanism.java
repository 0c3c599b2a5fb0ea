package io.rookery.standalone.conversation;

/** The SASL mechanisms the test client speaks, strongest last. */
enum Mechanism {
  PLAIN("PLAIN", null, false),
  SCRAM_SHA_1("SCRAM-SHA-1", "SHA-1", false),
  SCRAM_SHA_1_PLUS("SCRAM-SHA-1-PLUS", "SHA-1", true),
  SCRAM_SHA_256("SCRAM-SHA-256", "SHA-256", false),
  SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS", "SHA-256", true),
  SCRAM_SHA_512("SCRAM-SHA-512", "SHA-512", false),
  SCRAM_SHA_512_PLUS("SCRAM-SHA-512-PLUS", "SHA-512", true);

  final String saslName;
  final String hash;
  final boolean bound;

  Mechanism(String saslName, String hash, boolean bound) {
    this.saslName = saslName;
    this.hash = hash;
    this.bound = bound;
  }
}

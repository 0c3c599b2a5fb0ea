package io.rookery.router.sasl;

import static io.rookery.router.sasl.Refusal.orFailure;

import io.rookery.protocol.sasl.Mechanism;
import io.rookery.protocol.sasl.SaslOffer;
import io.rookery.router.sasl.SaslStep.Challenge;
import io.rookery.router.sasl.SaslStep.Failure;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;

/** Starts SASL exchanges (RFC 6120, section 6.4). Thread-safe: it has no state of its own. */
public final class SaslServer {
  private static final int NONCE_BYTES = 18;

  /** Nobody guesses, or gets once more, an address that somebody has or had. */
  private static final int NAME_BYTES = 16;

  private final Supplier<String> nonces;
  private final Supplier<String> names;
  private final DecoyKeys decoys;
  private final boolean protectsOffer;

  /**
   * @param random for nonces, and the names of those who have none
   * @param secret at least 32 bytes, the same on all routers and after a restart: unknown users get
   *     a salt made of it, and one that changed would tell them from known ones
   * @param iterations of PBKDF2 that new accounts get
   */
  public SaslServer(SecureRandom random, byte[] secret, int iterations) {
    this(() -> nonce(random), () -> name(random), secret, iterations, true);
  }

  /**
   * @param protectsOffer as it should be, but the examples of the RFCs are without
   */
  SaslServer(Supplier<String> nonces, byte[] secret, int iterations, boolean protectsOffer) {
    this(nonces, nonces, secret, iterations, protectsOffer);
  }

  private SaslServer(
      Supplier<String> nonces,
      Supplier<String> names,
      byte[] secret,
      int iterations,
      boolean protectsOffer) {
    if (secret.length < 32) {
      throw new IllegalArgumentException("a secret of less than 32 bytes");
    }
    this.nonces = nonces;
    this.names = names;
    this.protectsOffer = protectsOffer;
    this.decoys = new DecoyKeys(secret, iterations);
  }

  /**
   * The answer to a client that picked a mechanism. Nothing the client sends makes a step throw.
   *
   * @param mechanismName as the client sent it
   * @param offer what this connection was offered
   * @param domain the one the stream is to
   * @param initialResponse decoded; null when the client sent none, which is not the same as empty
   */
  public SaslStep start(
      String mechanismName, SaslOffer offer, String domain, byte[] initialResponse) {
    Mechanism mechanism = Mechanism.named(mechanismName).orElse(null);
    if (mechanism == Mechanism.PLAIN && !offer.encrypted()) {
      return new Failure(SaslCondition.ENCRYPTION_REQUIRED, null);
    }
    if (mechanism == null || !offer.mechanisms().contains(mechanism)) {
      return new Failure(SaslCondition.INVALID_MECHANISM, null);
    }
    if (mechanism == Mechanism.ANONYMOUS) {
      byte[] trace = initialResponse == null ? new byte[0] : initialResponse;
      return orFailure(() -> new AnonymousExchange(domain, names).first(trace)); // XEP-0175
    }
    // All others begin with the client: without its message the challenge is empty.
    return initialResponse == null
        ? new Challenge(new byte[0], response -> first(mechanism, offer, domain, response))
        : first(mechanism, offer, domain, initialResponse);
  }

  private SaslStep first(Mechanism mechanism, SaslOffer offer, String domain, byte[] message) {
    return orFailure(
        () ->
            mechanism == Mechanism.PLAIN
                ? new PlainExchange(domain, decoys).first(message)
                : new ScramExchange(mechanism, offer, domain, nonces, decoys, protectsOffer)
                    .first(message));
  }

  private static String nonce(SecureRandom random) {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String name(SecureRandom random) {
    byte[] bytes = new byte[NAME_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

package io.rookery.bench.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** The client's side of one SCRAM exchange without channel binding (RFC 5802). */
final class Scram {
  private static final int MAX_ITERATIONS = 1_000_000;

  private final Mechanism mechanism;
  private final String nonce;
  private final String firstBare;
  private byte[] serverSignature;

  /** {@code user} must not need SASLprep nor escaping. */
  Scram(Mechanism mechanism, String user, String nonce) {
    this.mechanism = mechanism;
    this.nonce = nonce;
    this.firstBare = "n=" + user + ",r=" + nonce;
  }

  String clientFirst() {
    return "n,," + firstBare;
  }

  /**
   * Answers the server's challenge.
   *
   * @param known the user's keys of an earlier exchange, or null
   * @throws GeneralSecurityException when the challenge is not for this exchange
   */
  Answer answer(String serverFirst, String password, ScramKeys known)
      throws GeneralSecurityException {
    String serverNonce = field(serverFirst, 'r');
    byte[] salt = Base64.getDecoder().decode(field(serverFirst, 's'));
    int iterations = Integer.parseInt(field(serverFirst, 'i'));
    if (!serverNonce.startsWith(nonce) || iterations < 1 || iterations > MAX_ITERATIONS) {
      throw new GeneralSecurityException("unusable SCRAM challenge");
    }
    ScramKeys keys =
        known != null && known.isFor(salt, iterations)
            ? known
            : ScramKeys.derive(mechanism, password, salt, iterations);
    String withoutProof = "c=biws,r=" + serverNonce;
    byte[] message = (firstBare + "," + serverFirst + "," + withoutProof).getBytes(UTF_8);
    byte[] proof = ScramKeys.hmac(mechanism, keys.storedKey, message);
    ScramKeys.xor(proof, keys.clientKey);
    serverSignature = ScramKeys.hmac(mechanism, keys.serverKey, message);
    return new Answer(withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof), keys);
  }

  /** Whether the server proved that it knows the account. */
  boolean verify(String serverFinal) {
    if (serverSignature == null) {
      return false;
    }
    String expected = "v=" + Base64.getEncoder().encodeToString(serverSignature);
    return MessageDigest.isEqual(expected.getBytes(US_ASCII), serverFinal.getBytes(US_ASCII));
  }

  private static String field(String message, char name) throws GeneralSecurityException {
    for (String field : message.split(",")) {
      if (field.length() > 2 && field.charAt(0) == name && field.charAt(1) == '=') {
        return field.substring(2);
      }
    }
    throw new GeneralSecurityException("SCRAM challenge without " + name);
  }

  /** The client's final message and the keys it took. */
  record Answer(String clientFinal, ScramKeys keys) {}
}

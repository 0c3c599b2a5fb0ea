package io.rookery.bench.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a client derives from its password for one salt (RFC 5802, section 3). Kept per user,
 * because the derivation costs more than all the rest of a login.
 */
final class ScramKeys {
  final byte[] clientKey;
  final byte[] storedKey;
  final byte[] serverKey;
  private final byte[] salt;
  private final int iterations;

  private ScramKeys(Mechanism mechanism, byte[] salted, byte[] salt, int iterations)
      throws GeneralSecurityException {
    this.salt = salt;
    this.iterations = iterations;
    clientKey = hmac(mechanism, salted, "Client Key".getBytes(US_ASCII));
    storedKey = MessageDigest.getInstance(mechanism.digest()).digest(clientKey);
    serverKey = hmac(mechanism, salted, "Server Key".getBytes(US_ASCII));
  }

  static ScramKeys derive(Mechanism mechanism, String password, byte[] salt, int iterations)
      throws GeneralSecurityException {
    Mac mac = mac(mechanism, password.getBytes(UTF_8));
    mac.update(salt);
    byte[] block = mac.doFinal(new byte[] {0, 0, 0, 1});
    byte[] salted = block.clone();
    for (int i = 1; i < iterations; i++) {
      mac.update(block);
      mac.doFinal(block, 0);
      xor(salted, block);
    }
    return new ScramKeys(mechanism, salted, salt, iterations);
  }

  boolean isFor(byte[] otherSalt, int otherIterations) {
    return iterations == otherIterations && Arrays.equals(salt, otherSalt);
  }

  static byte[] hmac(Mechanism mechanism, byte[] key, byte[] data) throws GeneralSecurityException {
    return mac(mechanism, key).doFinal(data);
  }

  static void xor(byte[] target, byte[] other) {
    for (int i = 0; i < target.length; i++) {
      target[i] ^= other[i];
    }
  }

  private static Mac mac(Mechanism mechanism, byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(mechanism.hmac());
    mac.init(new SecretKeySpec(key, mechanism.hmac()));
    return mac;
  }
}

package io.rookery.router.sasl;

import io.rookery.protocol.sasl.Mechanism;
import io.rookery.storage.account.ScramKeys.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The functions {@code H} and {@code HMAC} of RFC 5802, section 2.2: about a microsecond each. */
final class ScramHash {
  private ScramHash() {}

  /** The hash function of a SCRAM mechanism. */
  static Hash hashOf(Mechanism mechanism) {
    for (Hash hash : Hash.values()) {
      if (hash.scramName().equals(mechanism.hash())) {
        return hash;
      }
    }
    throw new IllegalArgumentException("not a SCRAM mechanism: " + mechanism);
  }

  static byte[] h(Hash hash, byte[] data) {
    try {
      return MessageDigest.getInstance(hash.scramName()).digest(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + hash, e);
    }
  }

  static byte[] hmac(Hash hash, byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(hash.hmacAlgorithm());
      mac.init(new SecretKeySpec(key, hash.hmacAlgorithm()));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + hash, e);
    }
  }
}

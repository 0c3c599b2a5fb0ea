package io.rookery.router.sasl;

import io.rookery.storage.account.ScramKeys.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The functions {@code H} and {@code HMAC} of RFC 5802, section 2.2: about a microsecond each. */
final class ScramHash {
  private ScramHash() {}

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

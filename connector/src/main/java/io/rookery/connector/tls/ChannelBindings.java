package io.rookery.connector.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The data SASL binds to a TLS connection (RFC 5056). */
final class ChannelBindings {
  /** RFC 9266, section 2. */
  private static final String LABEL = "EXPORTER-Channel-Binding";

  private static final int LENGTH = 32;

  private ChannelBindings() {}

  /**
   * {@code tls-exporter} (RFC 9266) of a TLS 1.3 connection, computed as in RFC 8446, section 7.5.
   *
   * @param exporterSecret the {@code exporter_master_secret}
   */
  static byte[] exporter(String cipherSuite, byte[] exporterSecret) {
    String bits = cipherSuite.endsWith("SHA384") ? "384" : "256";
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-" + bits);
      Mac hmac = Mac.getInstance("HmacSHA" + bits);
      byte[] emptyHash = hash.digest();
      byte[] derived = expandLabel(hmac, exporterSecret, LABEL, emptyHash, exporterSecret.length);
      return expandLabel(hmac, derived, "exporter", emptyHash, LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks SHA-" + bits, e);
    }
  }

  /** HKDF-Expand-Label (RFC 8446, section 7.1) of at most one block of the hash. */
  private static byte[] expandLabel(Mac hmac, byte[] secret, String label, byte[] context, int size)
      throws GeneralSecurityException {
    byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
    hmac.init(new SecretKeySpec(secret, hmac.getAlgorithm()));
    hmac.update(new byte[] {0, (byte) size, (byte) name.length});
    hmac.update(name);
    hmac.update((byte) context.length);
    hmac.update(context);
    hmac.update((byte) 1);
    return Arrays.copyOf(hmac.doFinal(), size);
  }

  /**
   * {@code tls-server-end-point} (RFC 5929, section 4.1); empty for a certificate whose signature
   * has no single hash function, for which the type is not defined.
   */
  static Optional<byte[]> serverEndPoint(X509Certificate certificate) {
    String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    int with = signature.indexOf("WITH");
    if (with < 0) {
      return Optional.empty();
    }
    String hash = signature.substring(0, with);
    boolean weak = hash.equals("MD5") || hash.equals("SHA1");
    String algorithm = weak ? "SHA-256" : hash.replaceFirst("^SHA", "SHA-");
    try {
      return Optional.of(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}

package io.rookery.standalone.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of SCRAM (RFC 5802), from nothing but the JDK. */
final class Scram {
  private final Mechanism mechanism;
  private final String password;
  private final String gs2Header;
  private final byte[] channelBinding;
  private final String clientFirstBare;
  private byte[] serverSignature;

  /**
   * @param channelBinding the tls-server-end-point data, or null without channel binding
   */
  Scram(Mechanism mechanism, String user, String password, byte[] channelBinding) {
    this.mechanism = mechanism;
    this.password = password;
    this.gs2Header = channelBinding == null ? "n,," : "p=tls-server-end-point,,";
    this.channelBinding = channelBinding == null ? new byte[0] : channelBinding;
    this.clientFirstBare =
        "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r=" + UUID.randomUUID();
  }

  String clientFirst() {
    return gs2Header + clientFirstBare;
  }

  String clientFinal(String serverFirst) throws GeneralSecurityException {
    Map<String, String> fields = fields(serverFirst);
    ByteArrayOutputStream binding = new ByteArrayOutputStream();
    binding.writeBytes(gs2Header.getBytes(UTF_8));
    binding.writeBytes(channelBinding);
    String withoutProof =
        "c=" + Base64.getEncoder().encodeToString(binding.toByteArray()) + ",r=" + fields.get("r");
    byte[] authMessage = (clientFirstBare + "," + serverFirst + "," + withoutProof).getBytes(UTF_8);
    byte[] salted =
        salted(Base64.getDecoder().decode(fields.get("s")), Integer.parseInt(fields.get("i")));
    byte[] clientKey = hmac(salted, "Client Key".getBytes(UTF_8));
    byte[] proof = hmac(MessageDigest.getInstance(mechanism.hash).digest(clientKey), authMessage);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    serverSignature = hmac(hmac(salted, "Server Key".getBytes(UTF_8)), authMessage);
    return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
  }

  /** True when the server knows the password's keys, too. */
  boolean isServerGenuine(String serverFinal) {
    return Arrays.equals(serverSignature, Base64.getDecoder().decode(fields(serverFinal).get("v")));
  }

  private byte[] salted(byte[] salt, int iterations) throws GeneralSecurityException {
    int bits = MessageDigest.getInstance(mechanism.hash).getDigestLength() * 8;
    return SecretKeyFactory.getInstance("PBKDF2WithHmac" + mechanism.hash.replace("-", ""))
        .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, bits))
        .getEncoded();
  }

  private byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    String algorithm = "Hmac" + mechanism.hash.replace("-", "");
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(key, algorithm));
    return mac.doFinal(data);
  }

  private static Map<String, String> fields(String message) {
    Map<String, String> fields = new HashMap<>();
    for (String field : message.split(",")) {
      fields.put(field.substring(0, 1), field.substring(2));
    }
    return fields;
  }
}

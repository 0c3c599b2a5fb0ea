package io.rookery.router.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** A SCRAM client (RFC 5802) written from the text of the RFC, sharing no code with the server. */
final class ScramClient {
  private final String digest;
  private final String gs2Header;
  private final byte[] binding;
  private final String username;
  private final String password;
  private final String nonce;
  private byte[] serverSignature;

  ScramClient(
      String digest,
      String gs2Header,
      byte[] binding,
      String username,
      String password,
      String nonce) {
    this.digest = digest;
    this.gs2Header = gs2Header;
    this.binding = binding;
    this.username = username;
    this.password = password;
    this.nonce = nonce;
  }

  byte[] first() {
    return (gs2Header + bare()).getBytes(UTF_8);
  }

  private String bare() {
    return "n=" + username.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
  }

  byte[] last(byte[] challenge) throws GeneralSecurityException {
    String serverFirst = new String(challenge, UTF_8);
    String[] parts = serverFirst.split(",");
    String serverNonce = parts[0].substring(2);
    byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
    int iterations = Integer.parseInt(parts[2].substring(2));

    byte[] header = gs2Header.getBytes(UTF_8);
    byte[] bound = new byte[header.length + binding.length];
    System.arraycopy(header, 0, bound, 0, header.length);
    System.arraycopy(binding, 0, bound, header.length, binding.length);
    String withoutProof = "c=" + Base64.getEncoder().encodeToString(bound) + ",r=" + serverNonce;
    String authMessage = bare() + "," + serverFirst + "," + withoutProof;

    byte[] clientKey = hmac(salted(salt, iterations), "Client Key");
    byte[] proof = hmac(MessageDigest.getInstance(digest).digest(clientKey), authMessage);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    serverSignature = hmac(hmac(salted(salt, iterations), "Server Key"), authMessage);
    return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof)).getBytes(UTF_8);
  }

  boolean accepts(byte[] serverLast) {
    String expected = "v=" + Base64.getEncoder().encodeToString(serverSignature);
    return expected.equals(new String(serverLast, UTF_8));
  }

  private byte[] salted(byte[] salt, int iterations) throws GeneralSecurityException {
    int bits = MessageDigest.getInstance(digest).getDigestLength() * 8;
    return SecretKeyFactory.getInstance("PBKDF2WithHmac" + digest.replace("-", ""))
        .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, bits))
        .getEncoded();
  }

  private byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("Hmac" + digest.replace("-", ""));
    mac.init(new SecretKeySpec(key, "any"));
    return mac.doFinal(text.getBytes(UTF_8));
  }
}

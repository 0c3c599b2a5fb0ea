package io.rookery.bench.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One user's login in one exchange (XEP-0388 with XEP-0386): by password the first time, which
 * brings a token, and by the latest token from then on (XEP-0484).
 */
final class Token {
  private static final String MECHANISM = Mechanism.HT_SHA_256_NONE.sasl();

  private final String user;
  private final Credentials credentials;
  private final UUID device;
  private String secret;
  private String underWay;

  Token(String user, Credentials credentials) {
    this.user = user;
    this.credentials = credentials;
    this.device = UUID.nameUUIDFromBytes(user.getBytes(UTF_8));
  }

  /** Whether the password is not needed. */
  boolean isKnown() {
    return secret != null;
  }

  /** Begins an exchange. */
  String authenticate() throws GeneralSecurityException {
    underWay = secret;
    String how =
        secret == null
            ? response("PLAIN", ("\0" + user + "\0" + credentials.password()).getBytes(UTF_8))
                + "<request-token xmlns='urn:xmpp:fast:0' mechanism='"
                + MECHANISM
                + "'/>"
            : response(MECHANISM, initiator()) + "<fast xmlns='urn:xmpp:fast:0'/>";
    return how
        + "<user-agent id='"
        + device
        + "'/><bind xmlns='urn:xmpp:bind:0'><tag>bench</tag></bind></authenticate>";
  }

  private static String response(String mechanism, byte[] initial) {
    return "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='"
        + mechanism
        + "'><initial-response>"
        + Base64.getEncoder().encodeToString(initial)
        + "</initial-response>";
  }

  private byte[] initiator() throws GeneralSecurityException {
    byte[] name = (user + "\0").getBytes(UTF_8);
    byte[] proof = hmac(secret, "Initiator");
    byte[] all = Arrays.copyOf(name, name.length + proof.length);
    System.arraycopy(proof, 0, all, name.length, proof.length);
    return all;
  }

  private static byte[] hmac(String key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  /**
   * Keeps a new token; false when the server has not proved that it knows the one that was used.
   */
  boolean accepts(Element success) throws GeneralSecurityException {
    Element proof = success.find("additional-data");
    boolean proved =
        underWay == null
            || proof != null
                && Arrays.equals(
                    hmac(underWay, "Responder"), Base64.getDecoder().decode(proof.text().strip()));
    Element token = success.find("token");
    if (token != null) {
      secret = token.attribute("token");
    }
    return proved;
  }
}

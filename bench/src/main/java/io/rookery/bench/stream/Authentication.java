package io.rookery.bench.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One user's side of SASL (RFC 6120, section 6), login after login; the derived SCRAM keys are kept
 * between them.
 */
final class Authentication {
  private static final String SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
  private static final int NONCE_BYTES = 16;

  private final String user;
  private final Credentials credentials;
  private ScramKeys keys;
  private Scram scram;
  private boolean answered;

  Authentication(String user, Credentials credentials) {
    this.user = user;
    this.credentials = credentials;
  }

  /** Begins an exchange. */
  String auth() {
    Mechanism mechanism = credentials.mechanism();
    String initial;
    if (mechanism == Mechanism.PLAIN) {
      scram = null;
      initial = "\0" + user + "\0" + credentials.password();
    } else {
      byte[] nonce = new byte[NONCE_BYTES];
      ThreadLocalRandom.current().nextBytes(nonce);
      scram = new Scram(mechanism, user, HexFormat.of().formatHex(nonce));
      answered = false;
      initial = scram.clientFirst();
    }
    return "<auth " + SASL + " mechanism='" + mechanism + "'>" + encode(initial) + "</auth>";
  }

  /**
   * Answers a challenge.
   *
   * @throws GeneralSecurityException when it is none for this exchange, or does not prove that the
   *     server knows the account
   */
  String respond(Element challenge) throws GeneralSecurityException {
    if (scram == null) {
      throw new GeneralSecurityException("unexpected challenge");
    }
    String text = decode(challenge.text());
    if (answered) {
      if (!scram.verify(text)) {
        throw new GeneralSecurityException("wrong server signature");
      }
      return "<response " + SASL + "/>";
    }
    Scram.Answer answer = scram.answer(text, credentials.password(), keys);
    keys = answer.keys();
    answered = true;
    return "<response " + SASL + ">" + encode(answer.clientFinal()) + "</response>";
  }

  /** Whether success may be believed: its additional data, if any, is the server's signature. */
  boolean accepts(Element success) {
    String text = success.text();
    return scram == null || text.isEmpty() || scram.verify(decode(text));
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64.strip()), UTF_8);
  }
}

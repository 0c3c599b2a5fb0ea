package io.rookery.router.sasl;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Who the client claims to be, from the text of its messages (RFC 6120, section 6.3.8). */
final class Identity {
  private Identity() {}

  /** Strict UTF-8, unlike {@code new String}. */
  static String text(byte[] utf8) throws Refusal {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.malformed("not UTF-8");
    }
  }

  /**
   * The account of a username, which acts as itself only.
   *
   * @param authzid the identity to act as, empty for the account itself
   */
  static Jid account(String username, String domain, String authzid) throws Refusal {
    Jid account;
    try {
      account = Jid.of(username, domain, null);
    } catch (InvalidJidException e) {
      throw new Refusal(SaslCondition.NOT_AUTHORIZED, null);
    }
    if (!authzid.isEmpty() && !isSame(account, authzid)) {
      throw new Refusal(SaslCondition.INVALID_AUTHZID, "an account can act as itself only");
    }
    return account;
  }

  private static boolean isSame(Jid account, String authzid) {
    try {
      return Jid.parse(authzid).equals(account);
    } catch (InvalidJidException e) {
      return false;
    }
  }
}

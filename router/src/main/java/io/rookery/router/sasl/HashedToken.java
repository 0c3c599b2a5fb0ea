package io.rookery.router.sasl;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.SaslOffer;
import io.rookery.protocol.sasl.TokenMechanism;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.token.LoginToken;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a client sends to log in with a token: {@code authcid NUL HMAC(token, "Initiator" binding)}
 * (draft-schmaus-kitten-sasl-ht, section 3; XEP-0484).
 *
 * @param account whose token it should be
 * @param mechanism its name
 * @param binding the channel's data, empty for none
 */
public record HashedToken(Jid account, String mechanism, byte[] binding, byte[] proof) {
  private static final int HASH_BYTES = 32;

  /** How a client's message is read, or why it is refused. */
  public sealed interface Parsed {}

  /** To be {@linkplain HashedToken#verify verified}. */
  public record Claim(HashedToken message) implements Parsed {}

  /** Nothing to be verified. */
  public record Refused(SaslStep.Failure failure) implements Parsed {}

  /** The outcome. */
  public sealed interface Verified {}

  /**
   * A token is right.
   *
   * @param step what the client is told
   */
  public record Right(LoginToken token, SaslStep.Success step) implements Verified {}

  /** No token is. */
  public record Wrong(SaslStep.Failure failure) implements Verified {}

  /**
   * @param initial null when the client sent none: these mechanisms know no challenge
   */
  public static Parsed parse(String mechanism, SaslOffer offer, String domain, byte[] initial) {
    byte[] binding =
        TokenMechanism.named(mechanism).map(one -> one.data(offer.bindings())).orElse(null);
    if (binding == null || !offer.encrypted()) {
      return new Refused(new SaslStep.Failure(SaslCondition.INVALID_MECHANISM, null));
    }
    int end = initial == null ? -1 : initial.length - HASH_BYTES - 1;
    if (end < 1 || initial[end] != 0) {
      return new Refused(new SaslStep.Failure(SaslCondition.MALFORMED_REQUEST, null));
    }
    try {
      Jid account = Identity.account(Identity.text(Arrays.copyOf(initial, end)), domain, "");
      byte[] proof = Arrays.copyOfRange(initial, end + 1, initial.length);
      return new Claim(new HashedToken(account, mechanism, binding, proof));
    } catch (Refusal e) {
      return new Refused(e.failure());
    }
  }

  /**
   * Judges the message; a failure does not tell whether there is such an account.
   *
   * @param tokens of the client
   */
  public Verified verify(Optional<Account> found, List<LoginToken> tokens, Instant now) {
    LoginToken right = null;
    for (LoginToken token : tokens) {
      boolean matches = MessageDigest.isEqual(hash(token.secret(), "Initiator"), proof);
      right = matches && token.mechanism().equals(mechanism) ? token : right;
    }
    if (right == null || found.isEmpty()) {
      return new Wrong(new SaslStep.Failure(SaslCondition.NOT_AUTHORIZED, null));
    }
    return right.isOf(digest(found.get()), now)
        ? new Right(right, new SaslStep.Success(account, hash(right.secret(), "Responder")))
        : new Wrong(new SaslStep.Failure(SaslCondition.CREDENTIALS_EXPIRED, null)); // section 5.2
  }

  private byte[] hash(byte[] token, String who) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token, mac.getAlgorithm()));
      mac.update(who.getBytes(StandardCharsets.US_ASCII));
      return mac.doFinal(binding);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks HMAC", e);
    }
  }

  /** Names an account's password: another one, even of the same text, has other salts. */
  public static byte[] digest(Account account) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (ScramKeys.Hash hash : ScramKeys.Hash.values()) {
        ScramKeys keys = account.keys().get(hash);
        if (keys != null) {
          sha.update(keys.salt());
          sha.update(keys.storedKey());
        }
      }
      return sha.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }
}

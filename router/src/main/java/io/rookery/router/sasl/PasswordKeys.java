package io.rookery.router.sasl;

import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.account.ScramKeys.Hash;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Passwords to SCRAM keys (RFC 5802, section 3). <b>Every method blocks its thread with
 * computation</b>, 5 to 25 ms for each hash function at the default iterations: for worker threads,
 * never for an event loop.
 */
public final class PasswordKeys {
  /** RFC 5802 asks for 4096 at least, NIST for 10000. */
  public static final int DEFAULT_ITERATIONS = 10_000;

  static final int SALT_BYTES = 16;

  private final SecureRandom random;
  private final int iterations;

  /**
   * @param iterations of PBKDF2 for new keys; existing keys keep theirs
   */
  public PasswordKeys(SecureRandom random, int iterations) {
    this.random = random;
    this.iterations = iterations;
  }

  /** Blocking. The keys to store for a new password, each hash function with its own salt. */
  public Map<Hash, ScramKeys> derive(Password password) {
    Map<Hash, ScramKeys> keys = new EnumMap<>(Hash.class);
    for (Hash hash : Hash.values()) {
      byte[] salt = new byte[SALT_BYTES];
      random.nextBytes(salt);
      keys.put(hash, derive(hash, password, salt, iterations));
    }
    return keys;
  }

  /** Blocking. Whether this is the password of the keys. */
  public static boolean matches(Password password, ScramKeys keys) {
    ScramKeys derived = derive(keys.hash(), password, keys.salt(), keys.iterations());
    return MessageDigest.isEqual(derived.storedKey(), keys.storedKey());
  }

  /** The keys a password is checked against: those of the strongest hash function. */
  static ScramKeys strongest(Collection<ScramKeys> keys, ScramKeys otherwise) {
    return keys.stream().max(Comparator.comparing(ScramKeys::hash)).orElse(otherwise);
  }

  static ScramKeys derive(Hash hash, Password password, byte[] salt, int iterations) {
    char[] chars = password.chars();
    PBEKeySpec spec = new PBEKeySpec(chars, salt, iterations, hash.bytes() * 8);
    try {
      SecretKeyFactory pbkdf2 = SecretKeyFactory.getInstance(hash.pbkdf2Algorithm());
      return of(hash, salt, iterations, pbkdf2.generateSecret(spec).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + hash.pbkdf2Algorithm(), e);
    } finally {
      spec.clearPassword();
    }
  }

  /** Not blocking. The keys of a password that has been salted already. */
  static ScramKeys of(Hash hash, byte[] salt, int iterations, byte[] salted) {
    byte[] clientKey = ScramHash.hmac(hash, salted, "Client Key");
    byte[] serverKey = ScramHash.hmac(hash, salted, "Server Key");
    return new ScramKeys(hash, salt, iterations, ScramHash.h(hash, clientKey), serverKey);
  }
}

package io.rookery.storage.account;

import java.util.Locale;
import java.util.Objects;

/**
 * What the service keeps of a password for one hash function (RFC 5802, section 3): enough to check
 * a client's proof, not enough to log in as the user elsewhere.
 */
public record ScramKeys(
    Hash hash, byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {

  /** The hash functions of SCRAM in use (RFC 5802, RFC 7677). */
  public enum Hash {
    SHA_1("SHA-1", "SHA1", 20),
    SHA_256("SHA-256", "SHA256", 32),
    SHA_512("SHA-512", "SHA512", 64);

    private final String scramName;
    private final String jcaSuffix;
    private final int bytes;

    Hash(String scramName, String jcaSuffix, int bytes) {
      this.scramName = scramName;
      this.jcaSuffix = jcaSuffix;
      this.bytes = bytes;
    }

    /** As in a SASL mechanism's name: {@code SHA-256}. */
    public String scramName() {
      return scramName;
    }

    public String hmacAlgorithm() {
      return "Hmac" + jcaSuffix;
    }

    public String pbkdf2Algorithm() {
      return "PBKDF2WithHmac" + jcaSuffix;
    }

    /** Length of the hash in bytes. */
    public int bytes() {
      return bytes;
    }

    /** The value stored in the database. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ScramKeys {
    Objects.requireNonNull(hash);
    if (iterations < 1 || storedKey.length != hash.bytes() || serverKey.length != hash.bytes()) {
      throw new IllegalArgumentException("not SCRAM keys of " + hash);
    }
  }
}

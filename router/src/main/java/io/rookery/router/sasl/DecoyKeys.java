package io.rookery.router.sasl;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.account.ScramKeys.Hash;
import java.util.Arrays;

/**
 * Keys for accounts that do not exist, so that an exchange with them looks like any other: the same
 * name gets the same salt each time, and nobody has the password.
 */
final class DecoyKeys {
  private final byte[] secret;
  private final int iterations;

  DecoyKeys(byte[] secret, int iterations) {
    this.secret = secret.clone();
    this.iterations = iterations;
  }

  ScramKeys of(Jid account, Hash hash) {
    byte[] bytes = ScramHash.hmac(Hash.SHA_512, secret, hash.scramName() + '\0' + account);
    byte[] salt = Arrays.copyOf(bytes, PasswordKeys.SALT_BYTES);
    byte[] key = Arrays.copyOfRange(bytes, bytes.length - hash.bytes(), bytes.length);
    return new ScramKeys(hash, salt, iterations, key, key);
  }
}

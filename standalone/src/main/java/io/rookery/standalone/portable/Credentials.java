package io.rookery.standalone.portable;

import io.rookery.protocol.xml.Element;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.account.ScramKeys.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** SCRAM keys as XML (XEP-0227, section 4.3). */
final class Credentials {
  private static final String PREFIX = "SCRAM-";
  private static final int MAX_ITERATIONS = 10_000_000;
  private static final int MAX_SALT = 1024;

  private Credentials() {}

  static Element element(ScramKeys keys) {
    return Element.of(Names.SCRAM, "scram-credentials")
        .attribute("mechanism", PREFIX + keys.hash().scramName())
        .with(
            Element.of(Names.SCRAM, "iter-count", Integer.toString(keys.iterations())),
            child("salt", keys.salt()),
            child("server-key", keys.serverKey()),
            child("stored-key", keys.storedKey()));
  }

  private static Element child(String name, byte[] bytes) {
    return Element.of(Names.SCRAM, name, Base64.getEncoder().encodeToString(bytes));
  }

  /** Empty when the mechanism is not known here, or the keys are none. */
  static Optional<ScramKeys> read(Element element) {
    Hash hash =
        Arrays.stream(Hash.values())
            .filter(one -> (PREFIX + one.scramName()).equals(element.attribute("mechanism")))
            .findFirst()
            .orElse(null);
    try {
      return hash == null ? Optional.empty() : Optional.of(read(hash, element));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** ejabberd (23.01) encodes salt and keys twice. */
  private static ScramKeys read(Hash hash, Element element) {
    byte[] salt = bytes(element, "salt");
    byte[] stored = bytes(element, "stored-key");
    byte[] server = bytes(element, "server-key");
    if (stored.length != hash.bytes()) {
      salt = decoded(new String(salt, StandardCharsets.US_ASCII));
      stored = decoded(new String(stored, StandardCharsets.US_ASCII));
      server = decoded(new String(server, StandardCharsets.US_ASCII));
    }
    int iterations = Integer.parseInt(text(element, "iter-count"));
    if (salt.length == 0 || salt.length > MAX_SALT || iterations > MAX_ITERATIONS) {
      throw new IllegalArgumentException("not SCRAM keys that can be used");
    }
    return new ScramKeys(hash, salt, iterations, stored, server);
  }

  private static byte[] bytes(Element element, String name) {
    return decoded(text(element, name));
  }

  private static byte[] decoded(String text) {
    return Base64.getDecoder().decode(text);
  }

  private static String text(Element element, String name) {
    Element child = element.child(Names.SCRAM, name);
    return child == null ? "" : child.text().strip();
  }
}

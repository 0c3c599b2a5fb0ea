package io.rookery.router.caps;

import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.xml.Element;
import java.util.Optional;

/**
 * What a presence says of its client's capabilities (XEP-0115, section 4; XEP-0390, section 4.5).
 * Of both, the second is taken: its hashes are harder to forge.
 *
 * @param hash name of the function, with {@link HashNode#PREFIX} when it is used as XEP-0390 does;
 *     empty when the verification string cannot be verified
 * @param ver the verification string, or the hash
 * @param node what to ask about, null for the client as it is
 */
record Advertised(String hash, String ver, String node) {
  static final String NS = "http://jabber.org/protocol/caps";
  static final String HASHES = "urn:xmpp:hashes:2";
  private static final int MAX_CHARACTERS = 512;

  /** Null when it says nothing that can be used. */
  static Advertised of(Payload presence) {
    Element hashes = presence.element(HashNode.NS, "c");
    Advertised best = hashes == null ? null : ofHashes(hashes);
    if (best != null && best.isVerifiable()) {
      return best;
    }
    Element c = presence.element(NS, "c");
    return c == null ? best : ofString(c);
  }

  private static Advertised ofString(Element c) {
    String ver = c.attribute("ver");
    String node = c.attribute("node");
    if (ver == null || node == null || ver.length() + node.length() > MAX_CHARACTERS) {
      return null;
    }
    String hash = c.attribute("hash");
    boolean verifiable = hash != null && VerificationString.isKnown(hash);
    return new Advertised(verifiable ? hash : "", ver, node + "#" + ver);
  }

  /** Of hashes that are not known here, one tells at least when capabilities have changed. */
  private static Advertised ofHashes(Element c) {
    for (String known : HashNode.HASHES) {
      for (Element hash : c.children(HASHES, "hash")) {
        String value = hash.text().strip();
        if (known.equals(hash.attribute("algo")) && isUsable(value)) {
          return new Advertised(HashNode.PREFIX + known, value, HashNode.of(known, value));
        }
      }
    }
    return c.children(HASHES, "hash").stream()
        .map(hash -> hash.text().strip())
        .filter(Advertised::isUsable)
        .findFirst()
        .map(value -> new Advertised("", value, null))
        .orElse(null);
  }

  private static boolean isUsable(String ver) {
    return !ver.isEmpty() && ver.length() <= MAX_CHARACTERS;
  }

  boolean isVerifiable() {
    return !hash.isEmpty();
  }

  /** Whether the answer has the hash that was advertised. */
  boolean isVerifiedBy(Element query) {
    return computed(query).filter(ver::equals).isPresent();
  }

  private Optional<String> computed(Element query) {
    if (!isVerifiable()) {
      return Optional.empty();
    }
    return hash.startsWith(HashNode.PREFIX)
        ? HashNode.hash(query, hash.substring(HashNode.PREFIX.length()))
        : VerificationString.of(query, hash);
  }

  /** Names these capabilities; the same for all clients when they can be verified. */
  String key() {
    return (hash + " " + ver).replace('\n', ' ');
  }
}

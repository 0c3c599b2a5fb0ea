package io.rookery.router.caps;

import io.rookery.protocol.stanza.Payload;
import io.rookery.protocol.xml.Element;

/**
 * What a presence says of its client's capabilities (XEP-0115, section 4).
 *
 * @param hash name of the function, empty when the verification string cannot be verified
 * @param ver the verification string
 * @param node what to ask about, null for the client as it is
 */
record Advertised(String hash, String ver, String node) {
  static final String NS = "http://jabber.org/protocol/caps";
  private static final String HASHES = "urn:xmpp:caps";
  private static final int MAX_CHARACTERS = 512;

  /** Null when it says nothing that can be used. */
  static Advertised of(Payload presence) {
    Element c = presence.element(NS, "c");
    if (c == null) {
      return ofHashes(presence);
    }
    String ver = c.attribute("ver");
    String node = c.attribute("node");
    if (ver == null || node == null || ver.length() + node.length() > MAX_CHARACTERS) {
      return null;
    }
    String hash = c.attribute("hash");
    boolean verifiable = hash != null && VerificationString.isKnown(hash);
    return new Advertised(verifiable ? hash : "", ver, node + "#" + ver);
  }

  /** XEP-0390 alone: the hash tells when capabilities have changed; it is not verified. */
  private static Advertised ofHashes(Payload presence) {
    Element c = presence.element(HASHES, "c");
    if (c == null || c.children().isEmpty()) {
      return null;
    }
    String ver = c.children().get(0).text().strip();
    return ver.isEmpty() || ver.length() > MAX_CHARACTERS ? null : new Advertised("", ver, null);
  }

  boolean isVerifiable() {
    return !hash.isEmpty();
  }

  /** Names these capabilities; the same for all clients when they can be verified. */
  String key() {
    return (hash + " " + ver).replace('\n', ' ');
  }
}

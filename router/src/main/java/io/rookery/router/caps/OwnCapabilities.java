package io.rookery.router.caps;

import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.XmlWriter;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What the server says of its own capabilities: in stream features (XEP-0115, section 6.3;
 * XEP-0390, section 5.2), and as the nodes by which it may be asked then. Made once of its
 * disco#info, which does not change while a router runs.
 */
public final class OwnCapabilities {
  private static final String NODE = "urn:rookery:server";
  private static final String HASH = "sha-1";

  private final Set<String> nodes = new LinkedHashSet<>();
  private final byte[] features;

  /**
   * @param info what the server answers to disco#info
   * @throws IllegalArgumentException when it is ill-formed: an extension has a form without a type,
   *     or two have the same
   */
  public OwnCapabilities(Element info) {
    String ver = VerificationString.of(info, HASH).orElseThrow(() -> illFormed(info));
    Element hashes = Element.of(HashNode.NS, "c");
    nodes.add(NODE + "#" + ver);
    for (String algorithm : HashNode.HASHES) {
      String value = HashNode.hash(info, algorithm).orElseThrow(() -> illFormed(info));
      Element hash = Element.of(Advertised.HASHES, "hash", value).attribute("algo", algorithm);
      hashes = hashes.with(hash);
      nodes.add(HashNode.of(algorithm, value));
    }
    Element string =
        Element.of(Advertised.NS, "c")
            .attribute("hash", HASH)
            .attribute("node", NODE)
            .attribute("ver", ver);
    features = xml(string, hashes);
  }

  private static IllegalArgumentException illFormed(Element info) {
    return new IllegalArgumentException("ill-formed disco#info: " + info);
  }

  private static byte[] xml(Element... elements) {
    XmlWriter w = new XmlWriter(512);
    for (Element element : elements) {
      element.writeTo(w, "");
    }
    return w.toByteArray();
  }

  /** Whether disco#info of this node is that of the server itself. */
  public boolean names(String node) {
    return nodes.contains(node);
  }

  /** XML for the features of a stream. */
  public byte[] features() {
    return features.clone();
  }
}

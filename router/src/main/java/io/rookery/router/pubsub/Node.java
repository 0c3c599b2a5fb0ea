package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.storage.pubsub.StoredNode;
import java.util.HashMap;
import java.util.Map;

/**
 * A node of an account.
 *
 * @param affiliations of others than the owner, by bare address; none of them {@code NONE}
 */
record Node(String name, NodeConfig config, Map<Jid, Affiliation> affiliations) {
  private static final int MAX_NAME = 512;

  Node {
    affiliations = Map.copyOf(affiliations);
  }

  static Node of(StoredNode stored) {
    Map<Jid, Affiliation> affiliations = new HashMap<>();
    stored.affiliations().forEach((jid, name) -> affiliations.put(jid, known(name)));
    return new Node(stored.name(), NodeConfig.of(stored.config()), affiliations);
  }

  /** One that another version of this software knows lets nobody in. */
  private static Affiliation known(String name) {
    Affiliation affiliation = Affiliation.of(name);
    return affiliation == null ? Affiliation.OUTCAST : affiliation;
  }

  StoredNode stored() {
    Map<Jid, String> names = new HashMap<>();
    affiliations.forEach((jid, affiliation) -> names.put(jid, affiliation.xmlName()));
    return new StoredNode(name, config.stored(), names);
  }

  /** Whether something may be the name of a node, or the id of an item. */
  static boolean isName(String text) {
    return !text.isEmpty() && text.length() <= MAX_NAME;
  }

  Node with(NodeConfig newConfig) {
    return new Node(name, newConfig, affiliations);
  }

  Node with(Map<Jid, Affiliation> newAffiliations) {
    return new Node(name, config, newAffiliations);
  }

  boolean is(ConfigField flag) {
    return config.is(flag);
  }
}

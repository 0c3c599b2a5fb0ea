package io.rookery.storage.pubsub;

import io.rookery.protocol.jid.Jid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of an account as it is stored.
 *
 * @param config what differs from the defaults, by the names of the fields
 * @param affiliations of others than the owner, by bare address
 * @param subscriptions their states by the subscribed address, bare or full
 */
public record StoredNode(
    String name,
    Map<String, List<String>> config,
    Map<Jid, String> affiliations,
    Map<Jid, String> subscriptions) {

  public StoredNode {
    config = Map.copyOf(config);
    affiliations = Map.copyOf(affiliations);
    subscriptions = Map.copyOf(subscriptions);
  }

  /** Without anything that somebody is to it. */
  public StoredNode without(Jid bare) {
    Map<Jid, String> others = new HashMap<>(affiliations);
    others.remove(bare);
    Map<Jid, String> left = new HashMap<>(subscriptions);
    left.keySet().removeIf(jid -> jid.bare().equals(bare));
    return new StoredNode(name, config, others, left);
  }
}

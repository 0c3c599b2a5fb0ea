package io.rookery.storage.pubsub;

import io.rookery.protocol.jid.Jid;
import java.util.List;
import java.util.Map;

/**
 * A node of an account as it is stored.
 *
 * @param config what differs from the defaults, by the names of the fields
 * @param affiliations of others than the owner, by bare address
 */
public record StoredNode(
    String name, Map<String, List<String>> config, Map<Jid, String> affiliations) {

  public StoredNode {
    config = Map.copyOf(config);
    affiliations = Map.copyOf(affiliations);
  }
}

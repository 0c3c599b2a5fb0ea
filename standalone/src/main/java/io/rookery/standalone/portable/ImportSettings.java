package io.rookery.standalone.portable;

import io.rookery.router.pubsub.PortableNodes;
import java.time.Instant;
import java.util.Set;

/**
 * What the service that accounts come to is like.
 *
 * @param domains that it serves
 * @param archivedDomains those of which messages are archived
 * @param maxRosterItems of one user
 * @param scramIterations of keys made of passwords
 * @param now no message is later than this
 */
public record ImportSettings(
    Set<String> domains,
    Set<String> archivedDomains,
    int maxRosterItems,
    int scramIterations,
    PortableNodes nodes,
    Instant now) {
  public ImportSettings {
    domains = Set.copyOf(domains);
    archivedDomains = Set.copyOf(archivedDomains);
  }
}

package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach Cassandra and how long to keep what is there.
 *
 * @param contactPoints some nodes; the others are found through them
 * @param localDatacenter the only one that requests are sent to
 * @param keyspace created at the first start, then left alone
 * @param replication copies per datacentre, used when the keyspace is created
 * @param writes consistency of writes; LOCAL_QUORUM loses nothing with a minority of copies gone
 * @param reads consistency of reads
 * @param requestTimeout from the call to its result, retries included
 * @param maxInFlight requests to Cassandra at a time
 * @param maxQueued requests waiting for that; one more fails with {@link
 *     io.rookery.storage.StorageOverloadedException}. Appends to mailboxes, of which many make a
 *     request, may wait or be on their way up to the sum of both
 */
public record StorageConfig(
    List<InetSocketAddress> contactPoints,
    String localDatacenter,
    String keyspace,
    Map<String, Integer> replication,
    ConsistencyLevel writes,
    ConsistencyLevel reads,
    Optional<Credentials> credentials,
    Optional<Tls> tls,
    Duration requestTimeout,
    int maxInFlight,
    int maxQueued,
    Retention retention) {

  public StorageConfig {
    contactPoints = List.copyOf(contactPoints);
    replication = Map.copyOf(replication);
    if (!keyspace.matches("[a-z][a-z0-9_]{0,47}")) {
      throw new IllegalArgumentException("not a name for a keyspace: " + keyspace);
    }
  }

  /** One unprotected node with one copy of everything; what the embedded node offers. */
  public static StorageConfig singleNode(InetSocketAddress contactPoint, String keyspace) {
    return new StorageConfig(
        List.of(contactPoint),
        "datacenter1",
        keyspace,
        Map.of("datacenter1", 1),
        DefaultConsistencyLevel.LOCAL_QUORUM,
        DefaultConsistencyLevel.LOCAL_QUORUM,
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(5),
        512,
        4096,
        Retention.DEFAULT);
  }

  /** The same, reached through this node. */
  public StorageConfig withContactPoint(InetSocketAddress contactPoint) {
    return new StorageConfig(
        List.of(contactPoint),
        localDatacenter,
        keyspace,
        replication,
        writes,
        reads,
        credentials,
        tls,
        requestTimeout,
        maxInFlight,
        maxQueued,
        retention);
  }

  /** The same database with other retention times. */
  public StorageConfig withRetention(Retention newRetention) {
    return new StorageConfig(
        contactPoints,
        localDatacenter,
        keyspace,
        replication,
        writes,
        reads,
        credentials,
        tls,
        requestTimeout,
        maxInFlight,
        maxQueued,
        newRetention);
  }

  /** The same database with other limits on waiting and queueing. */
  public StorageConfig withLimits(Duration newRequestTimeout, int newInFlight, int newQueued) {
    return new StorageConfig(
        contactPoints,
        localDatacenter,
        keyspace,
        replication,
        writes,
        reads,
        credentials,
        tls,
        newRequestTimeout,
        newInFlight,
        newQueued,
        retention);
  }

  /** A Cassandra role's name and password. */
  public record Credentials(String user, String password) {
    @Override
    public String toString() {
      return "Credentials[" + user + "]";
    }
  }

  /**
   * TLS to Cassandra; its certificates must be valid for its addresses.
   *
   * @param trust a PEM file with the certificates of authorities; empty for those of the JVM
   */
  public record Tls(Optional<Path> trust) {}

  /**
   * Days to keep the messages of a mailbox, by domain.
   *
   * @param days for domains without an entry of their own; 0 for ever
   */
  public record Retention(int days, Map<String, Integer> daysByDomain) {
    /** A year. */
    public static final Retention DEFAULT = new Retention(365, Map.of());

    private static final int MAX_DAYS = 20 * 365 - 14;

    public Retention {
      daysByDomain = Map.copyOf(daysByDomain);
      check(days);
      daysByDomain.values().forEach(Retention::check);
    }

    int days(String domain) {
      return daysByDomain.getOrDefault(domain, days);
    }

    /** Cassandra's TTL ends at 20 years. */
    private static void check(int value) {
      if (value < 0 || value > MAX_DAYS) {
        throw new IllegalArgumentException("retention not within 0 and " + MAX_DAYS + ": " + value);
      }
    }
  }
}

package io.rookery.standalone.config;

import static io.rookery.standalone.config.KeyTypes.BOOLEAN;
import static io.rookery.standalone.config.KeyTypes.DOMAIN;
import static io.rookery.standalone.config.KeyTypes.ENDPOINT;
import static io.rookery.standalone.config.KeyTypes.PATH;
import static io.rookery.standalone.config.KeyTypes.SECRET;
import static io.rookery.standalone.config.KeyTypes.TEXT;
import static io.rookery.standalone.config.KeyTypes.duration;
import static io.rookery.standalone.config.KeyTypes.form;
import static io.rookery.standalone.config.KeyTypes.integer;
import static io.rookery.standalone.config.KeyTypes.list;
import static io.rookery.standalone.config.KeyTypes.map;
import static io.rookery.standalone.config.KeyTypes.oneOf;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.storage.cassandra.StorageConfig;
import io.rookery.storage.cassandra.StorageConfig.Credentials;
import io.rookery.storage.cassandra.StorageConfig.Retention;
import io.rookery.storage.cassandra.StorageConfig.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of the storage. */
final class StorageKeys {
  private static final int MAX_RETENTION_DAYS = 7286;

  static final Key<List<InetSocketAddress>> CONTACT_POINTS =
      Key.of(
          "storage.contact-points",
          list(ENDPOINT, 0),
          "",
          "Some nodes of Cassandra; the others are found through them. A router needs them;"
              + " without them, `standalone` and `user` use the embedded Cassandra.");
  static final Key<String> LOCAL_DATACENTER =
      Key.of(
          "storage.local-datacenter",
          TEXT,
          "datacenter1",
          "The only datacentre requests are sent to.");
  static final Key<String> KEYSPACE =
      Key.of(
          "storage.keyspace", form("[a-z][a-z0-9_]{0,47}"), "rookery", "Made at the first start.");
  static final Key<Map<String, Integer>> REPLICATION =
      Key.of(
          "storage.replication",
          map(TEXT, integer(1, 32)),
          "datacenter1=1",
          "Copies per datacentre; used when the keyspace is made.");
  static final Key<DefaultConsistencyLevel> WRITES =
      Key.of(
          "storage.writes",
          oneOf(DefaultConsistencyLevel.class),
          "local-quorum",
          "Consistency of writes.");
  static final Key<DefaultConsistencyLevel> READS =
      Key.of(
          "storage.reads",
          oneOf(DefaultConsistencyLevel.class),
          "local-quorum",
          "Consistency of reads.");
  static final Key<String> USER =
      Key.optional("storage.user", TEXT, "Role in Cassandra. Default: no authentication.");
  static final Key<String> PASSWORD = Key.optional("storage.password", SECRET, "Its password.");
  static final Key<Path> PASSWORD_FILE =
      Key.optional(
          "storage.password-file", PATH, "Its password in a file, instead of `storage.password`.");
  static final Key<Boolean> TLS =
      Key.of("storage.tls", BOOLEAN, "false", "Whether connections to Cassandra use TLS.");
  static final Key<Path> TLS_TRUST =
      Key.optional(
          "storage.tls-trust",
          PATH,
          "PEM file with the authorities that Cassandra's certificates come from. Default: those"
              + " of the JVM.");
  static final Key<Duration> REQUEST_TIMEOUT =
      Key.of(
          "storage.request-timeout",
          duration("100ms", "5m"),
          "5s",
          "From a request to its result, retries included.");
  static final Key<Integer> MAX_IN_FLIGHT =
      Key.of("storage.max-in-flight", integer(1, 32_768), "512", "Requests at a time.");
  static final Key<Integer> MAX_QUEUED =
      Key.of("storage.max-queued", integer(0, 1_000_000), "4096", "Requests waiting for that.");
  static final Key<Integer> RETENTION_DAYS =
      Key.of(
          "storage.retention-days",
          integer(0, MAX_RETENTION_DAYS),
          "365",
          "Days to keep messages; 0 for ever.");
  static final Key<Map<String, Integer>> RETENTION_DAYS_OF =
      Key.of(
          "storage.retention-days-of",
          map(DOMAIN, integer(0, MAX_RETENTION_DAYS)),
          "",
          "The same for single domains.");

  static final List<Key<?>> ALL =
      List.of(
          CONTACT_POINTS,
          LOCAL_DATACENTER,
          KEYSPACE,
          REPLICATION,
          WRITES,
          READS,
          USER,
          PASSWORD,
          PASSWORD_FILE,
          TLS,
          TLS_TRUST,
          REQUEST_TIMEOUT,
          MAX_IN_FLIGHT,
          MAX_QUEUED,
          RETENTION_DAYS,
          RETENTION_DAYS_OF);

  private StorageKeys() {}

  static void check(Settings settings) {
    Keys.onlyServed(settings, RETENTION_DAYS_OF, settings.get(RETENTION_DAYS_OF).keySet());
    if (settings.role() == Role.ROUTER && settings.get(CONTACT_POINTS).isEmpty()) {
      settings.refuse(CONTACT_POINTS, "at least one `host:port` for a router");
    }
    if (!settings.get(REPLICATION).containsKey(settings.get(LOCAL_DATACENTER))) {
      settings.refuse(REPLICATION, "a number of copies for " + LOCAL_DATACENTER.path());
    }
    boolean password = settings.find(PASSWORD).isPresent();
    boolean file = settings.find(PASSWORD_FILE).isPresent();
    if (password && file) {
      settings.refuse(PASSWORD_FILE, "nothing beside " + PASSWORD.path());
    }
    if (settings.find(USER).isPresent() != (password || file)) {
      settings.refuse(USER, "a name together with " + PASSWORD.path() + " or its file, or neither");
    }
    settings
        .find(PASSWORD_FILE)
        .filter(path -> read(path).isEmpty())
        .ifPresent(path -> settings.refuse(PASSWORD_FILE, "a readable file with one line"));
    settings
        .find(TLS_TRUST)
        .filter(path -> !Files.isReadable(path))
        .ifPresent(path -> settings.refuse(TLS_TRUST, "a readable file"));
  }

  static StorageConfig bind(Settings settings) {
    Optional<String> password =
        settings.find(PASSWORD).or(() -> settings.find(PASSWORD_FILE).flatMap(StorageKeys::read));
    return new StorageConfig(
        settings.get(CONTACT_POINTS),
        settings.get(LOCAL_DATACENTER),
        settings.get(KEYSPACE),
        settings.get(REPLICATION),
        settings.get(WRITES),
        settings.get(READS),
        settings.find(USER).flatMap(user -> password.map(secret -> new Credentials(user, secret))),
        settings.get(TLS) ? Optional.of(new Tls(settings.find(TLS_TRUST))) : Optional.empty(),
        settings.get(REQUEST_TIMEOUT),
        settings.get(MAX_IN_FLIGHT),
        settings.get(MAX_QUEUED),
        new Retention(settings.get(RETENTION_DAYS), settings.get(RETENTION_DAYS_OF)));
  }

  /** The first line; empty when there is none to be read, which {@link #check} refuses. */
  /** The secret in a file, empty when there is none. */
  static Optional<String> read(Path file) {
    try {
      return Files.readAllLines(file).stream().findFirst().filter(line -> !line.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

package io.rookery.standalone.config;

import static io.rookery.standalone.config.KeyTypes.DOMAIN;
import static io.rookery.standalone.config.KeyTypes.HOST;
import static io.rookery.standalone.config.KeyTypes.PATH;
import static io.rookery.standalone.config.KeyTypes.duration;
import static io.rookery.standalone.config.KeyTypes.integer;
import static io.rookery.standalone.config.KeyTypes.list;
import static io.rookery.standalone.config.KeyTypes.oneOf;

import io.rookery.standalone.logging.LoggingConfig;
import io.rookery.standalone.ops.OpsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/** Every configuration key there is. */
final class Keys {
  static final Key<List<String>> DOMAINS =
      Key.of("domains", list(DOMAIN, 1), "localhost", "The domains served.");
  static final Key<Path> DATA =
      Key.of("data", PATH, "data", "Directory for what is kept between runs.");
  static final Key<Duration> SHUTDOWN_TIMEOUT =
      Key.of(
          "shutdown-timeout",
          duration("1s", "10m"),
          "30s",
          "An orderly shutdown that takes longer is cut short.");
  static final Key<String> OPS_ADDRESS =
      Key.of("ops.address", HOST, "127.0.0.1", "Where `/metrics` and `/health` are served.");
  static final Key<Integer> OPS_PORT =
      Key.of("ops.port", integer(0, 65535), "9280", "0 for any free port.");
  static final Key<LoggingConfig.Format> LOGGING_FORMAT =
      Key.of(
          "logging.format",
          oneOf(LoggingConfig.Format.class),
          "text",
          "Lines for people, or one JSON object per line.");
  static final Key<Level> LOGGING_LEVEL =
      Key.of(
          "logging.level",
          oneOf(Level.class),
          "info",
          "Level of Rookery's own loggers; libraries log from `warn`.");

  /** All keys, in the order of the reference table. */
  static final List<Key<?>> ALL =
      Stream.of(
              List.of(DOMAINS, DATA, SHUTDOWN_TIMEOUT),
              ConnectorKeys.ALL,
              RouterKeys.ALL,
              ExternalServiceKeys.ALL,
              StorageKeys.ALL,
              ClusterKeys.ALL,
              List.of(OPS_ADDRESS, OPS_PORT, LOGGING_FORMAT, LOGGING_LEVEL))
          .<Key<?>>flatMap(List::stream)
          .toList();

  private Keys() {}

  /** The rules between keys. */
  static void check(Settings settings) {
    ConnectorKeys.check(settings);
    RouterKeys.check(settings);
    StorageKeys.check(settings);
    ClusterKeys.check(settings);
  }

  static Config bind(Settings settings) {
    return new Config(
        settings.get(DATA),
        settings.get(SHUTDOWN_TIMEOUT),
        ConnectorKeys.bind(settings),
        RouterKeys.bind(settings),
        StorageKeys.bind(settings),
        ClusterKeys.bind(settings),
        new OpsConfig(settings.get(OPS_ADDRESS), settings.get(OPS_PORT)),
        new LoggingConfig(settings.get(LOGGING_FORMAT), settings.get(LOGGING_LEVEL)));
  }

  /** Refuses entries for domains that are not served. */
  static void onlyServed(Settings settings, Key<?> key, Iterable<String> domains) {
    for (String domain : domains) {
      if (!settings.get(DOMAINS).contains(domain)) {
        settings.refuse(key, "entries for the domains " + settings.get(DOMAINS));
        return;
      }
    }
  }
}

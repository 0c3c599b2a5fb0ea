package io.rookery.standalone.config;

import static io.rookery.standalone.config.KeyTypes.EXTERNAL;
import static io.rookery.standalone.config.KeyTypes.PATH;
import static io.rookery.standalone.config.KeyTypes.SECRET;
import static io.rookery.standalone.config.KeyTypes.duration;
import static io.rookery.standalone.config.KeyTypes.list;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.router.RouterConfig.ExternalService;
import io.rookery.router.RouterConfig.ExternalServices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The router's keys of STUN and TURN servers. Connectors need not be told their secret. */
final class ExternalServiceKeys {
  static final Key<List<ExternalService>> SERVICES =
      Key.of(
          "router.external-services",
          list(EXTERNAL, 0),
          "",
          "STUN and TURN servers that users are told of (XEP-0215).");
  static final Key<String> TURN_SECRET =
      Key.optional(
          "router.turn.secret",
          SECRET,
          "Shared with the TURN servers (coturn: `static-auth-secret`).");
  static final Key<Path> TURN_SECRET_FILE =
      Key.optional(
          "router.turn.secret-file",
          PATH,
          "That secret in a file, instead of `router.turn.secret`.");
  static final Key<Duration> TURN_LIFETIME =
      Key.of(
          "router.turn.lifetime",
          duration("1m", "7d"),
          "12h",
          "How long credentials for the TURN servers are good.");

  static final List<Key<?>> ALL = List.of(SERVICES, TURN_SECRET, TURN_SECRET_FILE, TURN_LIFETIME);

  private ExternalServiceKeys() {}

  static void check(Settings settings) {
    if (settings.role() == Role.CONNECTOR) {
      return;
    }
    Optional<Path> file = settings.find(TURN_SECRET_FILE);
    if (file.isPresent() && settings.find(TURN_SECRET).isPresent()) {
      settings.refuse(TURN_SECRET_FILE, "nothing beside " + TURN_SECRET.path());
    } else if (file.isPresent() && secret(settings).isEmpty()) {
      settings.refuse(TURN_SECRET_FILE, "a readable file with one line");
    } else if (secret(settings).isEmpty()
        && settings.get(SERVICES).stream().anyMatch(service -> service.type().isRelay())) {
      settings.refuse(TURN_SECRET, "the secret of the TURN servers, here or in a file");
    }
  }

  private static Optional<String> secret(Settings settings) {
    return settings
        .find(TURN_SECRET)
        .or(() -> settings.find(TURN_SECRET_FILE).flatMap(StorageKeys::read));
  }

  static ExternalServices bind(Settings settings) {
    return settings.role() == Role.CONNECTOR
        ? ExternalServices.NONE
        : new ExternalServices(
            settings.get(SERVICES), secret(settings).orElse(""), settings.get(TURN_LIFETIME));
  }
}

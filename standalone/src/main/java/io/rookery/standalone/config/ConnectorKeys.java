package io.rookery.standalone.config;

import static io.rookery.standalone.config.KeyTypes.CIDR;
import static io.rookery.standalone.config.KeyTypes.DOMAIN;
import static io.rookery.standalone.config.KeyTypes.PATH;
import static io.rookery.standalone.config.KeyTypes.duration;
import static io.rookery.standalone.config.KeyTypes.integer;
import static io.rookery.standalone.config.KeyTypes.list;
import static io.rookery.standalone.config.KeyTypes.longSize;
import static io.rookery.standalone.config.KeyTypes.map;
import static io.rookery.standalone.config.KeyTypes.oneOf;
import static io.rookery.standalone.config.KeyTypes.size;

import io.rookery.connector.Cidr;
import io.rookery.connector.ConnectorConfig;
import io.rookery.connector.ConnectorConfig.AddressLimits;
import io.rookery.connector.ConnectorConfig.Domain;
import io.rookery.connector.ConnectorConfig.Listener;
import io.rookery.connector.ConnectorConfig.StreamLimits;
import io.rookery.connector.ConnectorConfig.Timeouts;
import io.rookery.connector.ConnectorConfig.TlsPolicy;
import io.rookery.router.RouterConfig.Inviters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of the connector. */
final class ConnectorKeys {
  private static final String STANZA_MIN = "10000";

  static final Key<List<Listener>> LISTENERS =
      Key.of(
          "connector.listeners",
          list(KeyTypes.LISTENER, 1),
          "starttls://0.0.0.0:5222, direct://0.0.0.0:5223",
          "Sockets for clients: TLS by negotiation, or at once (XEP-0368).");
  static final Key<List<Cidr>> TRUSTED_PROXIES =
      Key.of(
          "connector.trusted-proxies",
          list(CIDR, 0),
          "",
          "Who may speak the PROXY protocol on `+proxy` listeners.");
  static final Key<TlsPolicy> TLS =
      Key.of(
          "connector.tls",
          oneOf(TlsPolicy.class),
          "required",
          "Whether clients of `starttls` listeners may log in without TLS.");
  static final Key<Map<String, Path>> CERTIFICATES =
      Key.optional(
          "connector.certificates",
          map(DOMAIN, PATH),
          "PEM files with the certificate chain of each domain. Default:"
              + " `certificates/<domain>.crt` in the data directory.");
  static final Key<Map<String, Path>> CERTIFICATE_KEYS =
      Key.optional(
          "connector.certificate-keys",
          map(DOMAIN, PATH),
          "PEM files with the private keys. Default: `certificates/<domain>.key` in the data"
              + " directory.");
  static final Key<Duration> NEGOTIATION_TIMEOUT =
      Key.of(
          "connector.timeouts.negotiation",
          duration("1s", "1h"),
          "2m",
          "From the accepted connection to the bound resource. Some people fill in a form meanwhile.");
  static final Key<Duration> IDLE_TIMEOUT =
      Key.of(
          "connector.timeouts.idle",
          duration("0s", "7d"),
          "30m",
          "Silence after which a client is pinged; announced (XEP-0478). 0s for never.");
  static final Key<Duration> PING_TIMEOUT =
      Key.of(
          "connector.timeouts.ping",
          duration("1s", "1h"),
          "60s",
          "Silence after that ping which ends the stream.");
  static final Key<Duration> WRITE_TIMEOUT =
      Key.of(
          "connector.timeouts.write",
          duration("1s", "1h"),
          "30s",
          "A write without any progress for so long ends the stream.");
  static final Key<Integer> STANZA_BYTES_BEFORE_LOGIN =
      Key.of(
          "connector.stream.stanza-bytes-before-login",
          size(STANZA_MIN, "16MiB"),
          "64KiB",
          "Largest element before authentication.");
  static final Key<Integer> STANZA_BYTES =
      Key.of(
          "connector.stream.stanza-bytes",
          size(STANZA_MIN, "16MiB"),
          "256KiB",
          "Largest stanza; announced (XEP-0478).");
  static final Key<Integer> DEPTH =
      Key.of(
          "connector.stream.depth",
          integer(8, 1024),
          "64",
          "Nested elements in a stanza, at most.");
  static final Key<Integer> ATTRIBUTES =
      Key.of(
          "connector.stream.attributes",
          integer(16, 1024),
          "64",
          "Attributes of an element, at most.");
  static final Key<Long> BYTES_PER_SECOND =
      Key.of(
          "connector.stream.bytes-per-second",
          longSize("0", "1GiB"),
          "0",
          "Read rate of a stream, kept by back-pressure. 0 for no limit.");
  static final Key<Integer> BURST_BYTES =
      Key.of(
          "connector.stream.burst-bytes",
          size("1KiB", "1GiB"),
          "1MiB",
          "Read at once before the rate applies.");
  static final Key<Integer> OUTPUT_BYTES =
      Key.of(
          "connector.stream.output-bytes",
          size(STANZA_MIN, "1GiB"),
          "4MiB",
          "Output waiting for a slow reader before its stream is ended.");
  static final Key<Integer> IN_FLIGHT_STANZAS =
      Key.of(
          "connector.stream.in-flight-stanzas",
          integer(32, 100_000), // routers report every 16
          "64",
          "Stanzas a stream may have under way to the router before reading stops.");
  static final Key<Integer> IN_FLIGHT_BYTES =
      Key.of(
          "connector.stream.in-flight-bytes",
          size(STANZA_MIN, "1GiB"),
          "512KiB",
          "The same in bytes.");
  static final Key<Integer> UNACKED_STANZAS =
      Key.of(
          "connector.stream.unacked-stanzas",
          integer(100, 100_000),
          "5000",
          "Stanzas a client may leave unacknowledged (XEP-0198) before its connection is cut.");
  static final Key<Integer> UNACKED_BYTES =
      Key.of(
          "connector.stream.unacked-bytes", size(STANZA_MIN, "1GiB"), "8MiB", "The same in bytes.");
  static final Key<Duration> DRAIN =
      Key.of(
              "connector.timeouts.drain",
              duration("0s", "10m"),
              "20s",
              "Time over which streams are released when the node goes down.")
          .inStandalone("0s");
  static final Key<Integer> CONNECTIONS =
      Key.of(
          "connector.address.connections",
          integer(1, 1_000_000),
          "1000",
          "Connections from one client address (IPv6: /64) at a time.");
  static final Key<Integer> FAILED_LOGINS =
      Key.of(
          "connector.address.failed-logins",
          integer(1, 1_000_000),
          "50",
          "Failed logins from one client address within the window; then logins are refused.");
  static final Key<Duration> FAILED_LOGIN_WINDOW =
      Key.of(
          "connector.address.failed-login-window",
          duration("1s", "1d"),
          "10m",
          "The window of failed logins.");

  static final List<Key<?>> ALL =
      List.of(
          LISTENERS,
          TRUSTED_PROXIES,
          TLS,
          CERTIFICATES,
          CERTIFICATE_KEYS,
          NEGOTIATION_TIMEOUT,
          IDLE_TIMEOUT,
          PING_TIMEOUT,
          WRITE_TIMEOUT,
          DRAIN,
          STANZA_BYTES_BEFORE_LOGIN,
          STANZA_BYTES,
          DEPTH,
          ATTRIBUTES,
          BYTES_PER_SECOND,
          BURST_BYTES,
          OUTPUT_BYTES,
          IN_FLIGHT_STANZAS,
          IN_FLIGHT_BYTES,
          UNACKED_STANZAS,
          UNACKED_BYTES,
          CONNECTIONS,
          FAILED_LOGINS,
          FAILED_LOGIN_WINDOW);

  private ConnectorKeys() {}

  static void check(Settings settings) {
    Map<String, Path> certificates = settings.find(CERTIFICATES).orElse(Map.of());
    Map<String, Path> keys = settings.find(CERTIFICATE_KEYS).orElse(Map.of());
    Keys.onlyServed(settings, CERTIFICATES, certificates.keySet());
    Keys.onlyServed(settings, CERTIFICATE_KEYS, keys.keySet());
    if (!certificates.keySet().equals(keys.keySet())) {
      settings.refuse(CERTIFICATE_KEYS, "the same domains as in " + CERTIFICATES.path());
    }
    boolean proxy = settings.get(LISTENERS).stream().anyMatch(Listener::proxyProtocol);
    if (proxy && settings.get(TRUSTED_PROXIES).isEmpty()) {
      settings.refuse(TRUSTED_PROXIES, "at least one block, as there are +proxy listeners");
    }
    int stanza = settings.get(STANZA_BYTES);
    if (settings.get(STANZA_BYTES_BEFORE_LOGIN) > stanza) {
      settings.refuse(STANZA_BYTES_BEFORE_LOGIN, "at most " + STANZA_BYTES.path());
    }
    for (Key<Integer> buffer : List.of(OUTPUT_BYTES, IN_FLIGHT_BYTES, UNACKED_BYTES)) {
      if (settings.get(buffer) < stanza) {
        settings.refuse(buffer, "at least " + STANZA_BYTES.path());
      }
    }
  }

  static ConnectorConfig bind(Settings settings) {
    return new ConnectorConfig(
        settings.get(LISTENERS),
        settings.get(Keys.DOMAINS).stream().map(name -> domain(settings, name)).toList(),
        settings.get(TLS),
        settings.get(RouterKeys.REGISTRATION),
        settings.get(RouterKeys.INVITATIONS_REGISTERING) != Inviters.OFF,
        settings.get(TRUSTED_PROXIES),
        new Timeouts(
            settings.get(NEGOTIATION_TIMEOUT),
            settings.get(IDLE_TIMEOUT),
            settings.get(PING_TIMEOUT),
            settings.get(WRITE_TIMEOUT),
            settings.get(DRAIN)),
        new StreamLimits(
            settings.get(STANZA_BYTES_BEFORE_LOGIN),
            settings.get(STANZA_BYTES),
            settings.get(DEPTH),
            settings.get(ATTRIBUTES),
            settings.get(BYTES_PER_SECOND),
            settings.get(BURST_BYTES),
            settings.get(OUTPUT_BYTES),
            settings.get(IN_FLIGHT_STANZAS),
            settings.get(IN_FLIGHT_BYTES),
            settings.get(UNACKED_STANZAS),
            settings.get(UNACKED_BYTES)),
        new AddressLimits(
            settings.get(CONNECTIONS),
            settings.get(FAILED_LOGINS),
            settings.get(FAILED_LOGIN_WINDOW)),
        Set.copyOf(settings.get(RouterKeys.ANONYMOUS_DOMAINS)));
  }

  private static Domain domain(Settings settings, String name) {
    Path directory = settings.get(Keys.DATA).resolve("certificates");
    return new Domain(
        name,
        settings
            .find(CERTIFICATES)
            .map(paths -> paths.get(name))
            .orElse(directory.resolve(name + ".crt")),
        settings
            .find(CERTIFICATE_KEYS)
            .map(paths -> paths.get(name))
            .orElse(directory.resolve(name + ".key")));
  }
}

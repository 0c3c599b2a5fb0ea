package io.rookery.standalone.config;

import static io.rookery.standalone.config.KeyTypes.ENDPOINT;
import static io.rookery.standalone.config.KeyTypes.HOST;
import static io.rookery.standalone.config.KeyTypes.PATH;
import static io.rookery.standalone.config.KeyTypes.TEXT;
import static io.rookery.standalone.config.KeyTypes.duration;
import static io.rookery.standalone.config.KeyTypes.integer;
import static io.rookery.standalone.config.KeyTypes.list;
import static io.rookery.standalone.config.KeyTypes.longSize;
import static io.rookery.standalone.config.KeyTypes.oneOf;
import static io.rookery.standalone.config.KeyTypes.size;

import io.rookery.cluster.ClusterConfig;
import io.rookery.cluster.ClusterConfig.BusTls;
import io.rookery.cluster.ClusterConfig.Discovery;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The keys of the cluster. */
final class ClusterKeys {
  static final Key<String> NAME =
      Key.of("cluster.name", TEXT, "rookery", "Nodes of different clusters never join.");
  static final Key<String> NODE =
      Key.optional(
          "cluster.node",
          TEXT,
          "Name of the node, unique in the cluster. Default: role, address and member port.");
  static final Key<String> ADDRESS =
      Key.of(
          "cluster.address", HOST, "127.0.0.1", "Bound, and where the other nodes reach this one.");
  static final Key<Integer> MEMBER_PORT =
      Key.of("cluster.member-port", integer(1, 65535), "5701", "Port of Hazelcast.");
  static final Key<Integer> BUS_PORT =
      Key.of(
          "cluster.bus-port",
          integer(0, 65535),
          "5702",
          "Port of the event bus; 0 for one that is free at the start.");
  static final Key<List<InetSocketAddress>> MEMBERS =
      Key.of(
              "cluster.members",
              list(ENDPOINT, 0),
              "127.0.0.1:5701",
              "Nodes to ask for the cluster, by member port.")
          .inStandalone("");
  static final Key<String> KUBERNETES_SERVICE =
      Key.optional(
          "cluster.kubernetes-service",
          HOST,
          "Full DNS name of a headless service; used instead of `cluster.members`.");
  static final Key<KubernetesDiscovery> KUBERNETES_DISCOVERY =
      Key.of(
          "cluster.kubernetes-discovery",
          oneOf(KubernetesDiscovery.class),
          "dns",
          "Who is asked for the pods behind that service; `api` needs the right to list"
              + " EndpointSlices.");
  static final Key<Integer> EVENT_LOOPS =
      Key.optional(
          "cluster.event-loops",
          integer(1, 1024),
          "Threads that do the work. Default: one per processor.");
  static final Key<Duration> FAILURE_TIMEOUT =
      Key.of(
          "cluster.failure-timeout",
          duration("1s", "10m"),
          "5s",
          "Silence after which a node is taken for dead.");
  static final Key<Integer> FRAME_BYTES =
      Key.of(
          "cluster.frame-bytes",
          size("1KiB", "16MiB"),
          "64KiB",
          "What goes to a node at once is cut into frames of about this size.");
  static final Key<Long> WINDOW_BYTES =
      Key.of(
          "cluster.window-bytes",
          longSize("64KiB", "4GiB"),
          "8MiB",
          "Sent to a node and not yet taken by it; then senders wait.");

  static final Key<Path> BUS_CERTIFICATE =
      Key.optional(
          "cluster.bus-tls.certificate",
          PATH,
          "PEM file with this node's certificate and its chain. With it, its key and the"
              + " authorities, the event bus uses mutual TLS; on all nodes or on none.");
  static final Key<Path> BUS_KEY =
      Key.optional("cluster.bus-tls.key", PATH, "PEM file with the certificate's key.");
  static final Key<Path> BUS_TRUST =
      Key.optional(
          "cluster.bus-tls.trust",
          PATH,
          "PEM file with the authorities of the nodes' certificates, and of nothing else.");

  static final List<Key<?>> ALL =
      List.of(
          NAME,
          NODE,
          ADDRESS,
          MEMBER_PORT,
          BUS_PORT,
          MEMBERS,
          KUBERNETES_SERVICE,
          KUBERNETES_DISCOVERY,
          EVENT_LOOPS,
          FAILURE_TIMEOUT,
          FRAME_BYTES,
          WINDOW_BYTES,
          BUS_CERTIFICATE,
          BUS_KEY,
          BUS_TRUST);

  private ClusterKeys() {}

  /** How the pods behind a service are found. */
  enum KubernetesDiscovery {
    DNS,
    API
  }

  static void check(Settings settings) {
    if (settings.get(WINDOW_BYTES) < settings.get(FRAME_BYTES)) {
      settings.refuse(WINDOW_BYTES, "at least " + FRAME_BYTES.path());
    }
    if (settings.get(MEMBER_PORT).equals(settings.get(BUS_PORT))) {
      settings.refuse(BUS_PORT, "another port than " + MEMBER_PORT.path());
    }
    if (settings.get(KUBERNETES_DISCOVERY) == KubernetesDiscovery.API
        && settings.find(KUBERNETES_SERVICE).filter(name -> name.contains(".")).isEmpty()) {
      settings.refuse(KUBERNETES_SERVICE, "`service.namespace.…` for discovery by the API");
    }
    checkTls(settings);
  }

  private static void checkTls(Settings settings) {
    List<Key<Path>> keys = List.of(BUS_CERTIFICATE, BUS_KEY, BUS_TRUST);
    boolean wanted = keys.stream().anyMatch(key -> settings.find(key).isPresent());
    for (Key<Path> key : keys) {
      if (wanted && !settings.find(key).map(Files::isReadable).orElse(false)) {
        settings.refuse(key, "a readable file; all three keys of cluster.bus-tls or none");
      }
    }
  }

  private static Optional<BusTls> busTls(Settings settings) {
    return settings
        .find(BUS_CERTIFICATE)
        .map(file -> new BusTls(file, settings.get(BUS_KEY), settings.get(BUS_TRUST)));
  }

  static ClusterConfig bind(Settings settings) {
    return new ClusterConfig(
        settings.get(NAME),
        settings.find(NODE).orElseGet(() -> node(settings)),
        settings.role(),
        settings.get(ADDRESS),
        settings.get(MEMBER_PORT),
        settings.get(BUS_PORT),
        settings
            .find(KUBERNETES_SERVICE)
            .map(service -> kubernetes(service, settings.get(KUBERNETES_DISCOVERY)))
            .orElseGet(() -> new Discovery.Members(settings.get(MEMBERS))),
        settings.find(EVENT_LOOPS).orElseGet(() -> Runtime.getRuntime().availableProcessors()),
        settings.get(FAILURE_TIMEOUT),
        settings.get(FRAME_BYTES),
        settings.get(WINDOW_BYTES),
        busTls(settings));
  }

  private static Discovery kubernetes(String service, KubernetesDiscovery discovery) {
    if (discovery == KubernetesDiscovery.DNS) {
      return new Discovery.KubernetesDns(service);
    }
    String[] labels = service.split("\\.");
    return new Discovery.KubernetesApi(labels[1], labels[0]);
  }

  private static String node(Settings settings) {
    return String.join(
        "-",
        settings.role().name().toLowerCase(Locale.ROOT),
        settings.get(ADDRESS),
        settings.get(MEMBER_PORT).toString());
  }
}

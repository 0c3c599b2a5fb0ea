package io.rookery.standalone.service;

import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.connector.ConnectorConfig.Domain;
import io.rookery.connector.ConnectorConfig.Listener;
import io.rookery.standalone.cli.RunningService;
import io.rookery.standalone.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two routers and two connectors as processes of their own, with an embedded Cassandra: a cluster
 * on one machine, for trying out and for measuring. The second connector's ports are 100 above
 * those of the first, the ports of the nodes count up from the configured ones.
 */
final class LocalCluster implements RunningService {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final List<String> ROLES = List.of("router", "router", "connector", "connector");

  /** By name: the main class knows this package, not the other way round. */
  private static final String MAIN = "io.rookery.standalone.RookeryMain";

  private static final int SECOND_CONNECTOR = 3;
  private static final int PORT_DISTANCE = 100;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private final EmbeddedCassandra cassandra;
  private final List<Process> nodes;

  private LocalCluster(EmbeddedCassandra cassandra, List<Process> nodes) {
    this.cassandra = cassandra;
    this.nodes = nodes;
  }

  /** Blocks until Cassandra answers and the processes are started. */
  static LocalCluster start(Config config, List<String> options) throws Exception {
    for (Domain domain : config.connector().domains()) {
      Certificates.makeMissing(domain, Clock.systemUTC());
    }
    EmbeddedCassandra cassandra = Database.startEmbedded(config.data());
    LocalCluster cluster = new LocalCluster(cassandra, new ArrayList<>());
    try {
      for (int i = 0; i < ROLES.size(); i++) {
        cluster.nodes.add(node(i, config, cassandra, options));
        LOG.info("{} {} is process {}", ROLES.get(i), i % 2, cluster.nodes.get(i).pid());
      }
      return cluster;
    } catch (IOException e) {
      cluster.end();
      throw e;
    }
  }

  private static Process node(
      int index, Config config, EmbeddedCassandra cassandra, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(MAIN);
    command.add(ROLES.get(index));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(environment(index, config, cassandra));
    return builder.start();
  }

  private static Map<String, String> environment(
      int index, Config config, EmbeddedCassandra cassandra) {
    int firstMember = config.cluster().memberPort();
    String members =
        IntStream.range(0, ROLES.size())
            .mapToObj(i -> "127.0.0.1:" + (firstMember + i))
            .collect(Collectors.joining(","));
    int further = index == SECOND_CONNECTOR ? PORT_DISTANCE : 0;
    String listeners =
        config.connector().listeners().stream()
            .map(listener -> uri(listener, further))
            .collect(Collectors.joining(","));
    return Map.of(
        "ROOKERY_CLUSTER_NODE",
        ROLES.get(index) + "-" + index % 2,
        "ROOKERY_CLUSTER_MEMBER_PORT",
        Integer.toString(firstMember + index),
        "ROOKERY_CLUSTER_BUS_PORT",
        "0",
        "ROOKERY_CLUSTER_MEMBERS",
        members,
        "ROOKERY_CONNECTOR_LISTENERS",
        listeners,
        "ROOKERY_OPS_PORT",
        Integer.toString(config.ops().port() + index),
        "ROOKERY_ROUTER_REGISTRATION_ENABLED",
        Boolean.toString(config.router().registration().enabled()),
        "ROOKERY_STORAGE_CONTACT_POINTS",
        "127.0.0.1:" + cassandra.contactPoint().getPort());
  }

  private static String uri(Listener listener, int further) {
    return listener.kind().name().toLowerCase(Locale.ROOT)
        + (listener.proxyProtocol() ? "+proxy" : "")
        + "://"
        + listener.address()
        + ":"
        + (listener.port() + further);
  }

  @Override
  public Future<Void> stop() {
    Promise<Void> stopped = Promise.promise();
    Thread stopper =
        new Thread(
            () -> {
              try {
                end();
                stopped.complete();
              } catch (Exception e) {
                stopped.fail(e);
              }
            },
            "stop");
    stopper.start();
    return stopped.future();
  }

  /** Connectors first, routers after them, Cassandra last. */
  private void end() throws IOException, InterruptedException {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      nodes.get(i).destroy();
      if (!nodes.get(i).waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        nodes.get(i).destroyForcibly();
      }
    }
    cassandra.stop(EmbeddedCassandra.STOP_LIMIT);
  }
}

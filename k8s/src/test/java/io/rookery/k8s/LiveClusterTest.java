package io.rookery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Probe;
import io.rookery.cluster.ClusterConfig.Role;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The manifests' nodes run, find each other through the API, and Prometheus gets from them what
 * dashboards, alerts and autoscalers ask for. One cluster for all tests, in this order: the last
 * ones take it apart.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LiveClusterTest {
  private static LiveCluster cluster;
  private static Prometheus prometheus;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LiveCluster();
    prometheus = Prometheus.start(cluster);
  }

  @AfterAll
  static void stop() throws Exception {
    if (prometheus != null) {
      prometheus.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void nodesFindEachOtherByTheRightsOfTheirAccounts() throws Exception {
    Set<String> owners = new TreeSet<>();
    for (LiveNode node : cluster.nodes()) {
      for (int i = 0; i < 50; i++) {
        owners.add(node.body("/owner?jid=user-" + i + "%40" + LiveCluster.DOMAIN));
      }
    }
    assertEquals(
        Set.of("{\"node\":\"rookery-router-0\"}", "{\"node\":\"rookery-router-1\"}"), owners);
    List<ApiServer.Request> requests = cluster.api().requests();
    assertEquals(
        Set.of("connector", "router"),
        requests.stream().map(ApiServer.Request::token).collect(Collectors.toSet()));
    // Hazelcast would like to know its machine, which it does not need and has no right to.
    assertEquals(
        List.of(),
        requests.stream()
            .filter(request -> request.status() != 200)
            .filter(request -> !request.path().startsWith("/api/v1/namespaces/rookery/pods/"))
            .toList());
  }

  @Test
  @Order(2)
  void probesAreAnswered() throws Exception {
    for (LiveNode node : cluster.nodes()) {
      var container = node.pod().container();
      for (Probe probe :
          List.of(
              container.getStartupProbe(),
              container.getLivenessProbe(),
              container.getReadinessProbe())) {
        assertEquals(200, node.status(probe.getHttpGet().getPath()));
      }
    }
  }

  @Test
  @Order(3)
  void prometheusScrapesWhatQueriesNeed() throws Exception {
    Chat.between(cluster.nodes(Role.CONNECTOR));
    refuse(cluster.nodes(Role.CONNECTOR).get(0));
    prometheus.await("rookery_connector_refused_total", 1);
    cluster.killCassandra();
    prometheus.await("rookery_storage_errors_total", 1);
    // A second scrape of everything, so that there are rates.
    prometheus.await("rate(rookery_storage_errors_total[20s])", 1);
    prometheus.await("rate(rookery_connector_stream_errors_total[20s])", 1);
    prometheus.await("up == 1", 4);

    List<String> wrong = new ArrayList<>();
    for (Path dashboard : Project.list(Project.DASHBOARDS)) {
      for (String query : Queries.ofDashboard(dashboard)) {
        check(query, wrong);
        if (prometheus.series(query) == 0) {
          wrong.add(dashboard.getFileName() + ", nothing for: " + query);
        }
      }
    }
    for (String query : Queries.ofAlerts()) {
      check(query, wrong);
      prometheus.series(query);
    }
    for (AdapterRule rule : AdapterRule.all()) {
      check(rule.filledIn(), wrong);
      if (prometheus.series(rule.filledIn()) < 2) {
        wrong.add("nothing for: " + rule.filledIn());
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static void check(String query, List<String> wrong) throws Exception {
    Set<String> metrics = Queries.metrics(query);
    assertTrue(!metrics.isEmpty(), query);
    metrics.removeAll(prometheus.names());
    metrics.forEach(metric -> wrong.add("no metric " + metric + ": " + query));
  }

  /** No TLS where TLS is expected, and no XML where XML is. */
  private static void refuse(LiveNode connector) throws Exception {
    for (int port : List.of(connector.clients(), connector.clientsTls())) {
      try (Socket socket = new Socket(connector.address(), port)) {
        socket.getOutputStream().write("<a><b></a>\n\n".getBytes(StandardCharsets.UTF_8));
        socket.getInputStream().readAllBytes();
      }
    }
  }

  @Test
  @Order(4)
  void nodesEndWithinTheirGracePeriod() throws Exception {
    for (LiveNode connector : cluster.nodes(Role.CONNECTOR)) {
      assertTrue(connector.stop(), connector.log()::toString);
    }
    for (LiveNode router : cluster.nodes(Role.ROUTER)) {
      assertTrue(router.stop(), router.log()::toString);
    }
  }
}

package io.rookery.k8s;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.rookery.cassandra.EmbeddedCassandra;
import io.rookery.cassandra.NodeOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The small overlay, started as processes: as many pods as it asks for, and a Cassandra. */
final class LiveCluster {
  static final String DOMAIN = "example.org";

  private final Path directory =
      Files.createTempDirectory(Files.createDirectories(Project.TARGET.resolve("live")), "run");
  private final Manifests manifests = Manifests.of(Project.K8S.resolve("overlays/small"));
  private final TestCertificate apiCertificate = TestCertificate.make(directory, "localhost");
  private final ApiServer api =
      new ApiServer(
          manifests.one(Role.class, "rookery-discovery"),
          manifests.one(Service.class, "rookery-cluster"),
          apiCertificate.context());
  private final EmbeddedCassandra cassandra =
      EmbeddedCassandra.start(
          NodeOptions.builder(
                  Path.of(System.getProperty("cassandra.lib")), directory.resolve("cassandra"))
              .cache(Project.TARGET.resolve("cache"))
              .build());
  private final List<LiveNode> nodes = new ArrayList<>();

  LiveCluster() throws Exception {
    Image image = Image.layOut(Project.TARGET.resolve("image"));
    Path config = Files.writeString(directory.resolve("rookery.yml"), manifests.settings());
    TestCertificate certificate = TestCertificate.make(directory, DOMAIN);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String network = "127.%d.%d.".formatted(random.nextInt(1, 255), random.nextInt(256));
    try {
      for (Node pod : Node.of(manifests)) {
        String role = pod.role().name().toLowerCase(Locale.ROOT);
        for (int i = 0; i < 2; i++) {
          String name = "rookery-" + role + "-" + i;
          String address = network + (10 + nodes.size());
          api.add(name, address);
          nodes.add(
              LiveNode.start(name, pod, address, image, config, settings(name, role, certificate)));
        }
      }
      for (LiveNode node : nodes) {
        node.awaitReady();
      }
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  private Map<String, String> settings(String name, String role, TestCertificate certificate) {
    Map<String, String> settings = new HashMap<>();
    settings.put("ROOKERY_DATA", directory.resolve(name).toString());
    settings.put("ROOKERY_CONNECTOR_CERTIFICATES", DOMAIN + "=" + certificate.chain());
    settings.put("ROOKERY_CONNECTOR_CERTIFICATE_KEYS", DOMAIN + "=" + certificate.key());
    settings.put(
        "ROOKERY_STORAGE_CONTACT_POINTS", "127.0.0.1:" + cassandra.contactPoint().getPort());
    settings.put("ROOKERY_ROUTER_REGISTRATION_ENABLED", "true");
    // In a pod, the heap comes from its memory, and these from what Kubernetes mounts.
    settings.put("ROOKERY_JAVA_OPTS", "-Xmx384m");
    settings.put("HAZELCAST_KUBERNETES_KUBERNETES_MASTER", api.url());
    settings.put("HAZELCAST_KUBERNETES_CA_CERTIFICATE", Project.read(apiCertificate.chain()));
    settings.put("HAZELCAST_KUBERNETES_API_TOKEN", role);
    return settings;
  }

  List<LiveNode> nodes() {
    return nodes;
  }

  List<LiveNode> nodes(io.rookery.cluster.ClusterConfig.Role role) {
    return nodes.stream().filter(node -> node.pod().role() == role).toList();
  }

  ApiServer api() {
    return api;
  }

  void killCassandra() throws InterruptedException {
    cassandra.kill();
  }

  void close() throws InterruptedException {
    for (LiveNode node : nodes) {
      node.process().destroyForcibly().waitFor();
    }
    cassandra.kill();
    api.close();
  }
}

package io.rookery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.rookery.cluster.ClusterConfig.Discovery;
import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.connector.ConnectorConfig;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manifests tell the nodes, read by the code that nodes read it with. */
class ConfigurationTest {
  private static final String ADDRESS = "10.1.2.3";

  @TempDir private Path directory;

  static Stream<Pod> pods() {
    return Project.list(Project.K8S.resolve("overlays")).stream()
        .flatMap(
            path -> {
              Manifests manifests = Manifests.of(path);
              return Node.of(manifests).stream()
                  .map(node -> new Pod(path.getFileName().toString(), manifests, node));
            });
  }

  record Pod(String overlay, Manifests manifests, Node node) {
    @Override
    public String toString() {
      return overlay + " " + node.role();
    }
  }

  private Config load(Pod pod) throws Exception {
    Path file = Files.writeString(directory.resolve("rookery.yml"), pod.manifests.settings());
    Map<String, String> environment =
        pod.node.environment("pod-0", ADDRESS).entrySet().stream()
            .filter(variable -> variable.getKey().startsWith("ROOKERY_"))
            .collect(Collectors.toMap(Map.Entry::getKey, variable -> mounted(pod, variable)));
    return new ConfigLoader(environment).load(pod.node.role(), Optional.of(file));
  }

  /** A file of a mounted secret must be there to be read. */
  private String mounted(Pod pod, Map.Entry<String, String> variable) {
    String path = variable.getValue();
    if (pod.node.container().getVolumeMounts().stream()
        .map(VolumeMount::getMountPath)
        .noneMatch(mount -> path.startsWith(mount + "/"))) {
      return path;
    }
    try {
      return Files.writeString(directory.resolve(Path.of(path).getFileName()), "x").toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("pods")
  void isValidAndFitsThePorts(Pod pod) throws Exception {
    Config config = load(pod);
    assertEquals("pod-0", config.cluster().node());
    assertEquals(ADDRESS, config.cluster().address());
    assertEquals(
        new Discovery.KubernetesApi("rookery", "rookery-cluster"), config.cluster().discovery());
    assertEquals(pod.node.port("member"), config.cluster().memberPort());
    assertEquals(pod.node.port("bus"), config.cluster().busPort());
    assertEquals(pod.node.port("ops"), config.ops().port());
    assertEquals("0.0.0.0", config.ops().address());
    if (pod.node.role() == Role.CONNECTOR) {
      for (ConnectorConfig.Listener listener : config.connector().listeners()) {
        boolean direct = listener.kind() == ConnectorConfig.Listener.Kind.DIRECT;
        assertEquals(pod.node.port(direct ? "xmpps-client" : "xmpp-client"), listener.port());
      }
    } else {
      assertTrue(!config.embedsCassandra(), "a router needs contact points");
    }
  }

  @ParameterizedTest
  @MethodSource("pods")
  void kubernetesWaitsForTheEndOfTheShutdown(Pod pod) throws Exception {
    var lifecycle = pod.node.container().getLifecycle();
    long sleep = lifecycle == null ? 0 : lifecycle.getPreStop().getSleep().getSeconds();
    long grace = pod.node.pod().getSpec().getTerminationGracePeriodSeconds();
    assertTrue(grace > sleep + load(pod).shutdownTimeout().toSeconds());
  }

  @ParameterizedTest
  @MethodSource("pods")
  void certificatesCoverTheDomains(Pod pod) throws Exception {
    Certificate certificate = pod.manifests.one(Certificate.class, "rookery");
    for (ConnectorConfig.Domain domain : load(pod).connector().domains()) {
      assertTrue(certificate.getSpec().getDnsNames().contains(domain.name()));
      if (pod.node.role() == Role.CONNECTOR) {
        assertEquals(Path.of(mountOf(pod, certificate), "tls.crt"), domain.certificate());
        assertEquals(Path.of(mountOf(pod, certificate), "tls.key"), domain.key());
      }
    }
  }

  private static String mountOf(Pod pod, Certificate certificate) {
    String volume =
        pod.node.pod().getSpec().getVolumes().stream()
            .filter(v -> v.getSecret() != null)
            .filter(
                v -> v.getSecret().getSecretName().equals(certificate.getSpec().getSecretName()))
            .findFirst()
            .orElseThrow()
            .getName();
    return pod.node.container().getVolumeMounts().stream()
        .filter(mount -> mount.getName().equals(volume))
        .findFirst()
        .orElseThrow()
        .getMountPath();
  }
}

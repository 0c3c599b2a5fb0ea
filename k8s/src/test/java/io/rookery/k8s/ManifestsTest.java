package io.rookery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every overlay builds, is valid for the API, and its objects fit each other. */
class ManifestsTest {
  private static final String NAME = "app.kubernetes.io/name";

  static Stream<Overlay> overlays() {
    return Project.list(Project.K8S.resolve("overlays")).stream()
        .map(path -> new Overlay(path.getFileName().toString(), Manifests.of(path)));
  }

  record Overlay(String name, Manifests manifests) {
    @Override
    public String toString() {
      return name;
    }

    List<PodTemplateSpec> nodes() {
      return manifests.pods().values().stream()
          .filter(pod -> pod.getMetadata().getLabels().get(NAME).equals("rookery"))
          .toList();
    }

    boolean selects(Map<String, String> labels) {
      return manifests.pods().values().stream().anyMatch(pod -> matches(pod, labels));
    }
  }

  private static boolean matches(PodTemplateSpec pod, Map<String, String> labels) {
    return pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet());
  }

  private static Container container(PodTemplateSpec pod) {
    return pod.getSpec().getContainers().get(0);
  }

  @Test
  void refusesWhatTheApiDoesNotKnow() {
    String service = "apiVersion: v1\nkind: Service\nspec: {selectors: {}}\n";
    assertThrows(AssertionError.class, () -> Manifests.parse(service));
    String certificate = "apiVersion: cert-manager.io/v1\nkind: Certificate\nspec: {dnsName: x}\n";
    assertThrows(AssertionError.class, () -> Manifests.parse(certificate));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void hasBothRolesInItsNamespace(Overlay overlay) {
    assertTrue(
        overlay
            .manifests
            .pods()
            .keySet()
            .containsAll(Set.of("rookery-connector", "rookery-router")));
    for (HasMetadata object : overlay.manifests.objects()) {
      if (!object.getKind().equals("Namespace")) {
        assertEquals("rookery", object.getMetadata().getNamespace(), object.getMetadata()::getName);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void servicesAndBudgetsSelectPods(Overlay overlay) {
    overlay
        .manifests
        .all(Service.class)
        .forEach(
            service -> {
              Map<String, String> selector = service.getSpec().getSelector();
              assertTrue(overlay.selects(selector), service.getMetadata()::getName);
              overlay.manifests.pods().values().stream()
                  .filter(pod -> matches(pod, selector))
                  .forEach(pod -> assertPorts(service, container(pod)));
            });
    overlay
        .manifests
        .all(PodDisruptionBudget.class)
        .forEach(
            budget -> assertTrue(overlay.selects(budget.getSpec().getSelector().getMatchLabels())));
    assertEquals(2, overlay.manifests.all(PodDisruptionBudget.class).count());
  }

  private static void assertPorts(Service service, Container container) {
    service
        .getSpec()
        .getPorts()
        .forEach(
            port -> {
              ContainerPort target = port(container, port.getTargetPort().getStrVal());
              assertEquals(target.getContainerPort(), port.getPort());
            });
  }

  private static ContainerPort port(Container container, String name) {
    return container.getPorts().stream()
        .filter(port -> port.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(container.getName() + " has no port " + name));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void probesAskPortsThatAreThere(Overlay overlay) {
    for (PodTemplateSpec pod : overlay.nodes()) {
      Container node = container(pod);
      for (Probe probe :
          List.of(node.getStartupProbe(), node.getLivenessProbe(), node.getReadinessProbe())) {
        assertEquals("ops", probe.getHttpGet().getPort().getStrVal());
        port(node, "ops");
      }
      assertTrue(node.getReadinessProbe().getTimeoutSeconds() > 2, "checks take up to 2 s");
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void nodesHaveNoRightsOnTheirMachine(Overlay overlay) {
    for (PodTemplateSpec pod : overlay.manifests.pods().values()) {
      assertTrue(pod.getSpec().getSecurityContext().getRunAsNonRoot());
      assertEquals(
          "RuntimeDefault", pod.getSpec().getSecurityContext().getSeccompProfile().getType());
      var security = container(pod).getSecurityContext();
      assertFalse(security.getAllowPrivilegeEscalation());
      assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
      assertFalse(container(pod).getResources().getRequests().isEmpty());
    }
    for (PodTemplateSpec node : overlay.nodes()) {
      assertTrue(container(node).getSecurityContext().getReadOnlyRootFilesystem());
      Set<String> writable =
          container(node).getVolumeMounts().stream()
              .filter(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
              .map(io.fabric8.kubernetes.api.model.VolumeMount::getMountPath)
              .collect(Collectors.toSet());
      assertEquals(Set.of("/data", "/tmp"), writable);
      assertEquals(2, node.getSpec().getTopologySpreadConstraints().size());
      node.getSpec()
          .getTopologySpreadConstraints()
          .forEach(spread -> assertTrue(matches(node, spread.getLabelSelector().getMatchLabels())));
    }
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void namesOnlyWhatIsThere(Overlay overlay) {
    Set<String> secrets =
        overlay
            .manifests
            .all(Certificate.class)
            .map(certificate -> certificate.getSpec().getSecretName())
            .collect(Collectors.toCollection(HashSet::new));
    assertEquals(0, overlay.manifests.objects().stream().filter(Secret.class::isInstance).count());
    String operations = Project.read(Project.ROOT.resolve("docs/OPERATIONS.md"));
    for (PodTemplateSpec pod : overlay.nodes()) {
      overlay.manifests.one(ServiceAccount.class, pod.getSpec().getServiceAccountName());
      for (Volume volume : pod.getSpec().getVolumes()) {
        if (volume.getConfigMap() != null) {
          overlay.manifests.one(ConfigMap.class, volume.getConfigMap().getName());
        }
      }
      referencedSecrets(pod)
          .filter(secret -> !secrets.contains(secret))
          .forEach(secret -> assertTrue(operations.contains('`' + secret + '`'), secret));
    }
  }

  private static Stream<String> referencedSecrets(PodTemplateSpec pod) {
    return Stream.concat(
        pod.getSpec().getVolumes().stream()
            .map(Volume::getSecret)
            .filter(Objects::nonNull)
            .map(io.fabric8.kubernetes.api.model.SecretVolumeSource::getSecretName),
        container(pod).getEnv().stream()
            .map(EnvVar::getValueFrom)
            .filter(Objects::nonNull)
            .filter(source -> source.getSecretKeyRef() != null)
            .map(source -> source.getSecretKeyRef().getName()));
  }

  /** Whoever reaches the ports between the nodes owns the service. */
  @ParameterizedTest
  @MethodSource("overlays")
  void onlyNodesReachThePortsBetweenThem(Overlay overlay) {
    for (NetworkPolicy policy : overlay.manifests.all(NetworkPolicy.class).toList()) {
      assertTrue(overlay.selects(policy.getSpec().getPodSelector().getMatchLabels()));
      policy.getSpec().getIngress().stream()
          .filter(
              rule ->
                  rule.getPorts().stream().anyMatch(port -> port.getPort().getIntVal() / 10 == 570))
          .forEach(
              rule -> {
                assertEquals(1, rule.getFrom().size());
                assertEquals(
                    policy.getSpec().getPodSelector(), rule.getFrom().get(0).getPodSelector());
              });
    }
    // A pod that no policy selects is open to everybody.
    for (PodTemplateSpec pod : overlay.manifests.pods().values()) {
      assertTrue(
          overlay
              .manifests
              .all(NetworkPolicy.class)
              .filter(policy -> policy.getSpec().getPolicyTypes().contains("Ingress"))
              .anyMatch(
                  policy -> matches(pod, policy.getSpec().getPodSelector().getMatchLabels())));
    }
  }

  @Test
  void autoscalersHaveATargetAndMetricsOfTheAdapter() {
    Manifests production = Manifests.of(Project.K8S.resolve("overlays/production"));
    List<HorizontalPodAutoscaler> scalers = production.all(HorizontalPodAutoscaler.class).toList();
    assertEquals(2, scalers.size());
    Set<String> offered =
        AdapterRule.all().stream().map(AdapterRule::series).collect(Collectors.toSet());
    for (HorizontalPodAutoscaler scaler : scalers) {
      assertTrue(production.pods().containsKey(scaler.getSpec().getScaleTargetRef().getName()));
      scaler
          .getSpec()
          .getMetrics()
          .forEach(metric -> assertTrue(offered.contains(metric.getPods().getMetric().getName())));
      var behavior = scaler.getSpec().getBehavior();
      assertTrue(behavior.getScaleDown().getStabilizationWindowSeconds() >= 1800);
      assertEquals(1, behavior.getScaleDown().getPolicies().get(0).getValue());
    }
  }

  @Test
  void prometheusFindsAllNodes() {
    Manifests production = Manifests.of(Project.K8S.resolve("overlays/production"));
    PodMonitor monitor = production.one(PodMonitor.class, "rookery");
    for (PodTemplateSpec pod : production.pods().values()) {
      assertTrue(matches(pod, monitor.getSpec().getSelector().getMatchLabels()));
      port(container(pod), monitor.getSpec().getPodMetricsEndpoints().get(0).getPort());
    }
  }
}

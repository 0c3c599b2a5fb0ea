package io.rookery.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.rookery.cluster.ClusterConfig.Role;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A pod of Rookery as Kubernetes would start it. */
record Node(PodTemplateSpec pod) {

  static List<Node> of(Manifests manifests) {
    return manifests.pods().entrySet().stream()
        .filter(pod -> pod.getKey().startsWith("rookery-"))
        .map(pod -> new Node(pod.getValue()))
        .toList();
  }

  Container container() {
    return pod.getSpec().getContainers().get(0);
  }

  Role role() {
    return Role.valueOf(container().getArgs().get(0).toUpperCase(Locale.ROOT));
  }

  int port(String name) {
    return container().getPorts().stream()
        .filter(port -> port.getName().equals(name))
        .findFirst()
        .orElseThrow()
        .getContainerPort();
  }

  /** The environment, with what the downward API would fill in; secrets are {@code secret}. */
  Map<String, String> environment(String name, String address) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (EnvVar variable : container().getEnv()) {
      String value =
          variable.getValueFrom() == null
              ? variable.getValue()
              : value(variable.getValueFrom(), name, address);
      for (Map.Entry<String, String> earlier : environment.entrySet()) {
        value = value.replace("$(" + earlier.getKey() + ")", earlier.getValue());
      }
      environment.put(variable.getName(), value);
    }
    return environment;
  }

  private String value(EnvVarSource source, String name, String address) {
    if (source.getSecretKeyRef() != null) {
      return "secret";
    }
    String field =
        source.getFieldRef() != null
            ? source.getFieldRef().getFieldPath()
            : source.getResourceFieldRef().getResource();
    return switch (field) {
      case "metadata.name" -> name;
      case "metadata.namespace" -> "rookery";
      case "status.podIP" -> address;
      case "requests.cpu" -> roundedUp(container().getResources().getRequests().get("cpu"));
      default -> throw new AssertionError(field);
    };
  }

  private static String roundedUp(Quantity quantity) {
    return quantity.getNumericalAmount().setScale(0, RoundingMode.CEILING).toPlainString();
  }
}

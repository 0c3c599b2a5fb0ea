package io.rookery.k8s;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.certmanager.api.model.v1.Issuer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code kubectl kustomize} makes of a directory, read strictly by the models of the API. */
record Manifests(List<HasMetadata> objects) {
  private static final ObjectMapper YAML = strict();
  private static final List<Class<? extends HasMetadata>> MODELS =
      List.of(
          Certificate.class,
          ConfigMap.class,
          Deployment.class,
          HorizontalPodAutoscaler.class,
          Issuer.class,
          Namespace.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class,
          PodMonitor.class,
          PrometheusRule.class,
          Role.class,
          RoleBinding.class,
          Service.class,
          ServiceAccount.class,
          StatefulSet.class);

  static Manifests of(Path directory) {
    String yaml = Project.run(directory, "kubectl", "kustomize", ".");
    return new Manifests(parse(yaml));
  }

  /**
   * @throws AssertionError for what the API does not know
   */
  static List<HasMetadata> parse(String yaml) {
    try (var documents =
        YAML.readerFor(JsonNode.class).<JsonNode>readValues(YAML.createParser(yaml))) {
      List<HasMetadata> objects = new ArrayList<>();
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        objects.add(YAML.treeToValue(document, model(document)));
      }
      return objects;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<? extends HasMetadata> model(JsonNode object) {
    String version = object.path("apiVersion").asText();
    String kind = object.path("kind").asText();
    return MODELS.stream()
        .filter(model -> HasMetadata.getKind(model).equals(kind))
        .filter(model -> HasMetadata.getApiVersion(model).equals(version))
        .findFirst()
        .orElseThrow(() -> new AssertionError("unknown: " + version + " " + kind));
  }

  /** The models keep what they do not know in a map; here it is refused. */
  private static ObjectMapper strict() {
    ObjectMapper mapper =
        new ObjectMapper(new YAMLFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION));
    mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    mapper.setAnnotationIntrospector(
        new JacksonAnnotationIntrospector() {
          private static final long serialVersionUID = 1;

          @Override
          public Boolean hasAnySetter(Annotated annotated) {
            return annotated.hasAnnotation(JsonAnySetter.class) ? Boolean.FALSE : null;
          }
        });
    return mapper;
  }

  <T extends HasMetadata> Stream<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast);
  }

  <T extends HasMetadata> T one(Class<T> type, String name) {
    return all(type)
        .filter(object -> object.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
  }

  /** The templates of all pods, by the name of the object that makes them. */
  Map<String, PodTemplateSpec> pods() {
    Map<String, PodTemplateSpec> pods = new LinkedHashMap<>();
    all(Deployment.class)
        .forEach(each -> pods.put(each.getMetadata().getName(), each.getSpec().getTemplate()));
    all(StatefulSet.class)
        .forEach(each -> pods.put(each.getMetadata().getName(), each.getSpec().getTemplate()));
    return pods;
  }

  /** The nodes' own settings, from the generated ConfigMap. */
  String settings() {
    return all(ConfigMap.class)
        .map(map -> map.getData().get("rookery.yml"))
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }
}

package io.rookery.k8s;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * A rule by which prometheus-adapter makes a metric for the autoscalers.
 *
 * @param series name of the metric, in Prometheus and in the API
 * @param query with placeholders
 */
record AdapterRule(String series, String query) {

  static List<AdapterRule> all() {
    String config =
        Manifests.of(Project.K8S.resolve("prometheus-adapter"))
            .one(ConfigMap.class, "rookery-prometheus-adapter")
            .getData()
            .get("config.yaml");
    try {
      return new ObjectMapper(new YAMLFactory())
              .readValue(config, new TypeReference<Map<String, List<Map<String, Object>>>>() {})
              .get("rules")
              .stream()
              .map(rule -> of((String) rule.get("seriesQuery"), (String) rule.get("metricsQuery")))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AdapterRule of(String series, String query) {
    return new AdapterRule(series.substring(0, series.indexOf('{')), query);
  }

  /** What the adapter asks Prometheus for the metric of all pods. */
  String filledIn() {
    return query
        .replace("<<.Series>>", series)
        .replace("<<.LabelMatchers>>", "pod!=\"\"")
        .replace("<<.GroupBy>>", "pod");
  }
}

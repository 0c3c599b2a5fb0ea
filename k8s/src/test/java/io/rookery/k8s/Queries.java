package io.rookery.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The queries of dashboards and alerts, and the metrics they name. */
final class Queries {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A name that is not followed by a bracket, which would make it a function. */
  private static final Pattern NAME = Pattern.compile("(?<![\\w.])[a-z_:][\\w:]*+(?!\\s*\\()");

  private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

  private Queries() {}

  static List<PrometheusRule> alerts() {
    return Manifests.parse(Project.read(Project.K8S.resolve("components/monitoring/alerts.yaml")))
        .stream()
        .map(PrometheusRule.class::cast)
        .toList();
  }

  static List<String> ofAlerts() {
    return alerts().stream()
        .flatMap(rule -> rule.getSpec().getGroups().stream())
        .flatMap(group -> group.getRules().stream())
        .map(rule -> rule.getExpr().getStrVal())
        .toList();
  }

  /** Of all panels, with everything chosen. */
  static List<String> ofDashboard(Path file) {
    List<String> queries = new ArrayList<>();
    for (String expression : dashboard(file).findValuesAsText("expr")) {
      queries.add(
          expression
              .replace("$__rate_interval", "20s")
              .replace("$job", "rookery-.*")
              .replace("$pod", ".+"));
    }
    return queries;
  }

  static JsonNode dashboard(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Set<String> metrics(String query) {
    String bare =
        query
            .replaceAll("\"[^\"]*\"", "")
            .replaceAll("\\{[^}]*}", "")
            .replaceAll("\\[[^]]*]", "")
            .replaceAll("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)", " ");
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(bare);
    while (matcher.find()) {
      if (!WORDS.contains(matcher.group())) {
        names.add(matcher.group());
      }
    }
    return names;
  }
}

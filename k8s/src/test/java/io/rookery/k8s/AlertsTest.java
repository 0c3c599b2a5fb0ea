package io.rookery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alerts are rules for Prometheus, go off when they should, and say what to do. */
class AlertsTest {
  private static final Path TEST = Project.K8S.resolve("components/monitoring/alerts_test.yaml");

  private static List<Rule> rules() {
    return Queries.alerts().stream()
        .flatMap(rule -> rule.getSpec().getGroups().stream())
        .flatMap(group -> group.getRules().stream())
        .toList();
  }

  @Test
  void passPromtool() throws Exception {
    Path directory = Files.createDirectories(Project.TARGET.resolve("alerts"));
    PrometheusRule rule = Queries.alerts().get(0);
    new YAMLMapper().writeValue(directory.resolve("rules.yaml").toFile(), rule.getSpec());
    Files.writeString(directory.resolve("test.yaml"), Project.read(TEST));
    String checked = Project.run(directory, "promtool", "check", "rules", "rules.yaml");
    assertTrue(checked.contains(rules().size() + " rules found"), checked);
    Project.run(directory, "promtool", "test", "rules", "test.yaml");
  }

  @Test
  void everyAlertIsTestedToBeSilentAndToGoOff() {
    String tests = Project.read(TEST);
    for (Rule rule : rules()) {
      assertTrue(tests.contains("{alertname: " + rule.getAlert() + ","), rule::getAlert);
      assertTrue(tests.contains("- alertname: " + rule.getAlert() + "\n"), rule::getAlert);
    }
  }

  @Test
  void everyAlertNamesASectionThatIsThere() {
    Set<String> anchors =
        Project.read(Project.ROOT.resolve("docs/OPERATIONS.md"))
            .lines()
            .filter(line -> line.matches("#+ .*"))
            .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
            .map(title -> title.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
            .map(anchor -> "docs/OPERATIONS.md#" + anchor)
            .collect(Collectors.toCollection(TreeSet::new));
    for (Rule rule : rules()) {
      assertTrue(anchors.contains(rule.getAnnotations().get("runbook")), rule::getAlert);
      assertTrue(Set.of("critical", "warning").contains(rule.getLabels().get("severity")));
    }
  }

  @Test
  void findsTheMetricsOfAQuery() {
    assertEquals(
        Set.of("a_total", "b:c"),
        Queries.metrics(
            "sum by (job, pod) (rate(a_total{job=~\"x\"}[5m])) / on(x) b:c > 0.1 or 2"));
  }
}

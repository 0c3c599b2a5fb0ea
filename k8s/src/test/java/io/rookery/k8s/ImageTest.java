package io.rookery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The image has what a node needs, and the compose file starts nodes that fit each other. */
class ImageTest {

  @SuppressWarnings("unchecked")
  private static Map<String, Map<String, Object>> services() {
    Map<String, Object> compose =
        new Yaml().load(Project.read(Project.DOCKER.resolve("compose.yml")));
    return (Map<String, Map<String, Object>>) compose.get("services");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> environment(Map<String, Object> service) {
    return (Map<String, String>) service.get("environment");
  }

  private static Map<String, Map<String, Object>> nodes() {
    return services().entrySet().stream()
        .filter(service -> service.getKey().matches("(connector|router)-\\d"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Role role(Map<String, Object> service) {
    return Role.valueOf(
        ((List<?>) service.get("command")).get(0).toString().toUpperCase(Locale.ROOT));
  }

  @Test
  void runsTheLauncherAsAnUnprivilegedUser() throws Exception {
    Path directory = Project.TARGET.resolve("image");
    Image image = Image.layOut(directory);
    assertEquals("10001:10001", image.instruction("USER"));
    Map<String, String> environment = image.environment();
    Config config =
        new ConfigLoader(Map.of("ROOKERY_DATA", environment.get("ROOKERY_DATA")))
            .load(Role.STANDALONE, Optional.empty());
    assertEquals(Path.of(image.instruction("VOLUME")), config.data());
    String help = Project.run(directory, image.launcher().toString(), "--help");
    assertTrue(help.contains("standalone"), help);
    assertTrue(
        Project.list(directory.resolve("opt/rookery/cassandra/dist/target/lib")).stream()
            .anyMatch(jar -> jar.getFileName().toString().startsWith("cassandra-all")));
  }

  @Test
  void composeStartsTwoOfEachRole() throws Exception {
    Map<String, Map<String, Object>> nodes = nodes();
    assertEquals(Set.of("connector-1", "connector-2", "router-1", "router-2"), nodes.keySet());
    for (Map.Entry<String, Map<String, Object>> node : nodes.entrySet()) {
      Role role = role(node.getValue());
      assertTrue(node.getKey().startsWith(role.name().toLowerCase(Locale.ROOT)));
      Config config = new ConfigLoader(environment(node.getValue())).load(role, Optional.empty());
      assertEquals(node.getKey(), config.cluster().address());
      assertEquals(node.getKey(), config.cluster().node());
      assertFalse(config.embedsCassandra());
      assertEquals("0.0.0.0", config.ops().address());
      assertTrue(
          config.connector().listeners().stream()
              .allMatch(l -> role == Role.ROUTER || l.proxyProtocol()));
    }
  }

  @Test
  void composeNamesFilesAndServicesThatAreThere() {
    Matcher file =
        Pattern.compile("(\\.\\.?/[\\w./-]+):/")
            .matcher(Project.read(Project.DOCKER.resolve("compose.yml")));
    while (file.find()) {
      assertTrue(Files.exists(Project.DOCKER.resolve(file.group(1))), file.group(1));
    }
    for (String config : List.of("prometheus.yml", "haproxy.cfg")) {
      Matcher target =
          Pattern.compile("([a-z]+-\\d):(\\d+)")
              .matcher(Project.read(Project.DOCKER.resolve(config)));
      int targets = 0;
      while (target.find()) {
        assertTrue(nodes().containsKey(target.group(1)), target.group());
        assertTrue(Set.of("5222", "5223", "9280").contains(target.group(2)), target.group());
        targets++;
      }
      assertEquals(4, targets);
    }
  }
}

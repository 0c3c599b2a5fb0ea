package io.rookery.standalone.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the settings in the environment; see {@link Key#variable}. */
final class EnvironmentSource {
  private static final String PREFIX = "ROOKERY_";
  private static final Set<String> OF_THE_SCRIPT = Set.of("ROOKERY_JAVA_OPTS");

  /** What Kubernetes sets for every service of the namespace, and so for one named rookery-… */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("ROOKERY(_\\w+?)??_(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_\\w+)?)");

  private final Map<String, Setting> settings = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  EnvironmentSource(Map<String, String> environment, Map<String, Key<?>> keys) {
    Map<String, Key<?>> byVariable =
        keys.values().stream().collect(Collectors.toMap(Key::variable, Function.identity()));
    environment.forEach(
        (name, value) -> {
          Key<?> key = byVariable.get(name);
          if (key != null) {
            settings.put(key.path(), new Setting(new Value.Text(value), name));
          } else if (name.startsWith(PREFIX) && !known(name)) {
            // The value is not shown: it may be a secret with a mistyped name.
            problems.add(
                new Problem(
                    name, "(unknown key)", "a variable of docs/configuration.md", "environment"));
          }
        });
  }

  private static boolean known(String name) {
    return OF_THE_SCRIPT.contains(name) || SERVICE_LINK.matcher(name).matches();
  }

  Map<String, Setting> settings() {
    return settings;
  }

  List<Problem> problems() {
    return problems;
  }
}

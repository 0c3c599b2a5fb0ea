package io.rookery.standalone.config;

import io.rookery.cluster.ClusterConfig.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the configuration from defaults, a file over them, and the environment over both. */
public final class ConfigLoader {
  private final Map<String, String> environment;

  public ConfigLoader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Loads and checks everything before anything is started.
   *
   * @throws InvalidConfigException with every problem there is
   */
  public Config load(Role role, Optional<Path> file) throws InvalidConfigException {
    Map<String, Key<?>> keys = new LinkedHashMap<>();
    Keys.ALL.forEach(key -> keys.put(key.path(), key));
    Map<String, Setting> set = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    file.map(path -> new YamlSource(path, keys).read())
        .ifPresent(
            yaml -> {
              set.putAll(yaml.settings());
              problems.addAll(yaml.problems());
            });
    EnvironmentSource variables = new EnvironmentSource(environment, keys);
    set.putAll(variables.settings());
    problems.addAll(variables.problems());

    Settings settings = new Settings(role, Keys.ALL, set);
    problems.addAll(settings.problems());
    refuse(problems);
    // Only now: rules between keys would make no sense of values that are wrong themselves.
    Keys.check(settings);
    refuse(settings.problems());
    return Keys.bind(settings);
  }

  private static void refuse(List<Problem> problems) throws InvalidConfigException {
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }
}

package io.rookery.standalone.config;

import io.rookery.cluster.ClusterConfig.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of all keys, read according to their types; collects what is wrong with them. */
final class Settings {
  private final Role role;
  private final Map<String, Setting> settings;
  private final Map<Key<?>, Optional<?>> values = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param settings what was set, by path
   */
  Settings(Role role, List<Key<?>> keys, Map<String, Setting> settings) {
    this.role = role;
    this.settings = Map.copyOf(settings);
    for (Key<?> key : keys) {
      Optional<?> value = setting(key).flatMap(set -> key.type().parse(set.value()));
      if (value.isEmpty() && setting(key).isPresent()) {
        refuse(key, key.type().allowed());
      }
      values.put(key, value);
    }
  }

  Role role() {
    return role;
  }

  <T> T get(Key<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException("no default: " + key.path()));
  }

  /** The value of a key that may have none. */
  @SuppressWarnings("unchecked") // the constructor put what the key's own type made
  <T> Optional<T> find(Key<T> key) {
    Optional<?> value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("not a registered key: " + key.path());
    }
    return (Optional<T>) value;
  }

  /** Notes that a key's value does not do together with the others. */
  void refuse(Key<?> key, String allowed) {
    Setting set = setting(key).orElse(new Setting(new Value.Text(""), "not set"));
    String shown = key.type() == KeyTypes.SECRET ? "(hidden)" : set.value().toString();
    problems.add(new Problem(key.path(), shown, allowed, set.origin()));
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  private Optional<Setting> setting(Key<?> key) {
    String byDefault = role == Role.STANDALONE ? key.inStandalone() : key.byDefault();
    Setting fallback =
        byDefault == null ? null : new Setting(new Value.Text(byDefault), "the default");
    return Optional.ofNullable(settings.getOrDefault(key.path(), fallback));
  }
}

package io.rookery.router.pubsub;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a node.
 *
 * @param changed what differs from the defaults of XEP-0163, section 5, in canonical form
 */
record NodeConfig(Map<ConfigField, List<String>> changed) {
  static final NodeConfig DEFAULT = new NodeConfig(Map.of());

  NodeConfig {
    changed = Map.copyOf(changed);
  }

  /** From the store; fields of another version of this software are left out. */
  static NodeConfig of(Map<String, List<String>> stored) {
    Map<ConfigField, List<String>> changed = new EnumMap<>(ConfigField.class);
    stored.forEach(
        (var, values) -> {
          ConfigField field = ConfigField.of(var);
          if (field != null) {
            changed.put(field, List.copyOf(values));
          }
        });
    return new NodeConfig(changed);
  }

  Map<String, List<String>> stored() {
    Map<String, List<String>> stored = new HashMap<>();
    changed.forEach((field, values) -> stored.put(field.var(), values));
    return stored;
  }

  NodeConfig with(ConfigField field, List<String> canonical) {
    Map<ConfigField, List<String>> more = new HashMap<>(changed);
    if (canonical.equals(field.initial())) {
      more.remove(field);
    } else {
      more.put(field, canonical);
    }
    return new NodeConfig(more);
  }

  List<String> values(ConfigField field) {
    return changed.getOrDefault(field, field.initial());
  }

  String value(ConfigField field) {
    return values(field).get(0);
  }

  boolean is(ConfigField flag) {
    return value(flag).equals("true");
  }

  /** The number, with what {@code max} stands for. */
  int count(ConfigField field, Limits limits) {
    String value = value(field);
    int greatest = field.greatest(limits);
    return value.equals(ConfigField.MAX)
        ? greatest
        : Math.min(greatest, Integer.parseInt(value)); // limits may have been greater once
  }
}

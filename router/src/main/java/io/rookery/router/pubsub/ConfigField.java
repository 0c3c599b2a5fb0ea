package io.rookery.router.pubsub;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The fields of a node's configuration that have an effect here (XEP-0060, section 16.4.4). */
enum ConfigField {
  TITLE("title", Kind.TEXT, ""),
  DESCRIPTION("description", Kind.TEXT, ""),
  /** Namespace of the payloads, empty for any. */
  TYPE("type", Kind.TEXT, ""),
  ACCESS_MODEL(
      "access_model",
      Kind.CHOICE,
      "presence",
      "open",
      "presence",
      "roster",
      "authorize",
      "whitelist"),
  ROSTER_GROUPS_ALLOWED("roster_groups_allowed", Kind.TEXTS, null),
  PUBLISH_MODEL("publish_model", Kind.CHOICE, "publishers", "publishers"),
  PERSIST_ITEMS("persist_items", Kind.FLAG, "true"),
  MAX_ITEMS("max_items", Kind.COUNT, "1"),
  PUBLISH_NODE_FULL(
      "publish_node_full",
      Kind.CHOICE,
      "retract-oldest",
      "retract-oldest",
      "discard-oldest",
      "reject"),
  MAX_PAYLOAD_SIZE("max_payload_size", Kind.COUNT, "max"),
  DELIVER_NOTIFICATIONS("deliver_notifications", Kind.FLAG, "true"),
  DELIVER_PAYLOADS("deliver_payloads", Kind.FLAG, "true"),
  SEND_LAST_PUBLISHED_ITEM(
      "send_last_published_item",
      Kind.CHOICE,
      "on_sub_and_presence",
      "never",
      "on_sub",
      "on_sub_and_presence"),
  NOTIFICATION_TYPE("notification_type", Kind.CHOICE, "headline", "headline"),
  NOTIFY_CONFIG("notify_config", Kind.FLAG, "false"),
  NOTIFY_DELETE("notify_delete", Kind.FLAG, "true"),
  NOTIFY_RETRACT("notify_retract", Kind.FLAG, "true");

  /** What values a field takes. */
  enum Kind {
    TEXT("text-single"),
    TEXTS("list-multi"),
    FLAG("boolean"),
    /** A positive number, or {@code max}. */
    COUNT("text-single"),
    CHOICE("list-single");

    private final String form;

    Kind(String form) {
      this.form = form;
    }

    /** The type of such a field in a form (XEP-0004, section 3.3). */
    String formType() {
      return form;
    }
  }

  static final String MAX = "max";
  private static final String PREFIX = "pubsub#";
  private static final int MAX_TEXT = 1023;
  private static final int MAX_TEXTS = 100;

  private static final Map<String, ConfigField> BY_VAR =
      Arrays.stream(values()).collect(Collectors.toMap(ConfigField::var, Function.identity()));

  private final String var;
  private final Kind kind;
  private final List<String> initial;
  private final List<String> options;

  ConfigField(String name, Kind kind, String initial, String... options) {
    this.var = PREFIX + name;
    this.kind = kind;
    this.initial = initial == null ? List.of() : List.of(initial);
    this.options = List.of(options);
  }

  /** The field of that name, or null. */
  static ConfigField of(String var) {
    return BY_VAR.get(var);
  }

  String var() {
    return var;
  }

  Kind kind() {
    return kind;
  }

  /** What a node has that was not told otherwise. */
  List<String> initial() {
    return initial;
  }

  List<String> options() {
    return options;
  }

  /** The greatest number the field takes, the same as {@code max}. */
  int greatest(Limits limits) {
    return this == MAX_ITEMS ? limits.items() : limits.itemBytes();
  }

  /** These values in the form that equal ones share; null when the field does not take them. */
  List<String> canonical(List<String> values, Limits limits) {
    if (kind == Kind.TEXTS) {
      boolean fits = values.size() <= MAX_TEXTS && values.stream().allMatch(ConfigField::isShort);
      return fits ? values.stream().distinct().sorted().toList() : null;
    }
    if (values.isEmpty() && kind == Kind.TEXT) {
      return initial;
    }
    String one = values.size() == 1 ? single(values.get(0).strip(), limits) : null;
    return one == null ? null : List.of(one);
  }

  private String single(String value, Limits limits) {
    return switch (kind) {
      case TEXT, TEXTS -> isShort(value) ? value : null;
      case CHOICE -> options.contains(value) ? value : null;
      case COUNT -> count(value, greatest(limits));
      case FLAG -> flag(value);
    };
  }

  /** True or false for what forms say for it, null for anything else. */
  static String flag(String value) {
    return switch (value) {
      case "1", "true" -> "true";
      case "0", "false" -> "false";
      default -> null;
    };
  }

  private static String count(String value, int greatest) {
    if (value.equals(MAX)) {
      return MAX;
    }
    if (!value.matches("\\d{1,9}")) {
      return null;
    }
    int number = Integer.parseInt(value);
    if (number < 1 || number > greatest) {
      return null;
    }
    return number == greatest ? MAX : Integer.toString(number);
  }

  private static boolean isShort(String text) {
    return text.length() <= MAX_TEXT;
  }
}

package io.rookery.standalone.config;

import java.util.stream.Collectors;

/** The reference table of docs/configuration.md. */
public final class ReferenceTable {

  private ReferenceTable() {}

  public static String markdown() {
    return Keys.ALL.stream()
        .map(ReferenceTable::row)
        .collect(
            Collectors.joining(
                "\n", "| key | allowed | default | meaning |\n| --- | --- | --- | --- |\n", "\n"));
  }

  private static String row(Key<?> key) {
    return "| `%s` | %s | %s | %s |"
        .formatted(key.path(), key.type().allowed(), byDefault(key), key.doc());
  }

  private static String byDefault(Key<?> key) {
    String general = literal(key.byDefault());
    String standalone = literal(key.inStandalone());
    return general.equals(standalone)
        ? general
        : general + "; in standalone: " + (standalone.isEmpty() ? "nothing" : standalone);
  }

  private static String literal(String value) {
    return value == null || value.isEmpty() ? "" : "`" + value + "`";
  }
}

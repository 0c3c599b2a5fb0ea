package io.rookery.standalone.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A configured value as it was written, before its key says what it must be. */
sealed interface Value {

  /** One line of text; what every environment variable is. */
  record Text(String text) implements Value {
    @Override
    public String toString() {
      return text.isEmpty() ? "(nothing)" : text;
    }
  }

  record Items(List<String> items) implements Value {
    @Override
    public String toString() {
      return items.toString();
    }
  }

  record Entries(Map<String, String> entries) implements Value {
    @Override
    public String toString() {
      return entries.entrySet().stream()
          .map(e -> e.getKey() + ": " + e.getValue())
          .collect(Collectors.joining(", ", "{", "}"));
    }
  }
}

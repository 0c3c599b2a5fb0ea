package io.rookery.standalone.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Reads the settings of a YAML file; groups of keys nest, and nothing unknown is passed over. */
final class YamlSource {
  private final Path file;
  private final Map<String, Key<?>> keys;
  private final Map<String, Setting> settings = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param keys all there are, by path
   */
  YamlSource(Path file, Map<String, Key<?>> keys) {
    this.file = file;
    this.keys = keys;
  }

  Map<String, Setting> settings() {
    return settings;
  }

  List<Problem> problems() {
    return problems;
  }

  YamlSource read() {
    YAMLFactory factory =
        YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build();
    try (Reader reader = Files.newBufferedReader(file);
        YAMLParser parser = factory.createParser(reader)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        group(parser, "");
      } else if (first != null) {
        problems.add(new Problem("(file)", parser.getText(), "a group of keys", origin(parser)));
      }
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      String what = e.getOriginalMessage().lines().findFirst().orElse("");
      problems.add(new Problem("(file)", what, "well-formed YAML", file + where));
    } catch (IOException e) {
      problems.add(new Problem("(file)", e.toString(), "a readable file", file.toString()));
    }
    return this;
  }

  private void group(YAMLParser parser, String prefix) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String path = prefix + parser.currentName();
      String origin = origin(parser);
      JsonToken token = parser.nextToken();
      if (keys.containsKey(path)) {
        Key<?> key = keys.get(path);
        value(parser)
            .ifPresentOrElse(
                value -> settings.put(path, new Setting(value, origin)),
                () -> refuse(key.path(), "(nested values)", key.type().allowed(), origin));
      } else if (children(path + ".").isEmpty()) {
        refuse(path, "(unknown key)", "one of " + children(prefix), origin);
        parser.skipChildren();
      } else if (token == JsonToken.START_OBJECT) {
        group(parser, path + ".");
      } else {
        refuse(path, "(one value)", "a group of the keys " + children(path + "."), origin);
        parser.skipChildren();
      }
    }
  }

  private void refuse(String path, String value, String allowed, String origin) {
    problems.add(new Problem(path, value, allowed, origin));
  }

  /** The value at the parser; empty for what nests deeper than any key's. */
  private static Optional<Value> value(YAMLParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_ARRAY -> items(parser);
      case START_OBJECT -> entries(parser);
      default -> text(parser).map(Value.Text::new);
    };
  }

  private static Optional<Value> items(YAMLParser parser) throws IOException {
    List<String> items = new ArrayList<>();
    boolean flat = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Optional<String> text = text(parser);
      text.ifPresent(items::add);
      flat &= text.isPresent();
    }
    return flat ? Optional.of(new Value.Items(items)) : Optional.empty();
  }

  private static Optional<Value> entries(YAMLParser parser) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    boolean flat = true;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      Optional<String> text = text(parser);
      text.ifPresent(value -> entries.put(name, value));
      flat &= text.isPresent();
    }
    return flat ? Optional.of(new Value.Entries(entries)) : Optional.empty();
  }

  /** One plain value; an alias is none, because its parser would show the anchor's name. */
  private static Optional<String> text(YAMLParser parser) throws IOException {
    if (parser.isCurrentAlias() || parser.currentToken().isStructStart()) {
      parser.skipChildren();
      return Optional.empty();
    }
    return Optional.of(parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getText());
  }

  private TreeSet<String> children(String prefix) {
    TreeSet<String> children = new TreeSet<>();
    for (String path : keys.keySet()) {
      if (path.startsWith(prefix)) {
        children.add(path.substring(prefix.length()).split("\\.")[0]);
      }
    }
    return children;
  }

  private String origin(JsonParser parser) {
    return file + ", line " + parser.currentTokenLocation().getLineNr();
  }
}

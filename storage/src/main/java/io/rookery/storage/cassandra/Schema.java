package io.rookery.storage.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The migrations this release knows, in order; their numbers are 1, 2, 3 ... */
record Schema(List<Migration> migrations) {

  /** One step; every statement may be repeated, because its executor can die half-way. */
  record Migration(int version, String name, List<String> statements) {}

  private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");

  /** To add a migration: a file in resources/schema, and its name here. */
  static Schema current() {
    return new Schema(
        Stream.of("0001-users", "0002-secrets", "0003-mailbox-origin").map(Schema::read).toList());
  }

  int version() {
    return migrations.size();
  }

  private static Migration read(String name) {
    try (InputStream in = Schema.class.getResourceAsStream("/schema/" + name + ".cql")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<String> statements =
          Arrays.stream(COMMENT.matcher(text).replaceAll("").split(";"))
              .map(String::strip)
              .filter(statement -> !statement.isEmpty())
              .toList();
      return new Migration(Integer.parseInt(name.substring(0, 4)), name, statements);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

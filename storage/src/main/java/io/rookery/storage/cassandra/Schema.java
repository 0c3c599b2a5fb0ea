package io.rookery.storage.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The migrations this release knows, in order; their numbers are 1, 2, 3 ... */
record Schema(List<Migration> migrations) {

  /**
   * One step; every statement may be repeated, because its executor can die half-way.
   *
   * @param compatible the oldest version whose releases can work with the result
   */
  record Migration(int version, int compatible, String name, List<String> statements) {
    Migration {
      if (compatible < 1 || compatible > version) {
        throw new IllegalArgumentException(name + " compatible with " + compatible);
      }
    }
  }

  private static final Pattern COMPATIBLE = Pattern.compile("-- compatible: (\\d+)\n");
  private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");

  /** To add a migration: a file in resources/schema, and its name here. */
  static Schema current() {
    return new Schema(
        Stream.of(
                "0001-users",
                "0002-secrets",
                "0003-mailbox-origin",
                "0004-cluster-views",
                "0005-archive-policies",
                "0006-block-lists",
                "0007-personal",
                "0008-login-tokens",
                "0009-personal-nodes",
                "0010-push",
                "0011-node-subscriptions",
                "0012-login-clients",
                "0013-account-services",
                "0014-waiting-pushes",
                "0015-directory")
            .map(Schema::read)
            .toList());
  }

  int version() {
    return migrations.size();
  }

  private static Migration read(String name) {
    try (InputStream in = Schema.class.getResourceAsStream("/schema/" + name + ".cql")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Matcher compatible = COMPATIBLE.matcher(text);
      if (!compatible.lookingAt()) {
        throw new IllegalStateException(name + " does not say what it is compatible with");
      }
      List<String> statements =
          Arrays.stream(COMMENT.matcher(text).replaceAll("").split(";"))
              .map(String::strip)
              .filter(statement -> !statement.isEmpty())
              .toList();
      return new Migration(
          Integer.parseInt(name.substring(0, 4)),
          Integer.parseInt(compatible.group(1)),
          name,
          statements);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

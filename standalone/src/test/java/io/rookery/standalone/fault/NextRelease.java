package io.rookery.standalone.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * This release as the next one might be: made from the same sources with every kind of change that
 * CONTRIBUTING.md allows. Each message between nodes and each session record has one more field,
 * each frame a message of a type that this release does not know, and the schema one more migration
 * that this release can work with.
 */
final class NextRelease {
  /** Contained in the name of the migration. */
  static final String NAME = "next-release";

  private static final String FIELD = "w.string(\"a field of the next release\");";
  private static final Pattern LAST_MIGRATION =
      Pattern.compile("\"(\\d{4})-[a-z-]+\"(?=\\)\\s*\\.map\\(Schema::read\\))");

  private final Path directory;
  private final List<Path> sources = new ArrayList<>();

  private NextRelease(Path directory) {
    this.directory = directory;
  }

  /**
   * Compiles what is different.
   *
   * @return a directory to be put in front of this release's class path
   */
  static Path build(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("schema"));
    NextRelease next = new NextRelease(directory);
    next.change(
        "protocol/src/main/java/io/rookery/protocol/wire/WireCodec.java",
        "message.write(w);",
        "message.write(w); " + FIELD);
    next.change(
        "protocol/src/main/java/io/rookery/protocol/wire/SessionRecord.java",
        "return w.toByteArray();",
        FIELD + " return w.toByteArray();");
    next.change(
        "cluster/src/main/java/io/rookery/cluster/Frame.java",
        "for (WireMessage message : messages) {",
        "if (!messages.isEmpty()) { for (int b : new int[] {250, 0, 0, 0, 1, 7}) { w.u8(b); } }"
            + " for (WireMessage message : messages) {");
    next.migrate();
    next.compile();
    return directory;
  }

  private static Path source(String path) {
    try {
      Path classes =
          Path.of(NextRelease.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return classes.resolve("../../..").resolve(path).normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void change(String path, String text, String instead) throws IOException {
    String source = Files.readString(source(path));
    if (source.split(Pattern.quote(text), -1).length != 2) {
      throw new IllegalStateException(path + " does not have this once: " + text);
    }
    write(path, source.replace(text, instead));
  }

  private void migrate() throws IOException {
    String path = "storage/src/main/java/io/rookery/storage/cassandra/Schema.java";
    String source = Files.readString(source(path));
    Matcher last = LAST_MIGRATION.matcher(source);
    if (!last.find()) {
      throw new IllegalStateException(path + " does not list the migrations");
    }
    int version = Integer.parseInt(last.group(1));
    String name = "%04d-%s".formatted(version + 1, NAME);
    write(path, last.replaceFirst(last.group() + ", \"" + name + "\""));
    Files.writeString(
        directory.resolve("schema").resolve(name + ".cql"),
        "-- compatible: %d\nALTER TABLE accounts ADD IF NOT EXISTS next_release text;"
            .formatted(version));
  }

  private void write(String path, String source) throws IOException {
    Path file = directory.resolve("src").resolve(path);
    Files.createDirectories(file.getParent());
    sources.add(Files.writeString(file, source));
  }

  private void compile() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString()));
    sources.forEach(source -> arguments.add(source.toString()));
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(new String[0]));
    if (code != 0) {
      throw new UncheckedIOException(new IOException("the next release cannot be compiled"));
    }
  }
}

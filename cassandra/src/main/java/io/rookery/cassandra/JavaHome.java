package io.rookery.cassandra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A Java installation to run Cassandra with. Cassandra 5.0 is made for Java 11 and 17.
 *
 * @param feature 17 for Java 17
 */
record JavaHome(Path directory, int feature) {
  private static final Path WELL_KNOWN = Path.of("/usr/lib/jvm");
  private static final int FIRST_WITHOUT_SECURITY_MANAGER = 24;

  /**
   * The first of: environment variable CASSANDRA_JAVA_HOME; this process's own, if it can run an
   * unchanged Cassandra; an installed one that can; this process's own.
   */
  static JavaHome choose() {
    String configured = System.getenv("CASSANDRA_JAVA_HOME");
    if (configured != null) {
      return read(Path.of(configured))
          .orElseThrow(
              () -> new IllegalStateException("no Java in CASSANDRA_JAVA_HOME: " + configured));
    }
    JavaHome own =
        new JavaHome(Path.of(System.getProperty("java.home")), Runtime.version().feature());
    return own.hasSecurityManager() ? own : installed().orElse(own);
  }

  private static Optional<JavaHome> installed() {
    if (!Files.isDirectory(WELL_KNOWN)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(WELL_KNOWN)) {
      return homes
          .sorted()
          .flatMap(home -> read(home).stream())
          .filter(home -> home.feature == 17 || home.feature == 11)
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<JavaHome> read(Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(release)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
    return Optional.of(new JavaHome(home, Runtime.Version.parse(version).feature()));
  }

  Path executable() {
    return directory.resolve("bin/java");
  }

  /** Whether Cassandra runs without the stand-in for its security manager. */
  boolean hasSecurityManager() {
    return feature < FIRST_WITHOUT_SECURITY_MANAGER;
  }
}

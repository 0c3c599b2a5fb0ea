package io.rookery.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of the project, and the programs that the tests need on the PATH. */
final class Project {
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  static final Path K8S = ROOT.resolve("k8s");
  static final Path DOCKER = ROOT.resolve("docker");
  static final Path TARGET = K8S.resolve("target");
  static final Path DASHBOARDS = K8S.resolve("components/monitoring/dashboards");

  private Project() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> list(Path directory) {
    try (var files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a program prints.
   *
   * @throws AssertionError with that, when it does not end with 0 or cannot be started
   */
  static String run(Path directory, String... command) {
    try {
      Path errors = Files.createTempFile(Files.createDirectories(TARGET), "run", ".err");
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectError(errors.toFile())
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      String said = Files.readString(errors);
      Files.delete(errors);
      if (code != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + code + "\n" + output + said);
      }
      return output;
    } catch (IOException e) {
      throw new AssertionError(
          "cannot run " + command[0] + "; CONTRIBUTING.md says what the tests of k8s need", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

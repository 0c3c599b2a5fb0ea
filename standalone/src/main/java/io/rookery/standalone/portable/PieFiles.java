package io.rookery.standalone.portable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the files of XEP-0227 are in a directory. */
final class PieFiles {
  /** What an export calls the first one. */
  static final String MAIN = "server-data.xml";

  private static final String SUFFIX = ".xml";

  private PieFiles() {}

  /**
   * The file itself. Of a directory the main file; if it has none, each file with such a name,
   * which is how Prosody keeps accounts.
   */
  static List<Path> of(Path input) throws TransferException {
    if (!Files.isDirectory(input)) {
      return List.of(input);
    }
    Path main = input.resolve(MAIN);
    if (Files.exists(main)) {
      return List.of(main);
    }
    try (Stream<Path> files = Files.list(input)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
      if (found.isEmpty()) {
        throw new TransferException("no " + MAIN + " and no other file *.xml in " + input);
      }
      return found;
    } catch (IOException e) {
      throw new TransferException(input + " cannot be read: " + e, e);
    }
  }
}

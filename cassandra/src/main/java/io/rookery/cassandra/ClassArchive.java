package io.rookery.cassandra;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The JVM's archive of loaded classes (AppCDS), which takes about a third off the time to start. A
 * node that has none writes down what classes it loads; {@link ArchiveDump} makes one of the list.
 *
 * @param file in the cache, named after what it is valid for; complete if it exists
 * @param node begins the names of what this and other starts of the node write beside it
 * @param start begins the names of what this start writes beside it
 */
record ClassArchive(Path file, String node, String start) {
  private static final String ARCHIVE = ".jsa";

  static ClassArchive of(NodeOptions options, JavaHome java, List<Path> classPath)
      throws IOException {
    MessageDigest digest = sha256();
    String node = name(digest.digest(options.dataDirectory().toString().getBytes())) + "-";
    digest.update((java.toString() + java.directory().toRealPath()).getBytes());
    digest.update(Files.readAllBytes(java.directory().resolve("release")));
    for (Path jar : classPath) {
      String identity = jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar);
      digest.update(identity.getBytes());
    }
    Path file = options.cache().resolve(name(digest.digest()) + ARCHIVE);
    return new ClassArchive(file, node, node + UUID.randomUUID());
  }

  private static String name(byte[] digest) {
    return HexFormat.of().formatHex(digest, 0, 8);
  }

  /** The classes, as the node loads them. */
  private Path list() {
    return file.resolveSibling(start + ".list");
  }

  /** What is to become the archive. */
  private Path fresh() {
    return file.resolveSibling(start + ".fresh");
  }

  /** Of the node. */
  String jvmArgument() {
    return exists() ? "-XX:SharedArchiveFile=" + file : "-XX:DumpLoadedClassList=" + list();
  }

  /** Of the JVM that does nothing but make the archive. */
  List<String> dumpArguments() {
    return List.of(
        "-Xshare:dump", "-XX:SharedClassListFile=" + list(), "-XX:SharedArchiveFile=" + fresh());
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** Leaves the list to its reader: the node goes on with the old one, which has no name now. */
  void closeList() throws IOException {
    byte[] written = Files.readAllBytes(list());
    int end = written.length;
    while (end > 0 && written[end - 1] != '\n') {
      end--;
    }
    Files.delete(list());
    Files.write(list(), Arrays.copyOf(written, end));
  }

  /**
   * To be called when the archive is complete. Takes the place of others: of older jars or JVMs.
   */
  void keep() throws IOException {
    try (FileChannel content = FileChannel.open(fresh())) {
      content.force(true);
    }
    Files.move(fresh(), file, StandardCopyOption.ATOMIC_MOVE);
    delete(name -> name.endsWith(ARCHIVE) && !file.endsWith(name));
  }

  /** Removes what starts have left whose process was killed. To be called while the node runs. */
  void sweep() throws IOException {
    delete(name -> name.startsWith(node) && !name.startsWith(start));
  }

  /** Removes what this start has written beside the archive. */
  void discard() throws IOException {
    delete(name -> name.startsWith(start));
  }

  private void delete(Predicate<String> names) throws IOException {
    try (Stream<Path> entries = Files.list(file.getParent())) {
      for (Path entry : entries.toList()) {
        if (names.test(entry.getFileName().toString())) {
          Files.deleteIfExists(entry);
        }
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

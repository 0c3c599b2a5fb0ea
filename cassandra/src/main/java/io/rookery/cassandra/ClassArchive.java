package io.rookery.cassandra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The JVM's archive of loaded classes (AppCDS), which takes about a third off the time to start.
 * The first node without one writes it when it stops in order.
 *
 * @param file in the cache, named after what it is valid for
 * @param fresh where a node writes a new one; its own, so that nodes do not meet
 */
record ClassArchive(Path file, Path fresh) {

  static ClassArchive of(NodeOptions options, JavaHome java, List<Path> classPath)
      throws IOException {
    MessageDigest digest = sha256();
    digest.update((java.toString() + java.directory().toRealPath()).getBytes());
    digest.update(Files.readAllBytes(java.directory().resolve("release")));
    for (Path jar : classPath) {
      String identity = jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar);
      digest.update(identity.getBytes());
    }
    String name = HexFormat.of().formatHex(digest.digest(), 0, 8) + ".jsa";
    return new ClassArchive(
        options.cache().resolve(name), options.dataDirectory().resolve("fresh.jsa"));
  }

  String jvmArgument() {
    return Files.exists(file)
        ? "-XX:SharedArchiveFile=" + file
        : "-XX:ArchiveClassesAtExit=" + fresh;
  }

  /** To be called when the node has stopped in order: only then a new archive is complete. */
  void keep() throws IOException {
    if (Files.exists(fresh)) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
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

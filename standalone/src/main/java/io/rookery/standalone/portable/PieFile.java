package io.rookery.standalone.portable;

import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.XmlWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * One file that is written, for its owner's eyes only (XEP-0227, section 6). It has its name when
 * it is complete; until then {@code .part} is behind it.
 */
final class PieFile implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final Path file;
  private final Path part;
  private final OutputStream out;
  private final XmlWriter xml = new XmlWriter(2 * BUFFER);

  private PieFile(Path file, Path part, OutputStream out) {
    this.file = file;
    this.part = part;
    this.out = out;
  }

  /** Replaces what an export that was interrupted has left. */
  static PieFile create(Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    OutputStream out =
        Channels.newOutputStream(
            Files.newByteChannel(
                part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes("rw-------")));
    PieFile created = new PieFile(file, part, out);
    out.write("<?xml version='1.0' encoding='UTF-8'?>\n".getBytes());
    return created;
  }

  /** As the file system can, so that nobody else may read. */
  static FileAttribute<?>[] attributes(String permissions) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** A start tag; attributes in pairs. */
  PieFile start(String name, String... attributes) {
    xml.startTag(name);
    for (int i = 0; i < attributes.length; i += 2) {
      xml.attribute(attributes[i], attributes[i + 1]);
    }
    xml.endStartTag();
    return this;
  }

  void end(String name) throws IOException {
    xml.endTag(name).text("\n");
    flushSome();
  }

  /**
   * @param inside the namespace around it
   */
  void element(Element element, String inside) throws IOException {
    element.writeTo(xml, inside);
    xml.text("\n");
    flushSome();
  }

  private void flushSome() throws IOException {
    if (xml.length() >= BUFFER) {
      flush();
    }
  }

  private void flush() throws IOException {
    out.write(xml.array(), 0, xml.length());
    xml.reset();
  }

  /** Everything is written. */
  void complete() throws IOException {
    flush();
    out.close();
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}

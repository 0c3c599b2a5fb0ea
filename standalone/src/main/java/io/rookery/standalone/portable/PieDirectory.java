package io.rookery.standalone.portable;

import io.rookery.protocol.xml.Element;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;

/** A file for each host and each user, put together by XInclude (XEP-0227, section 5.1). */
final class PieDirectory implements PieOutput {
  /** What file systems take, with room for what is put behind it. */
  private static final int MAX_NAME = 200;

  private final Path directory;
  private final PieFile main;
  private PieFile host;
  private String domain;
  private PieFile user;

  private PieDirectory(Path directory, PieFile main) {
    this.directory = directory;
    this.main = main;
  }

  static PieDirectory create(Path directory) throws IOException {
    PieFile main = PieFile.create(directory.resolve(PieFiles.MAIN));
    main.start("server-data", "xmlns", Names.PIE);
    return new PieDirectory(directory, main);
  }

  @Override
  public void beginHost(String name) throws IOException {
    domain = name;
    Path users = directory.resolve(name);
    if (!Files.isDirectory(users)) {
      Files.createDirectory(users, PieFile.attributes("rwx------"));
    }
    host = PieFile.create(directory.resolve(name + ".xml"));
    host.start("host", "xmlns", Names.PIE, "jid", name);
  }

  @Override
  public PieFile beginUser(String name) throws IOException {
    String file = fileName(name);
    include(host, domain, file);
    user = PieFile.create(directory.resolve(domain).resolve(file));
    return user.start("user", "xmlns", Names.PIE, "name", name);
  }

  private static String fileName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return (bytes.length <= MAX_NAME ? name : UUID.nameUUIDFromBytes(bytes)) + ".xml";
  }

  @Override
  public void endUser() throws IOException {
    user.end("user");
    user.complete();
  }

  @Override
  public void endHost() throws IOException {
    host.end("host");
    host.complete();
    include(main, domain + ".xml");
  }

  private static void include(PieFile file, String... path) throws IOException {
    StringBuilder href = new StringBuilder();
    for (String segment : path) {
      href.append(href.length() == 0 ? "" : "/").append(encoded(segment));
    }
    Element include = Element.of(Names.XINCLUDE, "include").attribute("href", href.toString());
    file.element(include, Names.PIE);
  }

  /** RFC 3986, section 2.1. */
  private static String encoded(String segment) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
      if (b >= '0' && b <= '9'
          || b >= 'a' && b <= 'z'
          || b >= 'A' && b <= 'Z'
          || "-._~".indexOf(b) >= 0) {
        encoded.append((char) b);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", b));
      }
    }
    return encoded.toString();
  }

  @Override
  public void complete() throws IOException {
    main.end("server-data");
    main.complete();
  }

  @Override
  public void close() throws IOException {
    main.close();
    if (host != null) {
      host.close();
    }
    if (user != null) {
      user.close();
    }
  }
}

package io.rookery.standalone.portable;

import io.rookery.protocol.xml.Element;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * XEP-0227: Portable Import/Export Format for XMPP-IM Servers, version 1.1: reads its files. Those
 * included (section 5) have to be files in the directory of the first one, or below it.
 */
final class PieReader {
  private final Path base;
  private final Reception reception;
  private String account;

  private PieReader(Path base, Reception reception) {
    this.base = base;
    this.reception = reception;
  }

  /** Reads a file with all that it includes. */
  static void read(Path file, Reception reception) throws TransferException, InterruptedException {
    PieReader pie = new PieReader(realPath(file).getParent(), reception);
    try (XmlSource source = XmlSource.open(file)) {
      if (!source.is(Names.PIE, "server-data")) {
        throw source.fail("this is not a file of XEP-0227: <server-data/> expected");
      }
      pie.serverData(source);
    } catch (TransferException e) {
      throw pie.account == null || e instanceof DatabaseException
          ? e
          : new TransferException(e.getMessage() + " (in the account " + pie.account + ")", e);
    }
  }

  private static Path realPath(Path file) throws TransferException {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new TransferException(file + " cannot be read: " + e, e);
    }
  }

  /** What is done with an element of which the start tag was read. */
  private interface Inside {
    void read(XmlSource source) throws TransferException, InterruptedException;
  }

  private void serverData(XmlSource source) throws TransferException, InterruptedException {
    while (source.nextChild()) {
      if (isInclude(source)) {
        included(source, "host", this::host);
      } else if (source.is(Names.PIE, "host")) {
        host(source);
      } else {
        unknown(source);
      }
    }
  }

  private void host(XmlSource source) throws TransferException, InterruptedException {
    String jid = required(source, "jid");
    if (!reception.host(jid, source.where())) {
      source.skip();
      return;
    }
    while (source.nextChild()) {
      if (isInclude(source)) {
        included(source, "user", user -> user(user, jid));
      } else if (source.is(Names.PIE, "user")) {
        user(source, jid);
      } else {
        unknown(source);
      }
    }
  }

  private void user(XmlSource source, String host) throws TransferException, InterruptedException {
    String name = required(source, "name");
    account = name + "@" + host;
    if (!reception.begin(host, name, source.attribute("password"), source.where())) {
      source.skip();
      account = null;
      return;
    }
    while (source.nextChild()) {
      if (isInclude(source)) {
        included(source, null, this::part);
      } else {
        part(source);
      }
    }
    reception.end();
    account = null;
  }

  private static String required(XmlSource source, String attribute) throws TransferException {
    String value = source.attribute(attribute);
    if (value == null) {
      throw source.fail("<" + source.name() + "/> without " + attribute);
    }
    return value;
  }

  private void part(XmlSource source) throws TransferException, InterruptedException {
    Part part = Part.of(source.namespace(), source.name()).orElse(null);
    if (part == null) {
      unknown(source);
    } else if (part.isWhole()) {
      Where where = source.where();
      reception.take(part, null, source.element(), where);
    } else if (part == Part.ITEM) {
      nodes(source);
    } else {
      children(source, part, null);
    }
  }

  private void nodes(XmlSource source) throws TransferException, InterruptedException {
    while (source.nextChild()) {
      if (source.is(Names.PUBSUB, "items")) {
        children(source, Part.ITEM, required(source, "node"));
      } else {
        unknown(source);
      }
    }
  }

  private void children(XmlSource source, Part part, String node)
      throws TransferException, InterruptedException {
    while (source.nextChild()) {
      Where where = source.where();
      Element element = source.element();
      reception.take(part, node, element, where);
    }
  }

  private void unknown(XmlSource source) throws TransferException {
    reception.leftOut(
        "<" + source.name() + " xmlns='" + source.namespace() + "'/>", source.where());
    source.skip();
  }

  private static boolean isInclude(XmlSource source) {
    return source.is(Names.XINCLUDE, "include");
  }

  /**
   * @param root what the file has to be, null for anything
   */
  private void included(XmlSource from, String root, Inside inside)
      throws TransferException, InterruptedException {
    Path file = target(from);
    try (XmlSource source = XmlSource.open(file)) {
      if (root != null && !source.is(Names.PIE, root)) {
        throw source.fail("<" + root + "/> expected in a file included there");
      }
      inside.read(source);
    }
    from.skip();
  }

  private Path target(XmlSource source) throws TransferException {
    String href = source.attribute("href");
    String parse = source.attribute("parse");
    if (href == null
        || source.attribute("xpointer") != null
        || parse != null && !parse.equals("xml")) {
      throw source.fail("only whole XML files can be included");
    }
    try {
      URI uri = new URI(href);
      if (uri.isAbsolute() || uri.getRawAuthority() != null || uri.getRawQuery() != null) {
        throw source.fail("only files beside this one are included, not " + href);
      }
      Path file = source.file().resolveSibling(uri.getPath()).toRealPath();
      if (!file.startsWith(base) || !Files.isRegularFile(file)) {
        throw source.fail("only files in " + base + " are included, not " + href);
      }
      return file;
    } catch (URISyntaxException | InvalidPathException e) {
      throw source.fail("not the name of a file: " + href);
    } catch (IOException e) {
      throw source.fail("the included file cannot be read: " + e);
    }
  }
}

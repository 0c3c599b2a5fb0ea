package io.rookery.standalone.portable;

import io.rookery.protocol.xml.Attribute;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.Node;
import io.rookery.protocol.xml.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A file read from its begin to its end, element by element, in constant memory. Whoever wrote it
 * is not trusted: there are no document types, hence no entities, and what is nested deeper than
 * {@value #MAX_DEPTH} or larger than {@value #MAX_ELEMENT} characters in one piece is refused.
 */
final class XmlSource implements AutoCloseable {
  static final int MAX_DEPTH = 128;

  /** Of one message, vCard, item and so on. */
  static final int MAX_ELEMENT = 4 << 20;

  private static final int MAX_ATTRIBUTES = 200;

  /** What a node costs beside its characters. */
  private static final int NODE = 32;

  private final Path file;
  private final BoundedInput input;
  private final XMLStreamReader reader;
  private int depth;

  private XmlSource(Path file, BoundedInput input, XMLStreamReader reader) {
    this.file = file;
    this.input = input;
    this.reader = reader;
  }

  /** Opens a file and goes to its first start tag. */
  static XmlSource open(Path file) throws TransferException {
    try {
      BoundedInput input = new BoundedInput(new BufferedInputStream(Files.newInputStream(file)));
      try {
        XmlSource source = new XmlSource(file, input, factory().createXMLStreamReader(input));
        source.toRoot();
        return source;
      } catch (XMLStreamException e) {
        input.close();
        throw malformed(file, e);
      } catch (TransferException e) {
        input.close();
        throw e;
      }
    } catch (IOException e) {
      throw new TransferException(file + " cannot be read: " + e, e);
    }
  }

  /**
   * The JDK's own. Its limits on entities count character references of a large file, too; without
   * a document type there is nothing else they could be for.
   */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
    factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
    return factory;
  }

  private void toRoot() throws TransferException {
    if ("1.1".equals(reader.getVersion())) {
      throw fail("XML 1.1, whose control characters XMPP does not have");
    }
    while (next() != XMLStreamConstants.START_ELEMENT) {
      // Comments and white space.
    }
  }

  private int next() throws TransferException {
    try {
      int event = reader.next();
      input.answered();
      switch (event) {
        case XMLStreamConstants.START_ELEMENT -> depth++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.DTD -> throw fail("a document type declaration, which is refused");
        case XMLStreamConstants.ENTITY_REFERENCE -> throw fail("an entity, which is refused");
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        throw fail("elements nested more than " + MAX_DEPTH + " deep");
      }
      return event;
    } catch (XMLStreamException e) {
      throw malformed(file, e);
    }
  }

  private static TransferException malformed(Path file, XMLStreamException e) {
    Location location = e.getLocation();
    String said = String.valueOf(e.getMessage());
    int begin = said.lastIndexOf("Message: ");
    String reason = begin < 0 ? said : said.substring(begin + "Message: ".length());
    String place =
        location == null
            ? file.toString()
            : new Where(file, location.getLineNumber(), location.getColumnNumber()).toString();
    return new TransferException(place + ": " + reason, e);
  }

  Where where() {
    Location location = reader.getLocation();
    return new Where(file, location.getLineNumber(), location.getColumnNumber());
  }

  TransferException fail(String reason) {
    return new TransferException(where() + ": " + reason);
  }

  Path file() {
    return file;
  }

  /** Inside an element: goes to the start tag of its next child, or to its end and says no. */
  boolean nextChild() throws TransferException {
    while (true) {
      int event = next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        return true;
      }
      if (event == XMLStreamConstants.END_ELEMENT) {
        return false;
      }
    }
  }

  /** Whether the start tag here has that name. */
  boolean is(String namespace, String name) {
    return reader.getLocalName().equals(name) && namespace().equals(namespace);
  }

  String namespace() {
    return orEmpty(reader.getNamespaceURI());
  }

  String name() {
    return reader.getLocalName();
  }

  /** An attribute without a namespace of the start tag here, or null. */
  String attribute(String name) {
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      if (reader.getAttributeLocalName(i).equals(name)
          && orEmpty(reader.getAttributeNamespace(i)).isEmpty()) {
        return reader.getAttributeValue(i);
      }
    }
    return null;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  /** Goes from a start tag to its end. */
  void skip() throws TransferException {
    int outside = depth - 1;
    while (depth > outside) {
      next();
    }
  }

  /** The element whose start tag is here; goes to its end. */
  Element element() throws TransferException {
    return new Reading().element();
  }

  /** One element, as long as it is not too large. */
  private final class Reading {
    private int left = MAX_ELEMENT;

    private Element element() throws TransferException {
      Element element = startTag();
      List<Node> nodes = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      while (true) {
        int event = next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          addText(text, nodes);
          nodes.add(element());
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          addText(text, nodes);
          return element.with(nodes);
        } else if (reader.isCharacters() || event == XMLStreamConstants.CDATA) {
          spend(reader.getTextLength());
          text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
        }
      }
    }

    private Element startTag() throws TransferException {
      int count = reader.getAttributeCount();
      if (count > MAX_ATTRIBUTES) {
        throw fail("more than " + MAX_ATTRIBUTES + " attributes");
      }
      spend(NODE + namespace().length() + name().length());
      Element element = named();
      for (int i = 0; i < count; i++) {
        Attribute attribute =
            new Attribute(
                orEmpty(reader.getAttributeNamespace(i)),
                reader.getAttributeLocalName(i),
                reader.getAttributeValue(i));
        spend(NODE + attribute.name().length() + attribute.value().length());
        element = element.attribute(attribute.namespace(), attribute.name(), attribute.value());
      }
      return element;
    }

    private Element named() throws TransferException {
      try {
        return Element.of(namespace(), name());
      } catch (IllegalArgumentException e) {
        throw fail(e.getMessage());
      }
    }

    private void addText(StringBuilder text, List<Node> nodes) {
      if (text.length() > 0) {
        nodes.add(new Text(text.toString()));
        text.setLength(0);
      }
    }

    private void spend(int characters) throws TransferException {
      left -= characters;
      if (left < 0) {
        throw fail("an element of more than " + MAX_ELEMENT + " characters");
      }
    }
  }

  @Override
  public void close() throws TransferException {
    try {
      reader.close();
      input.close();
    } catch (XMLStreamException | IOException e) {
      throw new TransferException(file + " cannot be closed: " + e, e);
    }
  }
}

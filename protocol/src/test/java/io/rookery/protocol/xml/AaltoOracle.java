package io.rookery.protocol.xml;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/**
 * Another reader's opinion of a stream: the elements in its root, and whether all of it is good.
 */
final class AaltoOracle {
  final List<Element> elements = new ArrayList<>();
  Element root;
  String error;
  private final Deque<Element> open = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();

  private AaltoOracle() {}

  static AaltoOracle read(byte[] b) {
    AaltoOracle oracle = new AaltoOracle();
    AsyncXMLStreamReader<AsyncByteArrayFeeder> reader =
        new InputFactoryImpl().createAsyncForByteArray();
    try {
      reader.getInputFeeder().feedInput(b, 0, b.length);
      reader.getInputFeeder().endOfInput();
      while (oracle.error == null && reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamConstants.END_DOCUMENT) {
          break;
        }
        oracle.event(reader, event);
      }
    } catch (XMLStreamException | RuntimeException e) {
      oracle.error = e.toString();
    }
    return oracle;
  }

  private void event(AsyncXMLStreamReader<?> reader, int event) {
    switch (event) {
      case XMLStreamConstants.START_DOCUMENT -> {}
      case XMLStreamConstants.START_ELEMENT -> {
        endText();
        open.push(start(reader));
      }
      case XMLStreamConstants.END_ELEMENT -> {
        endText();
        end(open.pop());
      }
      case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
        boolean inStanza = open.size() > 1;
        if (inStanza) {
          text.append(reader.getText());
        } else if (!open.isEmpty() && !reader.isWhiteSpace()) {
          error = "text between stanzas";
        }
      }
      default -> error = "event " + event;
    }
  }

  private void end(Element e) {
    if (open.size() > 1) {
      open.push(open.pop().with(e));
    } else if (open.size() == 1) {
      elements.add(e);
    } else {
      root = e;
    }
  }

  private void endText() {
    if (text.length() > 0) {
      open.push(open.pop().text(text.toString()));
      text.setLength(0);
    }
  }

  private static Element start(AsyncXMLStreamReader<?> reader) {
    List<Attribute> attributes = new ArrayList<>();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      attributes.add(
          new Attribute(
              orEmpty(reader.getAttributeNamespace(i)),
              reader.getAttributeLocalName(i),
              reader.getAttributeValue(i)));
    }
    return new Element(
        orEmpty(reader.getNamespaceURI()),
        reader.getLocalName(),
        List.copyOf(attributes),
        List.of());
  }

  private static String orEmpty(String s) {
    return s == null ? "" : s;
  }
}

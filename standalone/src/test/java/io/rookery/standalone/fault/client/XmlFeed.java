package io.rookery.standalone.fault.client;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLInputFactory;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import io.rookery.standalone.conversation.Element;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/** Parses a stream as its bytes come, and gives the children of its root. */
final class XmlFeed {
  private static final AsyncXMLInputFactory FACTORY = new InputFactoryImpl();

  private final Consumer<Element> child;
  private final Deque<Open> open = new ArrayDeque<>();
  private AsyncXMLStreamReader<AsyncByteArrayFeeder> reader = FACTORY.createAsyncForByteArray();
  private boolean ended;

  XmlFeed(Consumer<Element> child) {
    this.child = child;
  }

  /** The next bytes are a new stream; also from within the consumer. */
  void restart() {
    open.clear();
    reader = FACTORY.createAsyncForByteArray();
  }

  /** Whether the root has been closed. */
  boolean isEnded() {
    return ended;
  }

  void feed(byte[] bytes) throws XMLStreamException {
    AsyncXMLStreamReader<AsyncByteArrayFeeder> current = reader;
    current.getInputFeeder().feedInput(bytes, 0, bytes.length);
    int event = current.next();
    while (event != AsyncXMLStreamReader.EVENT_INCOMPLETE
        && event != XMLStreamConstants.END_DOCUMENT) {
      take(event, current);
      if (reader != current || ended) {
        return;
      }
      event = current.next();
    }
  }

  private void take(int event, AsyncXMLStreamReader<?> from) {
    if (event == XMLStreamConstants.START_ELEMENT) {
      open.push(new Open(from));
    } else if (event == XMLStreamConstants.CHARACTERS && !open.isEmpty()) {
      open.peek().text.append(from.getText());
    } else if (event == XMLStreamConstants.END_ELEMENT) {
      Element element = open.pop().toElement();
      if (open.isEmpty()) {
        ended = true;
      } else if (open.size() == 1) {
        child.accept(element);
      } else {
        open.peek().children.add(element);
      }
    }
  }

  private static final class Open {
    private final QName name;
    private final Map<QName, String> attributes = new LinkedHashMap<>();
    private final List<Element> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private Open(AsyncXMLStreamReader<?> reader) {
      name = reader.getName();
      for (int i = 0; i < reader.getAttributeCount(); i++) {
        attributes.put(reader.getAttributeName(i), reader.getAttributeValue(i));
      }
    }

    private Element toElement() {
      return new Element(name, Map.copyOf(attributes), List.copyOf(children), text.toString());
    }
  }
}

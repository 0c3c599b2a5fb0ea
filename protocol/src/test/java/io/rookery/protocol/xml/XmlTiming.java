package io.rookery.protocol.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import com.sun.management.ThreadMXBean;
import io.rookery.protocol.stream.StreamException;
import java.lang.management.ManagementFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/** CPU time and allocation of reading one chat message, here and in Aalto. Run by hand. */
final class XmlTiming {
  private static final byte[] MESSAGE =
      ("<message to='juliet@example.org/balcony' type='chat'"
              + " id='5e1f0a7c-93b2-4c1d'><body>Wherefore art thou, Romeo? It is late already.</body>"
              + "<active xmlns='http://jabber.org/protocol/chatstates'/>"
              + "<request xmlns='urn:xmpp:receipts'/></message>")
          .getBytes(UTF_8);
  private static final byte[] HEADER = XmlStreamReaderTest.HEADER.getBytes(UTF_8);
  private static final int ROUNDS = 1_000_000;

  /** Keeps results alive. */
  private long sink;

  private interface Body {
    void run(int rounds) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    XmlTiming timing = new XmlTiming();
    System.out.println(MESSAGE.length + " bytes");
    for (int i = 0; i < 4; i++) {
      timing.measure("reader, as a router needs it", timing::reader);
      timing.measure("reader, in two pieces", timing::pieces);
      timing.measure("reader and content", timing::content);
      timing.measure("reader and tree", timing::tree);
      timing.measure("Aalto, events only", timing::aaltoEvents);
      timing.measure("Aalto, names and values", timing::aaltoValues);
      timing.measure("writer, the same message", timing::writer);
    }
    System.out.println(timing.sink);
  }

  private void measure(String what, Body body) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    long start = threads.getCurrentThreadCpuTime();
    body.run(ROUNDS);
    long time = threads.getCurrentThreadCpuTime() - start;
    bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
    System.out.printf("%-30s %5d ns %5d bytes%n", what, time / ROUNDS, bytes / ROUNDS);
  }

  private interface OnElement extends XmlStreamReader.Listener {
    @Override
    default boolean streamOpened(StreamHeader header) {
      return true;
    }

    @Override
    default void streamClosed() {}
  }

  private void feed(int rounds, int cut, OnElement listener) throws StreamException {
    XmlStreamReader reader = new XmlStreamReader(Recorder.WIDE);
    reader.feed(HEADER, 0, HEADER.length, listener);
    for (int i = 0; i < rounds; i++) {
      reader.feed(MESSAGE, 0, cut, listener);
      if (cut < MESSAGE.length) {
        reader.feed(MESSAGE, cut, MESSAGE.length - cut, listener);
      }
    }
  }

  private boolean look(RawElement e) {
    sink += e.attribute("to").length() + e.attribute("type").length() + e.attribute("id").length();
    for (int i = 0; i < e.childCount(); i++) {
      sink += e.childName(i).length() + e.childNamespace(i).length();
    }
    return true;
  }

  private void reader(int rounds) throws StreamException {
    feed(rounds, MESSAGE.length, this::look);
  }

  private void pieces(int rounds) throws StreamException {
    feed(rounds, 150, this::look);
  }

  private void content(int rounds) throws StreamException {
    feed(
        rounds,
        MESSAGE.length,
        e -> {
          sink += e.content().length();
          return true;
        });
  }

  private void tree(int rounds) throws StreamException {
    feed(
        rounds,
        MESSAGE.length,
        e -> {
          sink += e.toElement().nodes().size();
          return true;
        });
  }

  private void aaltoEvents(int rounds) throws XMLStreamException {
    aalto(rounds, false);
  }

  private void aaltoValues(int rounds) throws XMLStreamException {
    aalto(rounds, true);
  }

  private void aalto(int rounds, boolean values) throws XMLStreamException {
    AsyncXMLStreamReader<AsyncByteArrayFeeder> reader =
        new InputFactoryImpl().createAsyncForByteArray();
    reader.getInputFeeder().feedInput(HEADER, 0, HEADER.length);
    while (reader.next() != AsyncXMLStreamReader.EVENT_INCOMPLETE) {}
    for (int i = 0; i < rounds; i++) {
      reader.getInputFeeder().feedInput(MESSAGE, 0, MESSAGE.length);
      int event;
      while ((event = reader.next()) != AsyncXMLStreamReader.EVENT_INCOMPLETE) {
        sink += event;
        if (values && event == XMLStreamConstants.START_ELEMENT) {
          sink += reader.getLocalName().length() + reader.getNamespaceURI().length();
          for (int j = 0; j < reader.getAttributeCount(); j++) {
            sink += reader.getAttributeValue(j).length();
          }
        } else if (values && event == XMLStreamConstants.CHARACTERS) {
          sink += reader.getText().length();
        }
      }
    }
  }

  private void writer(int rounds) {
    XmlWriter w = new XmlWriter();
    for (int i = 0; i < rounds; i++) {
      w.reset();
      w.startTag("message").attribute("to", "juliet@example.org/balcony");
      w.attribute("type", "chat").attribute("id", "5e1f0a7c-93b2-4c1d");
      w.element("body", "Wherefore art thou, Romeo? It is late already.");
      w.startTag("active").attribute("xmlns", "http://jabber.org/protocol/chatstates");
      w.endTag("active").startTag("request").attribute("xmlns", "urn:xmpp:receipts");
      w.endTag("request").endTag("message");
      sink += w.length();
    }
  }
}

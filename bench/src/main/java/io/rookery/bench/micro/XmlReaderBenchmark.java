package io.rookery.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.xml.RawElement;
import io.rookery.protocol.xml.StreamHeader;
import io.rookery.protocol.xml.XmlLimits;
import io.rookery.protocol.xml.XmlStreamReader;
import java.util.concurrent.TimeUnit;
import javax.xml.stream.XMLStreamException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One chat message of 250 bytes in the middle of a stream: Rookery's reader beside Aalto's. Both
 * check it to its end and read the three attributes that routing needs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class XmlReaderBenchmark {
  private static final int BYTES = 250;
  private static final String[] ROUTING = {"to", "type", "id"};

  private final byte[] header =
      ("<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client'"
              + " xmlns:stream='http://etherx.jabber.org/streams'>")
          .getBytes(UTF_8);
  private final byte[] message = message();
  private final Reading reading = new Reading();
  private XmlStreamReader reader;
  private AsyncXMLStreamReader<AsyncByteArrayFeeder> aalto;

  private static byte[] message() {
    String start = "<message type='chat' to='juliet@capulet.example/balcony' id='c42'><body>";
    String end = "</body></message>";
    String body = "What light through yonder window breaks? ".repeat(BYTES);
    return (start + body.substring(0, BYTES - start.length() - end.length()) + end).getBytes(UTF_8);
  }

  @Setup
  public void openStreams() throws StreamException, XMLStreamException {
    reader = new XmlStreamReader(new XmlLimits(256 << 10, 100, 100));
    reader.feed(header, 0, header.length, reading);
    aalto = new InputFactoryImpl().createAsyncForByteArray();
    aalto.getInputFeeder().feedInput(header, 0, header.length);
    drain();
  }

  @Benchmark
  public int rookery() throws StreamException {
    reader.feed(message, 0, message.length, reading);
    return reading.seen;
  }

  @Benchmark
  public int aalto() throws XMLStreamException {
    aalto.getInputFeeder().feedInput(message, 0, message.length);
    return drain();
  }

  private int drain() throws XMLStreamException {
    int seen = 0;
    for (int event = aalto.next();
        event != AsyncXMLStreamReader.EVENT_INCOMPLETE;
        event = aalto.next()) {
      if (event == AsyncXMLStreamReader.START_ELEMENT && aalto.getAttributeCount() > 0) {
        for (String name : ROUTING) {
          String value = aalto.getAttributeValue(null, name);
          seen += value == null ? 0 : value.length();
        }
      } else if (event == AsyncXMLStreamReader.CHARACTERS) {
        seen += aalto.getTextLength();
      }
    }
    return seen;
  }

  private static final class Reading implements XmlStreamReader.Listener {
    private int seen;

    @Override
    public boolean streamOpened(StreamHeader header) {
      return true;
    }

    @Override
    public boolean element(RawElement element) {
      seen = element.contentEnd() - element.contentStart();
      for (String name : ROUTING) {
        seen += element.attribute(name).length();
      }
      return true;
    }

    @Override
    public void streamClosed() {
      throw new IllegalStateException("the stream was closed");
    }
  }
}

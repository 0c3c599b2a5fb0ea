package io.rookery.connector.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.protocol.stream.StreamException;
import io.rookery.protocol.xml.StreamHeader;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamOpeningTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "stream, http://etherx.jabber.org/streams, jabber:client, a.example, 1.0, -, a.example",
        "stream, http://etherx.jabber.org/streams, jabber:client, A.Example, 1.1, -, a.example",
        "stream, http://etherx.jabber.org/streams, jabber:client, a.example, 1.0, a.example, a.example",
        "stream, http://etherx.jabber.org/streams, jabber:client, a.example, 1.0, b.example, host-unknown",
        "stream, http://etherx.jabber.org/streams, jabber:client, c.example, 1.0, -, host-unknown",
        "stream, http://etherx.jabber.org/streams, jabber:client, -, 1.0, -, host-unknown",
        "stream, http://etherx.jabber.org/streams, jabber:client, @a, 1.0, -, improper-addressing",
        "stream, http://etherx.jabber.org/streams, jabber:client, a.example, 0.9, -, unsupported-version",
        "stream, http://etherx.jabber.org/streams, jabber:client, a.example, -, -, unsupported-version",
        "stream, http://etherx.jabber.org/streams, jabber:client, a.example, 1, -, unsupported-version",
        "stream, http://etherx.jabber.org/streams, jabber:server, a.example, 1.0, -, invalid-namespace",
        "stream, http://etherx.jabber.org/streams, '', a.example, 1.0, -, invalid-namespace",
        "stream, urn:wrong, jabber:client, a.example, 1.0, -, invalid-namespace",
        "flow, http://etherx.jabber.org/streams, jabber:client, a.example, 1.0, -, bad-format",
      })
  void headers(
      String name,
      String namespace,
      String content,
      String to,
      String version,
      String before,
      String expected) {
    StreamHeader header =
        new StreamHeader(name, namespace, "s", content, Map.of(), to, null, null, version, null);
    String outcome;
    try {
      outcome = StreamOpening.check(header, before, Set.of("a.example", "b.example"));
    } catch (StreamException e) {
      outcome = e.error().condition().xmlName();
    }
    assertEquals(expected, outcome);
  }
}

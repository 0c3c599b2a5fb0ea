package io.rookery.router.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorityTest {
  private static Integer priority(Element... children) {
    return Presences.priority(Stanza.of(StanzaType.PRESENCE_AVAILABLE, null, null, null, children));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "nonsense",
      value = {
        "0,0",
        "127,127",
        "-128,-128",
        "' 5 ',5",
        "+5,5",
        "128,nonsense",
        "-129,nonsense",
        "'',nonsense",
        "high,nonsense",
        "1.5,nonsense",
        "99999999999,nonsense"
      })
  void isAByte(String text, Integer expected) {
    assertEquals(expected, priority(Element.of("jabber:client", "priority", text)));
  }

  @Test
  void isZeroWhenNothingIsSaid() {
    assertEquals(0, priority());
    assertEquals(0, priority(Element.of("urn:example", "priority", "7")));
  }
}

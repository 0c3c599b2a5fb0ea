package io.rookery.standalone.fault.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rookery.standalone.fault.client.Outbox.Sent;
import io.rookery.standalone.fault.client.Outbox.ViolationException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final Outbox outbox = new Outbox();

  @Test
  void acknowledgementTakesTheOldest() throws Exception {
    adds("a", "b", "c");
    assertEquals(List.of("a", "b"), names(outbox.acknowledged(2)));
    assertEquals(List.of(), names(outbox.acknowledged(2)));
    assertEquals(List.of("c"), names(outbox.unacked()));
  }

  @Test
  void moreThanWasSentIsAViolation() throws Exception {
    adds("a");
    assertThrows(ViolationException.class, () -> outbox.acknowledged(2));
    assertEquals(List.of("a"), names(outbox.acknowledged(1)));
  }

  @Test
  void lessThanBeforeIsAViolation() throws Exception {
    adds("a", "b");
    outbox.acknowledged(2);
    assertThrows(ViolationException.class, () -> outbox.acknowledged(1));
    assertThrows(ViolationException.class, () -> outbox.acknowledged(-1));
    assertThrows(ViolationException.class, () -> outbox.acknowledged(1L << 32));
  }

  @Test
  void newSessionCountsFromZeroAndKeepsMessagesOnly() throws Exception {
    adds("a");
    outbox.acknowledged(1);
    adds("b");
    outbox.add(Sent.other("pong"));
    adds("c");
    outbox.renew(Sent.other("presence"));
    assertEquals(List.of("presence", "b", "c"), names(outbox.unacked()));
    assertEquals(List.of("presence", "b"), names(outbox.acknowledged(2)));
  }

  private void adds(String... names) {
    for (String name : names) {
      outbox.add(Sent.message(name, new Tag(0, 0, 0, 0)));
    }
  }

  private static List<String> names(List<Sent> stanzas) {
    return stanzas.stream().map(Sent::xml).toList();
  }
}

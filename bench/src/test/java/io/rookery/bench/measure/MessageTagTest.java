package io.rookery.bench.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.rookery.bench.stream.Element;
import org.junit.jupiter.api.Test;

class MessageTagTest {
  private final MessageTag.Run run = new MessageTag.Run(0xcafe, 100);

  private static Element message(CharSequence text) {
    byte[] bytes = ("<message><body>" + text + "</body></message>").getBytes(UTF_8);
    return new Element(bytes, 0, bytes.length);
  }

  @Test
  void comesBackFromTheText() {
    for (long nanos : new long[] {0, 123_456_789_012_345L, -5}) {
      StringBuilder text = new StringBuilder();
      run.append(text, 999, 77, nanos);
      assertEquals(100, text.length());
      assertEquals(new MessageTag(999, 77, nanos), run.find(message(text)));
    }
  }

  @Test
  void isNeverShortenedToFit() {
    StringBuilder text = new StringBuilder();
    MessageTag.Run small = new MessageTag.Run(1, 0);
    small.append(text, 1, 2, 3);
    assertEquals(new MessageTag(1, 2, 3), small.find(message(text)));
  }

  @Test
  void ofAnotherRunIsNone() {
    StringBuilder text = new StringBuilder();
    new MessageTag.Run(0xbeef, 100).append(text, 1, 2, 3);
    assertNull(run.find(message(text)));
    assertNull(run.find(message("hello")));
    assertNull(run.find(message("bench:0000cafe:1:2")));
  }
}

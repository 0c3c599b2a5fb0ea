package io.rookery.bench.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StanzaSplitterTest {
  private static final String HEADER =
      "<?xml version='1.0'?><stream:stream from=\"a>b\" xmlns='jabber:client'>";
  private static final List<String> STANZAS =
      List.of(
          "<message to='a&gt;b/c>d'><body>hé 😀</body><x a=\"'/>'\"/></message>",
          "<presence/>",
          "<iq type=\"result\"><q><![CDATA[</iq>]]]]><![CDATA[>]]></q></iq>",
          "<a:b xmlns:a='n'><a:b><a:b/></a:b></a:b>");

  private final List<String> seen = new ArrayList<>();
  private final StanzaSplitter splitter =
      new StanzaSplitter(
          new StanzaSplitter.Sink() {
            @Override
            public void element(Element e) {
              seen.add(new String(e.bytes(), e.start(), e.end() - e.start(), UTF_8));
            }

            @Override
            public void closed() {
              seen.add("closed");
            }
          });

  private static byte[] stream() {
    return (HEADER + String.join(" \n", STANZAS) + "</stream:stream>").getBytes(UTF_8);
  }

  private static List<String> expected() {
    List<String> all = new ArrayList<>(STANZAS);
    all.add("closed");
    return all;
  }

  @Test
  void findsElementsInOneChunk() {
    byte[] bytes = stream();
    splitter.feed(bytes, 0, bytes.length);
    assertEquals(expected(), seen);
  }

  @Test
  void findsTheSameElementsHoweverTheStreamIsCutInTwo() {
    byte[] bytes = stream();
    for (int cut = 1; cut < bytes.length; cut++) {
      seen.clear();
      splitter.discard();
      splitter.feed(bytes, 0, cut);
      splitter.feed(bytes, cut, bytes.length - cut);
      assertEquals(expected(), seen, "cut at " + cut);
    }
  }

  @Test
  void findsTheSameElementsInChunksOfAnySize() {
    byte[] bytes = stream();
    for (int size = 1; size < bytes.length; size++) {
      seen.clear();
      splitter.discard();
      byte[] reused = new byte[size];
      for (int at = 0; at < bytes.length; at += size) {
        int count = Math.min(size, bytes.length - at);
        System.arraycopy(bytes, at, reused, 0, count);
        splitter.feed(reused, 0, count);
      }
      assertEquals(expected(), seen, "chunks of " + size);
    }
  }

  @Test
  void beginsAnewInTheMiddleOfAChunk() {
    List<String> names = new ArrayList<>();
    StanzaSplitter[] self = new StanzaSplitter[1];
    self[0] =
        new StanzaSplitter(
            new StanzaSplitter.Sink() {
              @Override
              public void element(Element e) {
                names.add(e.excerpt(100));
                if (e.is("success")) {
                  self[0].reset();
                }
              }

              @Override
              public void closed() {
                names.add("closed");
              }
            });
    byte[] bytes = "<s><success/><?xml version='1.0'?><s><f><g/></f></s>".getBytes(UTF_8);
    self[0].feed(bytes, 0, bytes.length);
    assertEquals(List.of("<success/>", "<f><g/></f>", "closed"), names);
  }

  @Test
  void refusesAnElementWithoutEnd() {
    byte[] chunk = new byte[1 << 20];
    Arrays.fill(chunk, (byte) 'x');
    byte[] open = "<s><message>".getBytes(UTF_8);
    splitter.feed(open, 0, open.length);
    assertThrows(
        IllegalStateException.class,
        () -> {
          for (int i = 0; i <= StanzaSplitter.LIMIT / chunk.length; i++) {
            splitter.feed(chunk, 0, chunk.length);
          }
        });
  }
}

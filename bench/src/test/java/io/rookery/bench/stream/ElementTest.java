package io.rookery.bench.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ElementTest {
  private static Element of(String text) {
    byte[] padded = ("<?" + text + "<tail id='t'>").getBytes(UTF_8);
    return new Element(padded, 2, padded.length - "<tail id='t'>".length());
  }

  @Test
  void readsAttributesInEitherQuotes() {
    Element e =
        of("<iq xid='no' id = \"it's\" type='result'\n from='a@b/c&amp;d'><q to='x'/></iq>");
    assertEquals("it's", e.attribute("id"));
    assertEquals("a@b/c&amp;d", e.attribute("from"));
    assertTrue(e.has("type", "result"));
    assertFalse(e.has("type", "resul"));
    assertNull(e.attribute("to"));
  }

  @Test
  void tellsNamesApart() {
    assertTrue(of("<message/>").is("message"));
    assertTrue(of("<stream:error>").is("stream:error"));
    assertFalse(of("<messages/>").is("message"));
    assertFalse(of("<mess/>").is("message"));
  }

  @Test
  void findsDescendantsInTurnAndTheirText() {
    Element e = of("<iq><items/><item a='>'>one</item><item>two</item><item/></iq>");
    Element first = e.find("item");
    assertEquals("one", first.text());
    assertEquals("two", first.find("item").text());
    assertEquals("", first.find("item").find("item").text());
    assertNull(first.find("item").find("item").find("item"));
    assertNull(e.find("tail"));
  }

  @Test
  void searchesItsOwnBytesOnly() {
    assertTrue(of("<a>tag:1</a>").contains("tag:1"));
    assertFalse(of("<a/>").contains("tail"));
  }
}

package io.rookery.protocol.xml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringReader;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

class XmlCharsTest {
  /** Every character of the basic plane, in a name, against the parser of the JDK. */
  @Test
  void agreesWithTheJdk() throws Exception {
    SAXParserFactory factory = SAXParserFactory.newInstance();
    factory.setNamespaceAware(true);
    SAXParser parser = factory.newSAXParser();
    for (int c = 0x80; c <= 0x10000; c += c == 0xd7ff ? 0x801 : 1) {
      String s = Character.toString(c);
      int character = c;
      assertEquals(
          accepts(parser, "<" + s + "/>"),
          XmlChars.isNcName(s),
          () -> "start " + Integer.toHexString(character));
      assertEquals(
          accepts(parser, "<a" + s + "/>"),
          XmlChars.isNcName("a" + s),
          () -> "part " + Integer.toHexString(character));
    }
  }

  private static boolean accepts(SAXParser parser, String xml) throws Exception {
    try {
      parser.parse(new InputSource(new StringReader(xml)), new DefaultHandler());
      return true;
    } catch (SAXException e) {
      return false;
    }
  }
}

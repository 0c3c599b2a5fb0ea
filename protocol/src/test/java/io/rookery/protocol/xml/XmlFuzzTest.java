package io.rookery.protocol.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stream.StreamException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.ext.Locator2;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The reader against Aalto and against itself. A failure names the seed: {@code -Dxml.seed=} runs
 * it again. Every build tries the same streams, so that what fails is the change and not the day;
 * {@code -Dxml.seconds=600} looks for new ones, that long for each test.
 */
class XmlFuzzTest {
  private static final Integer SEARCH = Integer.getInteger("xml.seconds");
  private static final Duration TIME = Duration.ofSeconds(SEARCH == null ? 2 : SEARCH);

  private interface Round {
    void run(long seed);
  }

  /** Runs with one seed after another, or only with the one given. */
  private static void repeat(Round round) {
    Long given = Long.getLong("xml.seed");
    long first = SEARCH == null ? 1 : ThreadLocalRandom.current().nextLong();
    long seed = given != null ? given : first;
    long end = System.nanoTime() + TIME.toNanos();
    do {
      try {
        round.run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("-Dxml.seed=" + seed + ": " + e.getMessage(), e);
      }
      seed++;
    } while (given == null && System.nanoTime() < end);
  }

  @Test
  void agreesOnGoodStreams() {
    repeat(
        seed -> {
          RandomXml random = new RandomXml(seed);
          byte[] b = random.stream();
          AaltoOracle oracle = AaltoOracle.read(b);
          assertNull(oracle.error, () -> oracle.error + "\n" + new String(b, UTF_8));
          Recorder r = read(b, random.cuts(b.length));
          assertNull(r.error, () -> r.errorText + "\n" + new String(b, UTF_8));
          assertEquals(oracle.elements, trees(r), () -> new String(b, UTF_8));
          assertEquals("close", r.events.get(r.events.size() - 1));
          assertEquals(read(b).events, r.events);
          r.elements.forEach(XmlFuzzTest::checkIndex);
        });
  }

  private static void checkIndex(RawElement e) {
    Element tree = e.toElement();
    assertEquals(tree.name(), e.name());
    assertEquals(tree.namespace(), e.namespace());
    assertEquals(tree.lang(), e.lang());
    assertEquals(tree.text(), e.text());
    assertEquals(tree.attributes().size(), e.attributeCount());
    for (int i = 0; i < e.attributeCount(); i++) {
      Attribute a = tree.attributes().get(i);
      assertEquals(
          a, new Attribute(e.attributeNamespace(i), e.attributeName(i), e.attributeValue(i)));
    }
    List<Element> children = tree.children();
    assertEquals(children.size(), e.childCount());
    for (int i = 0; i < children.size(); i++) {
      assertEquals(children.get(i), e.child(i));
      assertTrue(children.get(i).is(e.childNamespace(i), e.childName(i)));
      assertEquals('>', e.bytes()[e.childEnd(i) - 1]);
    }
  }

  @Test
  void agreesOnSpoiltStreams() {
    repeat(
        seed -> {
          RandomXml random = new RandomXml(seed);
          byte[] b = random.mutate(random.stream());
          compare(b, random.cuts(b.length));
        });
  }

  private static void compare(byte[] all, int[] cuts) {
    Recorder r = read(all, cuts);
    assertEquals(read(all).events, r.events, () -> new String(all, UTF_8));
    byte[] b = Arrays.copyOf(all, lengthOfStream(all));
    String input = new String(b, UTF_8);
    AaltoOracle oracle = AaltoOracle.read(b);
    boolean complete = !r.events.isEmpty() && r.events.get(r.events.size() - 1).equals("close");
    boolean good = r.error == null && complete;
    if (good != (oracle.error == null)) {
      // Aalto lets some errors through; then the parser of the JDK decides.
      String jdk = jdkError(b);
      assertEquals(
          good,
          jdk == null,
          () ->
              "ours: " + r.errorText + "\nAalto: " + oracle.error + "\nJDK: " + jdk + "\n" + input);
    }
    List<Element> ours = trees(r);
    int both = Math.min(ours.size(), oracle.elements.size());
    assertEquals(oracle.elements.subList(0, both), ours.subList(0, both), input);
  }

  /** Bytes up to the end of the stream; what follows is ignored here, but not by parsers. */
  private static int lengthOfStream(byte[] b) {
    XmlStreamReader reader = new XmlStreamReader(Recorder.WIDE);
    Recorder r = new Recorder();
    try {
      for (int i = 0; i < b.length; i++) {
        reader.feed(b, i, 1, r);
        if (r.events.contains("close")) {
          return i + 1;
        }
      }
      return b.length;
    } catch (StreamException e) {
      return b.length;
    }
  }

  private static String jdkError(byte[] b) {
    try {
      SAXParserFactory factory = SAXParserFactory.newInstance();
      factory.setNamespaceAware(true);
      VersionOfXml version = new VersionOfXml();
      factory.newSAXParser().parse(new ByteArrayInputStream(b), version);
      return version.read.equals("1.0") ? null : "XML " + version.read;
    } catch (SAXException | IOException | ParserConfigurationException e) {
      return e.toString();
    }
  }

  /**
   * What the document says it is: streams are XML 1.0 (RFC 6120, section 11), the JDK reads 1.1.
   */
  private static final class VersionOfXml extends DefaultHandler {
    private Locator locator;
    private String read;

    @Override
    public void setDocumentLocator(Locator locator) {
      this.locator = locator;
    }

    @Override
    public void startElement(String uri, String name, String qName, Attributes attributes) {
      read = ((Locator2) locator).getXMLVersion();
    }
  }

  @Test
  void survivesNoise() {
    repeat(
        seed -> {
          RandomXml random = new RandomXml(seed);
          byte[] noise = random.noise();
          byte[] b = (XmlStreamReaderTest.HEADER + "<a>%").getBytes(UTF_8);
          byte[] input = Arrays.copyOf(b, b.length - 1 + noise.length);
          System.arraycopy(noise, 0, input, b.length - 1, noise.length);
          for (byte[] each : List.of(noise, input)) {
            assertEquals(read(each).events, read(each, random.cuts(each.length)).events);
          }
        });
  }

  /** Whatever is inside a stanza means the same in a start tag of ours. */
  @Test
  void hostileXmlNeverEscapes() {
    repeat(
        seed -> {
          RandomXml random = new RandomXml(seed);
          byte[] b = random.stream();
          if (seed % 2 == 0) {
            b = random.mutate(b);
          }
          for (RawElement e : read(b, random.cuts(b.length)).elements) {
            checkContent(e);
          }
        });
  }

  /** Its namespace has the prefix xml and no other, and is never the default. */
  @Test
  void elementsOfTheXmlNamespaceStayThere() {
    String stanza =
        "<message xmlns:a='urn:a'><a:b/><xml:space><c xmlns='urn:c'/><d/></xml:space></message>";
    List<RawElement> read = read((XmlStreamReaderTest.HEADER + stanza).getBytes(UTF_8)).elements;
    assertEquals(1, read.size());
    checkContent(read.get(0));
  }

  private static void checkContent(RawElement e) {
    Content content = e.content();
    XmlWriter w = new XmlWriter();
    w.startTag("stream").startTag("message").attribute("xmlns", Namespaces.CLIENT);
    w.endStartTag();
    content.writeTo(w);
    w.endTag("message").endTag("stream");
    AaltoOracle oracle = AaltoOracle.read(w.toByteArray());
    assertNull(oracle.error, () -> oracle.error + "\n" + e + "\n" + w);
    List<Node> expected = e.toElement().nodes();
    List<Node> written = oracle.elements.get(0).nodes();
    List<Node> parsed = content.nodes();
    if (e.namespace().equals(Namespaces.SERVER)) {
      expected = inClientNamespace(expected);
      written = inClientNamespace(written);
      parsed = inClientNamespace(parsed);
    }
    assertEquals(expected, written, e::toString);
    assertEquals(expected, parsed, e::toString);
  }

  /** The two namespaces of stanzas mean the same inside a stanza of either. */
  private static List<Node> inClientNamespace(List<Node> nodes) {
    return nodes.stream().map(XmlFuzzTest::inClientNamespace).toList();
  }

  private static Node inClientNamespace(Node node) {
    if (node instanceof Element e) {
      boolean server = e.namespace().equals(Namespaces.SERVER);
      return new Element(
          server ? Namespaces.CLIENT : e.namespace(),
          e.name(),
          e.attributes(),
          inClientNamespace(e.nodes()));
    }
    return node;
  }

  @Test
  void treesSurviveWritingAndParsing() {
    repeat(
        seed -> {
          RandomXml random = new RandomXml(seed);
          for (Element e : trees(read(random.stream()))) {
            byte[] b = e.toBytes();
            assertEquals(e, Element.parse(b, 0, b.length, ""));
            assertArrayEquals(b, Element.parse(b, 0, b.length, "").toBytes());
            XmlWriter w = new XmlWriter(1);
            e.writeTo(w, e.namespace());
            assertEquals(e, Element.parse(w.array(), 0, w.length(), e.namespace()));
          }
        });
  }

  /** Any string can be written, and comes back but for what XML cannot carry. */
  @Test
  void anyStringIsWrittenSafely() {
    repeat(
        seed -> {
          Random random = new Random(seed);
          StringBuilder s = new StringBuilder();
          for (int i = random.nextInt(30); i > 0; i--) {
            int range = random.nextInt(3);
            s.append((char) random.nextInt(range == 0 ? 0x80 : range == 1 ? 0x800 : 0x10000));
            if (random.nextInt(4) == 0) {
              s.appendCodePoint(0x10000 + random.nextInt(0x100000));
            }
          }
          String expected =
              s.codePoints()
                  .map(c -> XmlChars.isChar(c) ? c : 0xfffd)
                  .collect(StringBuilder::new, StringBuilder::appendCodePoint, (x, y) -> {})
                  .toString();
          Element e = Element.of("urn:a", "a", s.toString()).attribute("b", s.toString());
          Element back = Element.parse(e.toString());
          assertEquals(expected, back.text());
          assertEquals(expected, back.attribute("b"));
          byte[] wrapped = ("<s>" + e + "</s>").getBytes(UTF_8);
          assertEquals(List.of(back), AaltoOracle.read(wrapped).elements);
        });
  }

  private static Recorder read(byte[] b, int... cuts) {
    return Recorder.read(new XmlStreamReader(Recorder.WIDE), b, cuts);
  }

  private static List<Element> trees(Recorder r) {
    List<Element> trees = new ArrayList<>();
    r.elements.forEach(e -> trees.add(e.toElement()));
    return trees;
  }
}

package io.rookery.protocol.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stream.StreamError.Condition;
import io.rookery.protocol.stream.StreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class XmlStreamReaderTest {
  static final String HEADER =
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
          + " to='example.org' from='a@b' id='1' version='1.0' xml:lang='en'>";

  /** Everything good at once. */
  static final String SESSION =
      "<?xml version='1.0' encoding='utf-8' standalone = \"yes\" ?>\n"
          + HEADER
          + " \n\t<message to='a@b/c' type=\"chat\" id = 'x&amp;y&#65;&#x42;'><body>hi &lt; &#x1F600;"
          + " \u00e4\u20ac\ud83d\ude00 ]] > ]&gt; &quot;&apos;</body><active xmlns='urn:a'/>"
          + "<p:q xmlns:p='urn:&amp;' p:a='1' a='2' xml:lang='de'><p:r/><![CDATA[<&]] >]]]]>t\r\n</p:q>"
          + "</message >\r\n<presence/><iq type='get' id='\u00fc'><stream:x\n/></iq\n>"
          + "<\u00e9l\u00e9ment-1.x_ \u00e4='\t'></\u00e9l\u00e9ment-1.x_>"
          + "<features xmlns='http://etherx.jabber.org/streams'>text</features> "
          + "</stream:stream > ignored <<<";

  @Test
  void readsASession() {
    Recorder r = read(SESSION);

    assertNull(r.error, r.errorText);
    assertEquals(7, r.events.size());
    StreamHeader h = r.headers.get(0);
    assertTrue(h.isStream());
    assertEquals(
        List.of("stream", "jabber:client", "example.org", "a@b", "1", "1.0", "en"),
        List.of(h.prefix(), h.contentNamespace(), h.to(), h.from(), h.id(), h.version(), h.lang()));
    assertEquals(Map.of("stream", "http://etherx.jabber.org/streams"), h.prefixes());

    RawElement message = r.elements.get(0);
    assertTrue(message.is("jabber:client", "message"));
    assertEquals("x&yAB", message.attribute("id"));
    assertEquals("chat", message.attribute("type"));
    assertNull(message.attribute("lang"));
    assertNull(message.lang());
    assertEquals(3, message.attributeCount());
    assertEquals("hi < \ud83d\ude00 \u00e4\u20ac\ud83d\ude00 ]] > ]> \"'", message.child(0).text());
    assertEquals("body", message.childName(0));
    assertEquals("jabber:client", message.childNamespace(0));
    assertEquals("urn:a", message.childNamespace(1));
    assertEquals("urn:&", message.childNamespace(2));
    assertEquals(1, message.indexOfChild("urn:a", "active"));
    assertEquals(-1, message.indexOfChild("urn:b", "active"));
    Element q = message.child(2);
    assertEquals("<&]] >]]t\n", q.text());
    assertEquals("de", q.lang());
    assertEquals("1", q.attributeIn("urn:&", "a"));
    assertEquals("2", q.attribute("a"));
    assertEquals("http://etherx.jabber.org/streams", r.elements.get(2).childNamespace(0));
    assertEquals(" ", r.elements.get(3).attributeValue(0));
    assertEquals("\u00e4", r.elements.get(3).attributeName(0));
    assertEquals("text", r.elements.get(4).text());
    assertEquals("close", r.events.get(6));
  }

  @Test
  void readsTheSameHoweverItIsCut() {
    byte[] session = SESSION.getBytes(UTF_8);
    List<String> whole = read(SESSION).events;
    for (int cut = 0; cut <= session.length; cut++) {
      XmlStreamReader reader = new XmlStreamReader(Recorder.WIDE);
      assertEquals(whole, Recorder.read(reader, session, cut).events, "cut at " + cut);
    }
    for (int size = 1; size < 40; size++) {
      XmlStreamReader reader = new XmlStreamReader(Recorder.WIDE);
      int[] cuts = Recorder.pieces(session.length, size);
      assertEquals(whole, Recorder.read(reader, session, cuts).events, "pieces of " + size);
    }
  }

  /** Condition, then input after the header; {@code ^} stands for the first byte refused. */
  static List<Object[]> badStanzas() {
    String[][] table = {
      {"NOT_WELL_FORMED", "<a></b^>"},
      {"NOT_WELL_FORMED", "<a></ab^>"},
      {"NOT_WELL_FORMED", "<ab></a>^"},
      {"NOT_WELL_FORMED", "<a></a b^>"},
      {"NOT_WELL_FORMED", "<a></ ^a>"},
      {"NOT_WELL_FORMED", "</a^>"},
      {"NOT_WELL_FORMED", "<a b='' b=^''/>"},
      {"NOT_WELL_FORMED", "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>^"},
      {"NOT_WELL_FORMED", "<a xmlns:q='&#117;' xmlns:p='u' q:b='' xml:b='' p:b=''>^</a>"},
      {"NOT_WELL_FORMED", "<a b='<^'/>"},
      {"NOT_WELL_FORMED", "<a b=c^/>"},
      {"NOT_WELL_FORMED", "<a b/^>"},
      {"NOT_WELL_FORMED", "<a b c^=''/>"},
      {"NOT_WELL_FORMED", "<a b=''c^=''/>"},
      {"NOT_WELL_FORMED", "<a / ^>"},
      {"NOT_WELL_FORMED", "< ^a/>"},
      {"NOT_WELL_FORMED", "<1^a/>"},
      {"NOT_WELL_FORMED", "<-^/>"},
      {"NOT_WELL_FORMED", "<>^"},
      {"NOT_WELL_FORMED", "<:^a/>"},
      {"NOT_WELL_FORMED", "<a:>^"},
      {"NOT_WELL_FORMED", "<a:1^/>"},
      {"NOT_WELL_FORMED", "<a:b:^c/>"},
      {"NOT_WELL_FORMED", "<a b,^=''/>"},
      {"NOT_WELL_FORMED", "<a\u00d7^/>"},
      {"NOT_WELL_FORMED", "<\u0300^/>"},
      {"NOT_WELL_FORMED", "<a<^b/>"},
      {"NOT_WELL_FORMED", "<a>& ^</a>"},
      {"NOT_WELL_FORMED", "<a>&amp ^</a>"},
      {"NOT_WELL_FORMED", "<a b='&;^'/>"},
      {"NOT_WELL_FORMED", "<a>&#;^</a>"},
      {"NOT_WELL_FORMED", "<a>&#x;^</a>"},
      {"NOT_WELL_FORMED", "<a>&#xg^;</a>"},
      {"NOT_WELL_FORMED", "<a>&#X^41;</a>"},
      {"NOT_WELL_FORMED", "<a>&#4a^;</a>"},
      {"NOT_WELL_FORMED", "<a>&#0;^</a>"},
      {"NOT_WELL_FORMED", "<a>&#x1f;^</a>"},
      {"NOT_WELL_FORMED", "<a>&#xd800;^</a>"},
      {"NOT_WELL_FORMED", "<a>&#xfffe;^</a>"},
      {"NOT_WELL_FORMED", "<a>&#x110000^;</a>"},
      {"NOT_WELL_FORMED", "<a b='&#0000000000000008;^'/>"},
      {"NOT_WELL_FORMED", "<a>]]>^</a>"},
      {"NOT_WELL_FORMED", "<a>]]]>^</a>"},
      {"NOT_WELL_FORMED", "<a>\u0000^</a>"},
      {"NOT_WELL_FORMED", "<a>\u001b^</a>"},
      {"NOT_WELL_FORMED", "<a b='\u0008^'/>"},
      {"NOT_WELL_FORMED", "<a><![CDATA[\u0001^]]></a>"},
      {"NOT_WELL_FORMED", "<a><![CDATA ^[]]></a>"},
      {"NOT_WELL_FORMED", "<a><![c^data[]]></a>"},
      {"NOT_WELL_FORMED", "<a>\uffff^</a>"},
      {"NOT_WELL_FORMED", "<a b='\ufffe^'/>"},
      {"NOT_WELL_FORMED", "<a><p:b/>^</a>"},
      {"NOT_WELL_FORMED", "<a><b p:c=''/>^</a>"},
      {"NOT_WELL_FORMED", "<a><b xmlns:p='u'/><p:b/>^</a>"},
      {"NOT_WELL_FORMED", "<xmlns:a/>^"},
      {"NOT_WELL_FORMED", "<a xmlns:p=''/>^"},
      {"NOT_WELL_FORMED", "<a xmlns:xml='u'/>^"},
      {"NOT_WELL_FORMED", "<a xmlns:xmlns='u'/>^"},
      {"NOT_WELL_FORMED", "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>^"},
      {"NOT_WELL_FORMED", "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>^"},
      {"NOT_WELL_FORMED", "<a xmlns='http://www.w3.org/XML/1998/namespac&#101;'/>^"},
      {"NOT_WELL_FORMED", "<a xmlns='http://www.w3.org/2000/xmlns/'/>^"},
      {"BAD_NAMESPACE_PREFIX", "<p:a/>^"},
      {"BAD_NAMESPACE_PREFIX", "<a p:b=''/>^"},
      {"BAD_FORMAT", "x^"},
      {"BAD_FORMAT", "<a/>]^"},
      {"BAD_FORMAT", "&^amp;"},
      {"BAD_FORMAT", "<![^CDATA[x]]>"},
      {"NOT_WELL_FORMED", "\u0000^"},
      {"RESTRICTED_XML", "<!-^- c -->"},
      {"RESTRICTED_XML", "<a><!-^- c --></a>"},
      {"RESTRICTED_XML", "<!D^OCTYPE a>"},
      {"RESTRICTED_XML", "<a><!E^NTITY x 'y'></a>"},
      {"RESTRICTED_XML", "<?^pi?>"},
      {"RESTRICTED_XML", "<a><?^pi?></a>"},
      {"RESTRICTED_XML", "<?^xml version='1.0'?>"},
      {"RESTRICTED_XML", "<a>&nbsp;^</a>"},
      {"RESTRICTED_XML", "<a b='&lol9;^'/>"},
    };
    return rows(table);
  }

  private static List<Object[]> rows(String[][] table) {
    List<Object[]> rows = new ArrayList<>();
    for (String[] row : table) {
      rows.add(new Object[] {Condition.valueOf(row[0]), row[1]});
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("badStanzas")
  void refusesAtTheFirstWrongByte(Condition condition, String stanza) {
    assertRefused(condition, HEADER, stanza, UTF_8.encode(stanza).remaining());
  }

  /** As above, in ISO 8859-1, for bytes that are not UTF-8. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0080^",
        "\u00bf^",
        "\u00c0^\u0080",
        "\u00c1^\u00bf",
        "\u00c3\u0041^",
        "\u00c3<^",
        "\u00e0\u009f^\u00bf",
        "\u00e0\u0080^\u00af",
        "\u00ed\u00a0^\u0080",
        "\u00ed\u00bf^\u00bf",
        "\u00f0\u008f^\u00bf\u00bf",
        "\u00f4\u0090^\u0080\u0080",
        "\u00f5^\u0080\u0080\u0080",
        "\u00ff^",
        "\u00fe^",
        "\u00e2\u0082\u00c3^",
        "\u00f0\u009f\u0098\u0041^"
      })
  void refusesBytesThatAreNotUtf8(String bytes) {
    for (String around : List.of("<a>%</a>", "<a b='%'/>", "<a><![CDATA[%]]></a>", "<a%/>")) {
      String stanza = around.replace("%", bytes);
      assertRefused(Condition.NOT_WELL_FORMED, HEADER, stanza, stanza.length());
    }
  }

  static List<Object[]> badStarts() {
    String[][] table = {
      {"NOT_WELL_FORMED", "G^ET / HTTP/1.1"},
      {"NOT_WELL_FORMED", "\u00ef^\u00bb\u00bf<stream:stream>"},
      {"NOT_WELL_FORMED", "\u0016^\u0003\u0001"},
      {"NOT_WELL_FORMED", "</^s>"},
      {"RESTRICTED_XML", " <?^xml version='1.0'?>"},
      {"RESTRICTED_XML", "<?p^i?>"},
      {"RESTRICTED_XML", "<?xml-^stylesheet?>"},
      {"RESTRICTED_XML", "<!D^OCTYPE a>"},
      {"RESTRICTED_XML", "<!-^- -->"},
      {"RESTRICTED_XML", "<?xml version='1.0'?><?^xml version='1.0'?>"},
      {"NOT_WELL_FORMED", "<?xml version='1.1'?>^"},
      {"NOT_WELL_FORMED", "<?xml encoding='UTF-8'?>^"},
      {"NOT_WELL_FORMED", "<?xml version='1.0' encoding=UTF-8?>^"},
      {"NOT_WELL_FORMED", "<?xml version='1.0'>^"},
      {"NOT_WELL_FORMED", "<?xml version='1.0'<^"},
      {"UNSUPPORTED_ENCODING", "<?xml version='1.0' encoding='ISO-8859-1'?>^"},
      {"UNSUPPORTED_ENCODING", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>^"},
      {"BAD_NAMESPACE_PREFIX", "<stream:stream xmlns='jabber:client'>^"},
      {"NOT_WELL_FORMED", "<?xml version='1.0'?>x^"},
    };
    return rows(table);
  }

  @ParameterizedTest
  @MethodSource("badStarts")
  void refusesABadStart(Condition condition, String start) {
    assertRefused(condition, "", start, start.length());
  }

  /** Bytes up to the mark are refused at the last of them, whole or byte by byte. */
  private static void assertRefused(Condition condition, String before, String marked, int bytes) {
    var charset = bytes == marked.length() ? ISO_8859_1 : UTF_8;
    byte[] good = (before + marked.substring(0, marked.indexOf('^'))).getBytes(charset);
    byte[] all = (before + marked.replace("^", "")).getBytes(charset);
    for (byte[] input : List.of(good, all)) {
      for (int[] cuts : List.of(new int[0], Recorder.everyByte(input.length))) {
        Recorder r = Recorder.read(new XmlStreamReader(Recorder.WIDE), input, cuts);
        assertEquals(condition, r.error, r.events::toString);
        assertTrue(r.events.size() <= 3, r.events::toString);
      }
    }
    int[] cuts = Recorder.everyByte(good.length - 1);
    byte[] shorter = Arrays.copyOf(good, good.length - 1);
    Recorder r = Recorder.read(new XmlStreamReader(Recorder.WIDE), shorter, cuts);
    assertNull(r.error, r.errorText);
  }

  @Test
  void keepsNothingBetweenElements() throws StreamException {
    XmlStreamReader reader = new XmlStreamReader(Recorder.WIDE);
    Recorder r = new Recorder();
    byte[] b = (HEADER + "<a/> <b>").getBytes(UTF_8);
    reader.feed(b, 0, b.length, r);
    assertTrue(reader.midElement());
    assertEquals(3, reader.bufferedBytes());
    assertSame(b, r.elements.get(0).bytes());
    byte[] c = "</b>\n".getBytes(UTF_8);
    reader.feed(c, 0, c.length, r);
    assertFalse(reader.midElement());
    assertEquals(0, reader.bufferedBytes());
    assertNotSame(c, r.elements.get(1).bytes());
  }

  /** Readers of one thread take turns, one of them within an element, or after an error. */
  @Test
  void readersShareWorkingMemory() throws StreamException {
    ScannerPool pool = new ScannerPool();
    List<XmlStreamReader> readers = new ArrayList<>();
    List<Recorder> recorders = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      readers.add(new XmlStreamReader(Recorder.WIDE, pool));
      recorders.add(new Recorder());
    }
    XmlStreamReader bad = new XmlStreamReader(Recorder.WIDE, pool);
    byte[] wrong = (HEADER + "<a><b></a>").getBytes(UTF_8);
    assertThrows(StreamException.class, () -> bad.feed(wrong, 0, wrong.length, new Recorder()));
    byte[] b = SESSION.getBytes(UTF_8);
    int[] from = new int[readers.size()];
    for (int left = readers.size(); left > 0; ) {
      for (int i = 0; i < readers.size(); i++) {
        int n = Math.min(i + 1, b.length - from[i]);
        left -= n > 0 && from[i] + n == b.length ? 1 : 0;
        from[i] += readers.get(i).feed(b.clone(), from[i], n, recorders.get(i));
      }
    }
    for (Recorder r : recorders) {
      assertEquals(read(SESSION).events, r.events);
    }
  }

  @Test
  void pausesWhereTheListenerSays() throws StreamException {
    Recorder pausing =
        new Recorder() {
          @Override
          public boolean element(RawElement e) {
            super.element(e);
            return false;
          }
        };
    byte[] b = (HEADER + "<a/><b/>").getBytes(UTF_8);
    for (int cut = 0; cut < HEADER.length() + 4; cut++) {
      XmlStreamReader reader = new XmlStreamReader(Recorder.WIDE);
      assertEquals(cut, reader.feed(b, 0, cut, pausing));
      int more = reader.feed(b, cut, b.length - cut, pausing);
      assertEquals(HEADER.length() + 4, cut + more);
      assertEquals(4, reader.feed(b, cut + more, 4, pausing));
    }
  }

  @Test
  void startsAgain() throws StreamException {
    XmlStreamReader reader = new XmlStreamReader(Recorder.WIDE);
    String again = "\n<?xml version='1.0'?>" + HEADER.replace("jabber:client", "jabber:server");
    byte[] b = (HEADER + "<auth/>" + again + "<x/>").getBytes(UTF_8);
    List<String> namespaces = new ArrayList<>();
    Recorder r =
        new Recorder() {
          @Override
          public boolean element(RawElement e) {
            namespaces.add(e.namespace());
            if (e.name().equals("auth")) {
              reader.restart();
            }
            return true;
          }
        };
    assertEquals(b.length, reader.feed(b, 0, b.length, r));
    assertEquals(List.of("jabber:client", "jabber:server"), namespaces);
    assertEquals(2, r.headers.size());
  }

  @Test
  void anEmptyStreamOpensAndCloses() {
    Recorder r = read(HEADER.replace(">", "/>"));
    assertEquals(2, r.events.size());
    assertEquals("close", r.events.get(1));
  }

  @Test
  void reportsAStrangeRootForTheCallerToJudge() {
    StreamHeader h = read("<html>").headers.get(0);
    assertFalse(h.isStream());
    assertEquals(
        List.of("html", "", "", ""),
        List.of(h.name(), h.namespace(), h.prefix(), h.contentNamespace()));
    assertNull(h.to());
    Recorder other =
        read("<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='u'></s:stream>");
    assertTrue(other.headers.get(0).isStream());
    assertEquals("close", other.events.get(1));
  }

  @Test
  void limitsBytesBeforeTheEndArrives() {
    XmlLimits limits = new XmlLimits(200, 8, 8);
    String exact = "<a>" + "x".repeat(193) + "</a>";
    for (int size : new int[] {1, 7, 199, 200, 201, 1000}) {
      byte[] good = (HEADER + exact + exact).getBytes(UTF_8);
      Recorder r =
          Recorder.read(new XmlStreamReader(limits), good, Recorder.pieces(good.length, size));
      assertNull(r.error, r.errorText);
      assertEquals(2, r.elements.size());
      byte[] bad = (HEADER + "<a>" + "x".repeat(197)).getBytes(UTF_8);
      r = Recorder.read(new XmlStreamReader(limits), bad, Recorder.pieces(bad.length, size));
      assertEquals(Condition.POLICY_VIOLATION, r.error);
    }
    byte[] header = HEADER.replace("id='1'", "id='" + "1".repeat(100) + "'").getBytes(UTF_8);
    assertEquals(
        Condition.POLICY_VIOLATION, Recorder.read(new XmlStreamReader(limits), header).error);
  }

  @Test
  void limitsDepthAndAttributes() {
    XmlLimits limits = new XmlLimits(1000, 3, 6);
    assertNull(read(limits, "<a><b><c/></b><b/></a>").error);
    assertNull(read(limits, "<a><b><c><").error);
    assertEquals(Condition.POLICY_VIOLATION, read(limits, "<a><b><c><d").error);
    assertNull(read(limits, "<a b='' c='' d='' e='' xmlns='' f=''/>").error);
    assertEquals(
        Condition.POLICY_VIOLATION, read(limits, "<a b='' c='' d='' e='' xmlns='' f='' g=").error);
  }

  @Test
  void limitsRiseAndFall() throws StreamException {
    XmlStreamReader reader = new XmlStreamReader(new XmlLimits(200, 1, 8));
    Recorder r = new Recorder();
    byte[] open = HEADER.getBytes(UTF_8);
    reader.feed(open, 0, open.length, r);
    reader.limits(new XmlLimits(2000, 2, 8));
    byte[] big = ("<a><b>" + "x".repeat(1000) + "</b></a>").getBytes(UTF_8);
    reader.feed(big, 0, big.length, r);
    assertEquals(1, r.elements.size());
    reader.limits(new XmlLimits(100, 2, 8));
    StreamException e =
        assertThrows(StreamException.class, () -> reader.feed(big, 0, big.length, r));
    assertEquals(Condition.POLICY_VIOLATION, e.error().condition());
  }

  @Test
  void readsManyAttributesChildrenLevelsAndDeclarations() {
    StringBuilder xml = new StringBuilder("<a");
    for (int i = 0; i < 30; i++) {
      xml.append(" xmlns:p").append(i).append("='urn:").append(i).append("' p").append(i);
      xml.append(":x='").append(i).append('\'');
    }
    xml.append('>');
    for (int i = 0; i < 30; i++) {
      xml.append("<p").append(i).append(":c/>");
    }
    xml.append("<d>".repeat(60)).append("</d>".repeat(60)).append("</a>");
    Recorder r = read(HEADER + xml);
    assertNull(r.error, r.errorText);
    RawElement a = r.elements.get(0);
    assertEquals(31, a.childCount());
    assertEquals(30, a.attributeCount());
    for (int i = 0; i < 30; i++) {
      assertEquals("urn:" + i, a.childNamespace(i));
      assertEquals("urn:" + i, a.attributeNamespace(i));
      assertEquals("" + i, a.attributeValue(i));
    }
  }

  @Test
  void readsFramedElements() throws StreamException {
    XmlStreamReader reader = XmlStreamReader.framed(Recorder.WIDE, new ScannerPool());
    Recorder r = new Recorder();
    byte[] b =
        ("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='x'/>"
                + "<message xmlns='jabber:client'><body>hi</body></message>")
            .getBytes(UTF_8);
    assertEquals(b.length, reader.feed(b, 0, b.length, r));
    assertEquals("urn:ietf:params:xml:ns:xmpp-framing", r.elements.get(0).namespace());
    assertTrue(r.elements.get(1).is("jabber:client", "message"));
    byte[] end = "</x>".getBytes(UTF_8);
    assertThrows(StreamException.class, () -> reader.feed(end, 0, end.length, r));
  }

  /** Two megabytes byte by byte: with any rescanning this would take minutes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a>%</a>",
        "<a b='%'/>",
        "<%/>",
        "<a %=''/>",
        "<a><![CDATA[%]]></a>",
        "<a>&#00%65;</a>"
      })
  void dripFedInputIsReadOnce(String form) throws StreamException {
    String filler = form.contains("&#") ? "0" : "x";
    byte[] b = form.replace("%", filler.repeat(2 << 20)).getBytes(UTF_8);
    XmlStreamReader reader =
        XmlStreamReader.framed(new XmlLimits(4 << 20, 8, 8), new ScannerPool());
    Recorder r =
        new Recorder() {
          @Override
          public boolean element(RawElement e) {
            return elements.add(e);
          }
        };
    assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < b.length; i++) {
            reader.feed(b, i, 1, r);
          }
        });
    assertEquals(1, r.elements.size());
    assertEquals(b.length, r.elements.get(0).end() - r.elements.get(0).start());
  }

  private static Recorder read(String input) {
    return Recorder.read(new XmlStreamReader(Recorder.WIDE), input.getBytes(UTF_8));
  }

  private static Recorder read(XmlLimits limits, String stanzas) {
    return Recorder.read(
        XmlStreamReader.framed(limits, new ScannerPool()), stanzas.getBytes(UTF_8));
  }
}

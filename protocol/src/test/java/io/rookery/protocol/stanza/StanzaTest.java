package io.rookery.protocol.stanza;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.protocol.xml.RawElement;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StanzaTest {
  private static final Jid JULIET = Jid.parse("juliet@capulet.example");
  private static final Jid ROMEO = Jid.parse("romeo@montague.example/orchard");
  private static final Element BODY = Element.of("jabber:client", "body", "Wherefore?");
  private static final Element RECEIPT = Element.of("urn:xmpp:receipts", "request");

  private static Stanza read(String xml) {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    return Stanza.of(RawElement.parse(bytes, 0, bytes.length, "jabber:client"));
  }

  private static String text(Stanza stanza) {
    return new String(stanza.toBytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "message,-,MESSAGE_NORMAL",
        "message,chat,MESSAGE_CHAT",
        "message,unheard-of,MESSAGE_NORMAL",
        "presence,-,PRESENCE_AVAILABLE",
        "presence,probe,PRESENCE_PROBE",
        "presence,unheard-of,-",
        "iq,set,IQ_SET",
        "iq,-,-",
        "iq,unheard-of,-",
        "note,-,-"
      })
  void typesAreRead(String name, String type, StanzaType expected) {
    String attribute = type == null ? "" : " type='" + type + "'";
    Stanza stanza = read("<" + name + attribute + "/>");
    assertEquals(expected, stanza == null ? null : stanza.type());
  }

  @Test
  void contentComesAndGoesAsTheSameBytes() {
    String content = "<body xml:lang='en' >a &amp; <![CDATA[b]]></body><x  xmlns=\"urn:x\"/>";
    Stanza stanza = read("<message to='juliet@capulet.example' id='1'>" + content + "</message>");
    assertEquals(
        "<message to='juliet@capulet.example' id='1'>" + content + "</message>",
        text(stanza).replace('"', '\'').replace("xmlns='urn:x'", "xmlns=\"urn:x\""));
    assertEquals("a & b", stanza.payload().element("jabber:client", "body").text());
  }

  /** A prefix declared on the stanza's own tag, which is written anew and does not have it. */
  @Test
  void declarationsOnTheStanzasTagAreNotLost() {
    Stanza stanza =
        read("<message xmlns:p='urn:p'><p:a p:b='1'/><c xmlns='urn:c'><p:d/></c></message>");
    Stanza again = Stanza.parse(stanza.toBytes());
    for (Stanza either : new Stanza[] {stanza, again}) {
      Element a = either.payload().element("urn:p", "a");
      assertEquals("1", a.attributeIn("urn:p", "b"));
      assertEquals(1, either.payload().element("urn:c", "c").children("urn:p", "d").size());
    }
  }

  @Test
  void aPrefixedStanzaIsTheSameStanza() {
    Stanza stanza = read("<c:message xmlns:c='jabber:client'><c:body>x</c:body></c:message>");
    assertEquals("x", Stanza.parse(stanza.toBytes()).payload().element(0).text());
    assertEquals("jabber:client", stanza.payload().namespace(0));
  }

  @Test
  void aMalformedAddressIsNoStanza() {
    assertThrows(InvalidJidException.class, () -> read("<message to='@nobody'/>"));
    assertThrows(
        IllegalArgumentException.class,
        () -> Stanza.parse("<note/>".getBytes(StandardCharsets.US_ASCII)));
  }

  @ParameterizedTest
  @EnumSource(StanzaType.Kind.class)
  void anErrorReplyGoesBackWithTheId(StanzaType.Kind kind) {
    StanzaType type = StanzaType.of(kind, kind == StanzaType.Kind.IQ ? "get" : null);
    Stanza reply =
        Stanza.of(type, ROMEO, JULIET, "e1", BODY)
            .error(
                StanzaError.of(StanzaError.Condition.GONE, "<moved>")
                    .withType(StanzaError.Type.MODIFY)
                    .withApplication("<a xmlns='urn:a'/>"));
    assertTrue(reply.isError());
    assertEquals(JULIET, reply.from());
    assertEquals(ROMEO, reply.to());
    assertEquals("e1", reply.id());
    Element error = Stanza.parse(reply.toBytes()).payload().element("jabber:client", "error");
    assertEquals("modify", error.attribute("type"));
    assertEquals("gone", error.children().get(0).name());
    assertEquals("<moved>", error.children().get(1).text());
    assertTrue(error.children().get(2).is("urn:a", "a"));
    assertFalse(reply.payload().has("jabber:client", "body"));
  }

  @Test
  void aResultGoesBackWithTheId() {
    Stanza reply = Stanza.of(StanzaType.IQ_GET, ROMEO, JULIET, "1", BODY).result();
    assertEquals(Stanza.of(StanzaType.IQ_RESULT, JULIET, ROMEO, "1"), reply);
  }

  @Test
  void childrenComeAndGo() {
    Payload one = read("<message><body>Wherefore?</body></message>").payload();
    Payload two = one.plus(RECEIPT);
    assertEquals(Payload.of(BODY, RECEIPT).childCount(), two.childCount());
    assertEquals(BODY, two.element(0));
    assertEquals(RECEIPT, two.element("urn:xmpp:receipts", "request"));
    assertTrue(two.hasNamespace("urn:xmpp:receipts"));
    assertEquals(1, one.childCount());

    Payload without = two.without(child -> child.is("jabber:client", "body"));
    assertEquals(1, without.childCount());
    assertEquals(RECEIPT, without.element(0));
    assertSame(two, two.without(child -> false));
    assertTrue(one.without(child -> true).isEmpty());
    assertNull(one.element("urn:xmpp:receipts", "request"));
    assertEquals(-1, one.indexOf("jabber:client", "subject"));
  }

  @Test
  void anotherAddresseeChangesTheTagOnly() {
    Stanza stanza = read("<presence from='a@b/c'><show>away</show></presence>");
    assertEquals(
        text(stanza.withTo(JULIET)).replace(" to='juliet@capulet.example'", ""), text(stanza));
  }
}

package io.rookery.router.caps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0390. */
class HashNodeTest {
  private static final String INFO = "http://jabber.org/protocol/disco#info";

  /** Section 4.5. */
  @ParameterizedTest
  @CsvSource({
    "simple, sha-256, kzBZbkqJ3ADrj7v08reD1qcWUwNGHaidNUgD7nHpiw8=",
    "simple, sha3-256, 79mdYAfU9rEdTOcWDO7UEAt6E56SUzk/g6TnqUeuD9Q=",
    "complex, sha-256, u79ZroNJbdSWhdSp311mddz44oHHPsEBntQ5b1jqBSY=",
    "complex, sha3-256, XpUJzLAc93258sMECZ3FJpebkzuyNXDzRNwQog8eycg=",
  })
  void theExamplesOfTheSpecification(String example, String hash, String value) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("xep-0390-" + example + ".xml")) {
      Element query = Element.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
      assertEquals(Optional.of(value), HashNode.hash(query, hash));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<other xmlns='urn:x'/>",
        "<x xmlns='jabber:x:data' type='result'><field var='a'><value>b</value></field></x>",
        "<x xmlns='jabber:x:data'><field var='FORM_TYPE'><value>visible</value></field></x>",
        "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>t</value></field>"
            + "<item/></x>",
        "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>t</value></field>"
            + "<reported/></x>",
      })
  void illFormedAnswersHaveNoHash(String inside) {
    assertEquals(Optional.empty(), HashNode.hash(query(inside), "sha-256"));
  }

  /** What XEP-0115 was broken by: one text that looks like two. */
  @Test
  void theStructureIsHashedToo() {
    assertNotEquals(
        HashNode.hash(query("<feature var='a&lt;b'/>"), "sha-256"),
        HashNode.hash(query("<feature var='a'/><feature var='b'/>"), "sha-256"));
  }

  @Test
  void languageIsThatOfTheAnswerWhereAnIdentityHasNone() {
    String identity = "<identity category='client' type='pc' name='n'";
    assertEquals(
        HashNode.hash(query(identity + " xml:lang='de'/>"), "sha-256"),
        HashNode.hash(
            Element.parse("<query xmlns='" + INFO + "' xml:lang='de'>" + identity + "/></query>"),
            "sha-256"));
  }

  private static Element query(String inside) {
    return Element.parse("<query xmlns='" + INFO + "'>" + inside + "</query>");
  }

  private static Advertised advertised(String... xml) {
    Element[] payload = new Element[xml.length];
    for (int i = 0; i < xml.length; i++) {
      payload[i] = Element.parse(xml[i]);
    }
    return Advertised.of(
        Stanza.of(StanzaType.PRESENCE_AVAILABLE, null, null, null, payload).payload());
  }

  private static String hashes(String... algorithmsAndValues) {
    StringBuilder xml = new StringBuilder("<c xmlns='urn:xmpp:caps'>");
    for (int i = 0; i < algorithmsAndValues.length; i += 2) {
      xml.append("<hash xmlns='urn:xmpp:hashes:2' algo='" + algorithmsAndValues[i] + "'>");
      xml.append(algorithmsAndValues[i + 1]).append("</hash>");
    }
    return xml.append("</c>").toString();
  }

  @Test
  void theBestHashIsTaken() {
    String old = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>";
    assertEquals(
        new Advertised("urn:xmpp:caps#sha3-256", "b", "urn:xmpp:caps#sha3-256.b"),
        advertised(old, hashes("sha-256", "a", "sha3-256", "b")));
    assertEquals(
        new Advertised("urn:xmpp:caps#sha-256", "a", "urn:xmpp:caps#sha-256.a"),
        advertised(hashes("blake2b-256", "z", "sha-256", " a ")));
    assertEquals(new Advertised("sha-1", "v", "n#v"), advertised(old, hashes("blake2b-256", "z")));
    assertEquals(new Advertised("", "z", null), advertised(hashes("blake2b-256", "z")));
    assertNull(advertised(hashes()));
    assertNull(
        advertised("<c xmlns='urn:xmpp:caps'><hash xmlns='urn:x' algo='sha-256'>a</hash></c>"));
    assertNull(advertised(hashes("sha-256", "")));
    assertNull(advertised(hashes("sha-256", "a".repeat(600))));
  }
}

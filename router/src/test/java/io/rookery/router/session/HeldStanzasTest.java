package io.rookery.router.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.wire.Unacked;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldStanzasTest {
  private static final String COMPOSING =
      "<composing xmlns='http://jabber.org/protocol/chatstates'/>";

  private final Jid phone = Given.JULIET.withResource("phone");
  private final HeldStanzas held = new HeldStanzas(phone);

  private static Stanza stanza(String kind, String attributes, String content) {
    String xml = "<" + kind + " from='" + Given.ROMEO + "' " + attributes + ">" + content;
    return Stanza.parse((xml + "</" + kind + ">").getBytes(StandardCharsets.UTF_8));
  }

  private static Unacked from(String from, String id) {
    return new Unacked(
        stanza("presence", "id='" + id + "'", "").withFrom(Jid.parse(from)), 0, 0, false);
  }

  private List<String> taken() {
    return held.take().stream().map(one -> one.stanza().id()).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "type='unavailable'"})
  void presenceMayWait(String type) {
    assertTrue(held.mayWait(stanza("presence", type, "<show>away</show>")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"subscribe", "subscribed", "unsubscribe", "unsubscribed", "error"})
  void whatAsksSomethingMayNot(String type) {
    assertFalse(held.mayWait(stanza("presence", "type='" + type + "'", "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "type='chat'", "type='groupchat'"})
  void aChatStateAloneMayWait(String type) {
    assertTrue(held.mayWait(stanza("message", type, COMPOSING + "<thread>t</thread>")));
    assertTrue(
        held.mayWait(stanza("message", type, COMPOSING + "<no-store xmlns='urn:xmpp:hints'/>")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<body>hello</body>",
        "<subject>s</subject>",
        "<received xmlns='urn:xmpp:receipts' id='1'/>",
        "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>",
        "<propose xmlns='urn:xmpp:jingle-message:0' id='1'/>",
        "<encrypted xmlns='eu.siacs.conversations.axolotl'/>",
        "<openpgp xmlns='urn:xmpp:openpgp:0'>x</openpgp>",
        "<anything xmlns='urn:unknown'/>"
      })
  void aMessageWithAnythingElseMayNot(String content) {
    assertFalse(held.mayWait(stanza("message", "type='chat'", content)));
    assertFalse(held.mayWait(stanza("message", "type='chat'", COMPOSING + content)));
  }

  @Test
  void errorsHeadlinesAndRequestsMayNot() {
    assertFalse(held.mayWait(stanza("message", "type='error'", COMPOSING)));
    assertFalse(held.mayWait(stanza("message", "type='headline'", COMPOSING)));
    assertFalse(held.mayWait(stanza("iq", "type='get' id='1'", "<ping xmlns='urn:xmpp:ping'/>")));
    assertFalse(held.mayWait(stanza("message", "type='chat'", "")));
  }

  @Test
  void whatIsOfTheUserMayNot() {
    assertFalse(
        held.mayWait(stanza("presence", "", "").withFrom(Given.JULIET.withResource("laptop"))));
    String self = "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>";
    assertFalse(held.mayWait(stanza("presence", "", self)));
    assertTrue(held.mayWait(stanza("presence", "", self.replace("110", "100"))));
  }

  @Test
  void theLatestOfEachFullAddressIsKeptInOrder() {
    assertFalse(held.hold(from("romeo@montague.example/phone", "1")));
    assertFalse(held.hold(from("romeo@montague.example/laptop", "2")));
    assertFalse(held.hold(from("nurse@capulet.example/phone", "3")));
    assertTrue(held.hold(from("romeo@montague.example/phone", "4")));
    assertFalse(
        held.hold(new Unacked(stanza("message", "id='5'", COMPOSING), 0, 0, false)),
        "another kind");
    assertEquals(List.of("2", "3", "4", "5"), taken());
    assertEquals(List.of(), taken());
  }

  @Test
  void thereIsALimitToTheirNumber() {
    for (int i = 0; i < HeldStanzas.MAX_STANZAS; i++) {
      assertFalse(held.isFull());
      held.hold(from("romeo@montague.example/" + i, "p"));
    }
    assertTrue(held.isFull());
  }

  @Test
  void andToTheirSize() {
    String status = "<status>" + "s".repeat(HeldStanzas.MAX_BYTES / 3) + "</status>";
    Unacked big = new Unacked(stanza("presence", "id='1'", status), 0, 0, false);
    for (int i = 0; i < 10; i++) {
      held.hold(big); // one, over and over
    }
    assertFalse(held.isFull());
    held.hold(new Unacked(big.stanza().withFrom(Given.ROMEO.bare()), 0, 0, false));
    held.hold(new Unacked(big.stanza().withFrom(Given.JULIET), 0, 0, false));
    assertTrue(held.isFull());
  }
}

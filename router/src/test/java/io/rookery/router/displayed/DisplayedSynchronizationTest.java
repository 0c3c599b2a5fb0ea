package io.rookery.router.displayed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Verdict;
import io.rookery.router.pubsub.PersonalAccount;
import io.rookery.router.session.Given;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisplayedSynchronizationTest {
  private static final String NODE = "urn:xmpp:mds:displayed:0";
  private static final Element MARKER =
      Element.parse("<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>");
  private static final Jid ROMEO = Given.ROMEO.bare();

  private final PersonalAccount juliet = new PersonalAccount();
  private final Manifest.HookRoute route =
      new DisplayedSynchronization(juliet.publications()).manifest().hookRoutes().get(0);

  @AfterEach
  void close() {
    juliet.close();
  }

  private static Element displayed(String content) {
    return Element.parse("<displayed xmlns='" + NODE + "'>" + content + "</displayed>");
  }

  private static Element upTo(String id) {
    return displayed(
        "<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@capulet.example' id='" + id + "'/>");
  }

  private Verdict sends(StanzaType type, Jid to, Element... children) {
    Stanza message = Stanza.of(type, Given.JULIET, to, "1", children);
    Verdict verdict = route.hook().see(new Passage(message, juliet.account(), null, null));
    verdict.effects().forEach(effect -> ((Effect.InTurn) effect).work().get());
    return verdict;
  }

  @Test
  void whatIsDisplayedGoesToTheNodeAndNotToTheOtherSide() {
    Verdict verdict = sends(StanzaType.MESSAGE_CHAT, ROMEO, MARKER, upTo("7"), upTo("8"));
    assertEquals(1, verdict.stanza().payload().childCount());
    assertEquals(MARKER, verdict.stanza().payload().element(0));
    sends(StanzaType.MESSAGE_CHAT, Given.ROMEO, MARKER, upTo("9"));
    assertEquals(
        Map.of(ROMEO.toString(), upTo("7"), Given.ROMEO.toString(), upTo("9")), juliet.items(NODE));
    assertEquals(Map.of(), juliet.items(NODE, Given.ROMEO));
  }

  @Test
  void otherMessagesPassAsTheyAre() {
    Stanza marker = Stanza.of(StanzaType.MESSAGE_CHAT, Given.JULIET, ROMEO, "1", MARKER);
    assertFalse(route.wanted().test(marker));
    assertTrue(route.wanted().test(marker.plus(upTo("7"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<stanza-id xmlns='urn:other'/>", "<a xmlns='urn:xmpp:sid:0'/>"})
  void whatSaysNothingIsOnlyTakenOut(String content) {
    Verdict verdict = sends(StanzaType.MESSAGE_CHAT, ROMEO, MARKER, displayed(content));
    assertEquals(1, verdict.stanza().payload().childCount());
    assertEquals(Map.of(), juliet.items(NODE));
  }

  @Test
  void soIsWhatIsOfNoChat() {
    assertEquals(
        1, sends(StanzaType.MESSAGE_CHAT, null, MARKER, upTo("7")).stanza().payload().childCount());
    sends(StanzaType.MESSAGE_ERROR, ROMEO, MARKER, upTo("7"));
    assertEquals(Map.of(), juliet.items(NODE));
  }

  @Test
  void nothingIsPublishedWhereOthersMaySeeIt() {
    juliet.publishes(NODE, "x@rooms.example", upTo("1").toString(), "presence");
    sends(StanzaType.MESSAGE_CHAT, ROMEO, MARKER, upTo("7"));
    assertEquals(1, juliet.items(NODE).size());
  }
}

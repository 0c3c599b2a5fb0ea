package io.rookery.router.caps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Hook;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.SessionKey;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Presence and answers in, questions and interests out. */
class EntityCapabilitiesTest {
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final Element QUERY =
      Element.parse(
          "<query xmlns='http://jabber.org/protocol/disco#info'>"
              + "<identity category='client' type='pc' name='Exodus 0.9.1'/>"
              + "<feature var='urn:xmpp:avatar:metadata+notify'/><feature var='urn:b'/></query>");
  private static final String VER = VerificationString.of(QUERY, "sha-1").orElseThrow();
  private static final Set<String> WANTED = Set.of("urn:xmpp:avatar:metadata");

  private final KnownCapabilities known = new KnownCapabilities(10);
  private final EntityCapabilities caps =
      new EntityCapabilities(
          known,
          (account, session, nodes) -> List.of(new Effect.ToSession(session.jid(), told(nodes))),
          () -> "id-1",
          Clock.fixed(Instant.EPOCH.plusSeconds(100), ZoneOffset.UTC));
  private final Hook presence = caps.manifest().hookRoutes().get(0).hook();
  private final Hook answer = caps.manifest().hookRoutes().get(1).hook();
  private final LiveAccount juliet = Given.account(Given.JULIET, true);
  private final Session session = Given.session(juliet, "phone");

  private static Stanza told(Set<String> nodes) {
    return Stanza.of(StanzaType.MESSAGE_NORMAL, null, null, String.join(",", nodes));
  }

  private static Element c(String ver) {
    return Element.of(Advertised.NS, "c")
        .attribute("hash", "sha-1")
        .attribute("node", "urn:client")
        .attribute("ver", ver);
  }

  @SuppressWarnings("unchecked") // the keys say what is set
  private List<Effect> see(Hook hook, Session of, Stanza stanza) {
    List<Effect> effects = hook.see(new Passage(stanza, juliet, of, null)).effects();
    for (Effect effect : effects) {
      if (effect instanceof Effect.SetState<?> set) {
        of.put((SessionKey<Object>) set.key(), set.value());
      }
    }
    return effects.stream().filter(effect -> !(effect instanceof Effect.SetState)).toList();
  }

  private List<Effect> available(Session of, Element... payload) {
    return see(
        presence, of, Stanza.of(StanzaType.PRESENCE_AVAILABLE, of.jid(), null, null, payload));
  }

  private List<Effect> answers(Session of, String id, Element query) {
    return see(answer, of, Stanza.of(StanzaType.IQ_RESULT, of.jid(), Given.JULIET, id, query));
  }

  @Test
  void unknownCapabilitiesAreAskedForOnceAndThenKnownForAll() {
    Effect.ToSession question = (Effect.ToSession) available(session, c(VER)).get(0);
    assertEquals(StanzaType.IQ_GET, question.stanza().type());
    assertEquals(Given.JULIET, question.stanza().from());
    assertEquals(
        "urn:client#" + VER, question.stanza().payload().element(INFO, "query").attribute("node"));
    assertEquals(List.of(), available(session, c(VER)), "asked already");
    assertEquals(WANTED.iterator().next(), told(answers(session, "id-1", QUERY)));
    assertEquals(WANTED, session.get(Interests.KEY).nodes());

    Session other = Given.session(juliet, "tablet");
    assertEquals(WANTED.iterator().next(), told(available(other, c(VER))));
    assertEquals(WANTED, other.get(Interests.KEY).nodes());
  }

  private static String told(List<Effect> effects) {
    return assertInstanceOf(Effect.ToSession.class, effects.get(0)).stanza().id();
  }

  @Test
  void whatDoesNotMatchItsHashIsBelievedForItsOwnSessionOnly() {
    available(session, c("a lie"));
    answers(session, "id-1", QUERY);
    assertEquals(WANTED, session.get(Interests.KEY).nodes());
    assertNull(known.find(new Advertised("sha-1", "a lie", null)));
  }

  private static Element hashes(String value) {
    return Element.of("urn:xmpp:caps", "c")
        .with(Element.of("urn:xmpp:hashes:2", "hash", value).attribute("algo", "sha-256"));
  }

  /** XEP-0390, sections 6.2.1 and 8.2. */
  @Test
  void hashesAreVerifiedBeforeOthersAreBelievedToHaveThem() {
    String hash = HashNode.hash(QUERY, "sha-256").orElseThrow();
    String node = "urn:xmpp:caps#sha-256." + hash;
    Effect.ToSession question = (Effect.ToSession) available(session, hashes(hash)).get(0);
    assertEquals(node, question.stanza().payload().element(INFO, "query").attribute("node"));
    answers(session, "id-1", QUERY.attribute("node", node));
    Session other = Given.session(juliet, "tablet");
    assertEquals(WANTED.iterator().next(), told(available(other, hashes(hash))));

    Session liar = Given.session(juliet, "liar");
    String lie = HashNode.hash(QUERY.with(Element.of(INFO, "feature")), "sha-256").orElseThrow();
    available(liar, hashes(lie));
    answers(liar, "id-1", QUERY);
    assertEquals(WANTED, liar.get(Interests.KEY).nodes());
    Session believer = Given.session(juliet, "believer");
    assertEquals(
        StanzaType.IQ_GET,
        ((Effect.ToSession) available(believer, hashes(lie)).get(0)).stanza().type());
    assertEquals(Interests.NONE, believer.get(Interests.KEY));
  }

  @Test
  void theLanguageOfTheAnswerIsThatOfItsIdentities() {
    Element german = QUERY.attribute(Namespaces.XML, "lang", "de");
    String hash = HashNode.hash(german, "sha-256").orElseThrow();
    available(session, hashes(hash));
    Stanza plain = Stanza.of(StanzaType.IQ_RESULT, session.jid(), Given.JULIET, "id-1", QUERY);
    see(
        answer,
        session,
        new Stanza(plain.type(), plain.from(), plain.to(), "id-1", "de", plain.payload()));
    assertNotNull(known.find(new Advertised("urn:xmpp:caps#sha-256", hash, null)));
  }

  @Test
  void answersNobodyAskedForAreNothing() {
    available(session, c(VER));
    assertEquals(List.of(), answers(session, "id-2", QUERY));
    assertEquals(Interests.NONE, session.get(Interests.KEY));
    assertNull(known.find(new Advertised("sha-1", VER, null)));
  }

  @Test
  void anInitialPresenceWithoutCapabilitiesForgetsThem() {
    available(session, c(VER));
    answers(session, "id-1", QUERY);
    available(session);
    assertEquals(Interests.NONE, session.get(Interests.KEY));
  }

  @Test
  void interestsSurviveWithTheSession() {
    Interests some = Interests.of("sha-1 x", List.of("a+notify", "b", "c d+notify", "+notify"));
    assertEquals(Set.of("a", "c d"), some.nodes());
    assertEquals(some, Interests.KEY.decode().apply(Interests.KEY.encode().apply(some)));
    assertEquals(
        Interests.NONE, Interests.KEY.decode().apply(Interests.KEY.encode().apply(Interests.NONE)));
    Inquiry inquiry = new Inquiry("id", 7, "", "a b");
    assertEquals(inquiry, Inquiry.KEY.decode().apply(Inquiry.KEY.encode().apply(inquiry)));
  }

  /** XEP-0115, sections 5.2 and 5.3. */
  @Test
  void theExamplesOfTheSpecification() {
    assertEquals(
        Optional.of("QgayPKawpkPSDYmwT/WM94uAlu0="),
        VerificationString.of(
            Element.parse(
                "<query xmlns='http://jabber.org/protocol/disco#info'>"
                    + "<identity category='client' name='Exodus 0.9.1' type='pc'/>"
                    + "<feature var='http://jabber.org/protocol/caps'/>"
                    + "<feature var='http://jabber.org/protocol/muc'/>"
                    + "<feature var='http://jabber.org/protocol/disco#info'/>"
                    + "<feature var='http://jabber.org/protocol/disco#items'/></query>"),
            "sha-1"));
    assertEquals(
        Optional.of("q07IKJEyjvHSyhy//CH0CxmKi8w="),
        VerificationString.of(
            Element.parse(
                "<query xmlns='http://jabber.org/protocol/disco#info'>"
                    + "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>"
                    + "<identity xml:lang='el' category='client' name='\u03a8 0.11' type='pc'/>"
                    + "<feature var='http://jabber.org/protocol/caps'/>"
                    + "<feature var='http://jabber.org/protocol/disco#info'/>"
                    + "<feature var='http://jabber.org/protocol/disco#items'/>"
                    + "<feature var='http://jabber.org/protocol/muc'/>"
                    + "<x xmlns='jabber:x:data' type='result'>"
                    + "<field var='FORM_TYPE' type='hidden'>"
                    + "<value>urn:xmpp:dataforms:softwareinfo</value></field>"
                    + "<field var='ip_version'><value>ipv4</value><value>ipv6</value></field>"
                    + "<field var='os'><value>Mac</value></field>"
                    + "<field var='os_version'><value>10.5.1</value></field>"
                    + "<field var='software'><value>Psi</value></field>"
                    + "<field var='software_version'><value>0.11</value></field>"
                    + "</x></query>"),
            "sha-1"));
  }

  @Test
  void illFormedAnswersHaveNoHash() {
    String start = "<query xmlns='http://jabber.org/protocol/disco#info'>";
    for (String inside :
        List.of(
            "<feature var='a'/><feature var='a'/>",
            "<feature var='a&lt;b'/>",
            "<identity category='c' type='t'/><identity category='c' type='t'/>")) {
      assertTrue(
          VerificationString.of(Element.parse(start + inside + "</query>"), "sha-1").isEmpty());
    }
  }
}

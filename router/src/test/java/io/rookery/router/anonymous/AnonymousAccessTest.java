package io.rookery.router.anonymous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig.Anonymous;
import io.rookery.router.RouterConfig.Reach;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Manifest.HookRoute;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.Verdict;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** XEP-0175, section 3: a stanza in, a verdict out. */
class AnonymousAccessTest {
  private static final Jid GUEST = Jid.parse("0123456789abcdef@guests.example");
  private static final Set<String> SERVED = Set.of("guests.example", "capulet.example");

  private final LiveAccount guest = Given.guest(GUEST);
  private final Session session = Given.session(guest, "lute");
  private final List<String> counted = new ArrayList<>();
  private boolean maySend = true;

  private AnonymousAccess access(Reach reach) {
    Set<String> domains = Set.of("guests.example");
    return new AnonymousAccess(
        new Anonymous(domains, reach, 1, Duration.ofMinutes(1), 1),
        SERVED,
        peer -> {
          counted.add(peer);
          return maySend;
        });
  }

  private HookRoute hook(AnonymousAccess access, Flow flow, Stanza stanza) {
    List<HookRoute> hooks =
        access.manifest().hookRoutes().stream()
            .filter(route -> route.flow() == flow && route.kind() == stanza.kind())
            .toList();
    assertEquals(1, hooks.size());
    assertEquals(Phase.GUARD, hooks.get(0).phase());
    return hooks.get(0);
  }

  private Condition refusal(Reach reach, Stanza stanza) {
    HookRoute hook = hook(access(reach), Flow.FROM_CLIENT, stanza);
    Verdict verdict = hook.hook().see(new Passage(stanza, guest, session, null));
    return verdict.stops() ? verdict.refusal().condition() : null;
  }

  private Condition refusal(Stanza stanza) {
    return refusal(Reach.SERVICE, stanza);
  }

  private Stanza sent(StanzaType type, String to, Element... payload) {
    return Stanza.of(type, session.jid(), to == null ? null : Jid.parse(to), "1", payload);
  }

  @Test
  void itIsOffByDefaultAndOthersDoNotPayForIt() {
    AnonymousAccess off = new AnonymousAccess(Anonymous.NOBODY, SERVED, peer -> false);
    assertTrue(off.manifest().hookRoutes().isEmpty());
    LiveAccount juliet = Given.account(Given.JULIET, true);
    for (HookRoute route : access(Reach.SERVICE).manifest().hookRoutes()) {
      assertTrue(route.concerned().test(guest));
      assertFalse(route.concerned().test(juliet));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DOMAIN, other@guests.example, true",
    "DOMAIN, juliet@capulet.example, false",
    "SERVICE, juliet@capulet.example/balcony, true",
    "SERVICE, capulet.example, true",
    "SERVICE, romeo@montague.example, false",
    "SERVICE, montague.example, false",
    "EVERYWHERE, romeo@montague.example, true",
  })
  void theConfigurationSaysWhomTheyReach(Reach reach, String to, boolean reached) {
    for (StanzaType type :
        List.of(
            StanzaType.MESSAGE_CHAT,
            StanzaType.PRESENCE_AVAILABLE,
            StanzaType.IQ_GET,
            StanzaType.IQ_RESULT)) {
      Stanza stanza = sent(type, to, Element.of("urn:xmpp:ping", "ping"));
      assertEquals(reached ? null : Condition.NOT_ALLOWED, refusal(reach, stanza), type::toString);
    }
  }

  @Test
  void whatHasNoAddressIsForTheirOwnServer() {
    assertNull(refusal(Reach.DOMAIN, sent(StanzaType.PRESENCE_AVAILABLE, null)));
    assertNull(refusal(Reach.DOMAIN, sent(StanzaType.MESSAGE_CHAT, null)));
  }

  @ParameterizedTest
  @EnumSource(
      value = StanzaType.class,
      names = {
        "PRESENCE_SUBSCRIBE",
        "PRESENCE_SUBSCRIBED",
        "PRESENCE_UNSUBSCRIBE",
        "PRESENCE_UNSUBSCRIBED"
      })
  void theySubscribeToNobody(StanzaType type) {
    assertEquals(Condition.NOT_ALLOWED, refusal(sent(type, "juliet@capulet.example")));
  }

  @ParameterizedTest
  @CsvSource({
    "jabber:iq:roster, query",
    "jabber:iq:private, query",
    "jabber:iq:register, query",
    "vcard-temp, vCard",
    "http://jabber.org/protocol/pubsub, pubsub",
    "http://jabber.org/protocol/pubsub#owner, pubsub",
    "http://jabber.org/protocol/commands, command",
    "urn:xmpp:blocking, block",
    "urn:xmpp:push:0, enable",
    "urn:xmpp:mam:2, prefs",
    "urn:xmpp:not-invented-yet, x",
  })
  void theyStoreNothing(String namespace, String name) {
    Element element = Element.of(namespace, name);
    for (String to : new String[] {null, "guests.example", "juliet@capulet.example"}) {
      assertEquals(Condition.NOT_ALLOWED, refusal(sent(StanzaType.IQ_SET, to, element)));
    }
    Stanza toClient = sent(StanzaType.IQ_SET, "juliet@capulet.example/balcony", element);
    assertNull(refusal(toClient), "is between the clients");
  }

  @ParameterizedTest
  @CsvSource({
    "get, jabber:iq:roster, query, true",
    "get, vcard-temp, vCard, true",
    "get, http://jabber.org/protocol/disco#info, query, true",
    "set, urn:xmpp:mam:2, query, true",
    "set, urn:xmpp:carbons:2, enable, true",
    "set, urn:ietf:params:xml:ns:xmpp-session, session, true",
    "get, urn:xmpp:extdisco:2, credentials, false",
    "get, jabber:iq:register, query, false",
  })
  void theyReadAndSetUpTheirSession(String type, String namespace, String name, boolean may) {
    StanzaType iq = type.equals("get") ? StanzaType.IQ_GET : StanzaType.IQ_SET;
    Stanza stanza = sent(iq, null, Element.of(namespace, name));
    assertEquals(may ? null : Condition.NOT_ALLOWED, refusal(stanza));
  }

  @Test
  void whoeverSendsTooMuchIsToldSo() {
    maySend = false;
    assertEquals(
        Condition.POLICY_VIOLATION,
        refusal(sent(StanzaType.MESSAGE_CHAT, "juliet@capulet.example")));
    assertEquals(List.of("192.0.2.1"), counted);
  }

  @Test
  void nobodySubscribesToThem() {
    AnonymousAccess access = access(Reach.SERVICE);
    Stanza wish = Stanza.of(StanzaType.PRESENCE_SUBSCRIBE, Given.ROMEO, GUEST, null);
    HookRoute hook = hook(access, Flow.TO_ACCOUNT, wish);
    Verdict verdict = hook.hook().see(new Passage(wish, guest, null, null));
    Stanza denied = Stanza.of(StanzaType.PRESENCE_UNSUBSCRIBED, GUEST, Given.ROMEO.bare(), null);
    assertTrue(verdict.dropped());
    assertEquals(denied.toString(), ((Effect.Send) verdict.effects().get(0)).stanza().toString());
    Stanza approval = Stanza.of(StanzaType.PRESENCE_SUBSCRIBED, Given.ROMEO, GUEST, null);
    assertEquals(Verdict.DROP, hook.hook().see(new Passage(approval, guest, null, null)));
    Stanza presence = Stanza.of(StanzaType.PRESENCE_AVAILABLE, Given.ROMEO, GUEST, null);
    assertEquals(Verdict.PASS, hook.hook().see(new Passage(presence, guest, null, null)));
    assertEquals(List.of(), counted, "is not theirs");
  }
}

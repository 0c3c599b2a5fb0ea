package io.rookery.standalone.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0175: a domain whose users have no accounts beside one whose users do. */
class AnonymousConversationTest {
  private static final String GUESTS = "guests.localhost";
  private static final RookeryProcesses.Lone ROOKERY =
      RookeryProcesses.standalone(
          "anonymous",
          "localhost, " + GUESTS,
          """
          router.anonymous.domains: [guests.localhost]
          router.anonymous.per-address: 1000000
          router.anonymous.stanzas-per-minute: 1000000
          """);
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String SM = "urn:xmpp:sm:3";
  private static final String BIND_2 = "urn:xmpp:bind:0";
  private static final String MANAGED =
      "<bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>";

  /** The same service, by the name of the domain without accounts. */
  private record Guests(Service all) implements Service {
    @Override
    public String domain() {
      return GUESTS;
    }

    @Override
    public Endpoint endpoint(int client) {
      return all.endpoint(client);
    }

    @Override
    public void restart() {
      all.restart();
    }

    @Override
    public Duration negotiationTimeout() {
      return all.negotiationTimeout();
    }

    @Override
    public int maxStanzaBytes() {
      return all.maxStanzaBytes();
    }

    @Override
    public void close() {
      all.close();
    }
  }

  private final Cast given = new Cast(ROOKERY.service());
  private final Cast guests = new Cast(new Guests(ROOKERY.service()));

  @BeforeAll
  static void start() {
    ROOKERY.service().started();
  }

  @AfterAll
  static void stop() {
    ROOKERY.service().close();
  }

  @AfterEach
  void leave() {
    given.close();
    guests.close();
  }

  /** Logged in and available. */
  private Client guest() throws Exception {
    Client guest = guests.secured("guest").entersAnonymously().binds(null);
    guest.sends("<presence/>");
    guest.receives("presence", p -> p.from(guest));
    return guest;
  }

  private static void says(Client from, String to, String text) {
    from.sends("<message to='%s' type='chat' id='%s'><body>%s</body></message>", to, text, text);
  }

  private static void refused(Element outcome, String condition) {
    assertEquals("failure", outcome.localName(), outcome::toString);
    assertTrue(outcome.child(condition, Client.SASL).isPresent(), outcome::toString);
  }

  private static Element managed(Client client, String name) {
    return client.receives(name, e -> e.that("of " + SM, one -> one.namespace().equals(SM)));
  }

  private static Set<String> mechanisms(Element parent) {
    return parent.children("mechanism", parent.namespace()).stream()
        .map(Element::text)
        .collect(Collectors.toSet());
  }

  // Logging in.

  @Test
  void nothingElseIsOfferedThereAndItIsOfferedNowhereElse() throws Exception {
    Element features = guests.secured("guest").features();
    Element authentication = features.child("authentication", Client.SASL_2).orElseThrow();
    assertEquals(
        Set.of("ANONYMOUS"), mechanisms(features.child("mechanisms", Client.SASL).orElseThrow()));
    assertEquals(Set.of("ANONYMOUS"), mechanisms(authentication));
    assertTrue(
        authentication.child("inline").orElseThrow().child("fast", "urn:xmpp:fast:0").isEmpty());
    assertTrue(authentication.children("upgrade", "urn:xmpp:sasl:upgrade:0").isEmpty());
    assertTrue(features.children().stream().noneMatch(f -> f.localName().equals("register")));
    Element usual = given.secured("romeo").features();
    assertFalse(
        mechanisms(usual.child("mechanisms", Client.SASL).orElseThrow()).contains("ANONYMOUS"));
    assertTrue(usual.children().stream().anyMatch(f -> f.localName().equals("register")));
  }

  @Test
  void everyLoginIsSomebodyElse() throws Exception {
    Client one = guests.secured("one").entersAnonymously().binds("lute");
    assertFalse(one.offers("ver", "urn:xmpp:features:rosterver"));
    Client other = guests.secured("other");
    Element success = other.succeeds(other.authenticates("ANONYMOUS", "sirhc", MANAGED));
    assertTrue(success.child("bound", BIND_2).isPresent());
    assertTrue(success.child("token", "urn:xmpp:fast:0").isEmpty());
    assertTrue(one.bare().matches("[0-9a-f]{32}@guests[.]localhost"), one.bare());
    assertTrue(other.bare().matches("[0-9a-f]{32}@guests[.]localhost"), other.bare());
    assertNotEquals(one.bare(), other.bare());
  }

  @Test
  void noTokenIsGivenOut() throws Exception {
    Client guest = guests.secured("guest");
    String wish =
        "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>"
            + "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>";
    Element success = guest.succeeds(guest.authenticates("ANONYMOUS", "", wish));
    assertTrue(success.child("token", "urn:xmpp:fast:0").isEmpty(), success::toString);
  }

  @ParameterizedTest
  @EnumSource(Mechanism.class)
  void aPasswordIsNothingThere(Mechanism mechanism) throws Exception {
    Account account = guests.stranger("romeo");
    refused(guests.secured("romeo").triesToAuthenticate(account, mechanism), "invalid-mechanism");
    refused(guests.secured("romeo").triesToLogIn(account, mechanism, ""), "invalid-mechanism");
  }

  @Test
  void whereUsersHaveAccountsNobodyIsAnonymous() throws Exception {
    Client romeo = given.secured("romeo");
    romeo.sends("<auth xmlns='%s' mechanism='ANONYMOUS'/>", Client.SASL);
    refused(romeo.receives("failure", f -> {}), "invalid-mechanism");
    refused(romeo.authenticates("ANONYMOUS", "", ""), "invalid-mechanism");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines", "\u202eback"})
  void aTraceIsChecked(String trace) throws Exception {
    Client guest = guests.secured("guest");
    for (String bad : List.of(trace, "x".repeat(256))) {
      String base64 = Base64.getEncoder().encodeToString(bad.getBytes(UTF_8));
      guest.sends("<auth xmlns='%s' mechanism='ANONYMOUS'>%s</auth>", Client.SASL, base64);
      refused(guest.receives("failure", f -> {}), "malformed-request");
      refused(guest.authenticates("ANONYMOUS", bad, ""), "malformed-request");
    }
    guest.sends("<auth xmlns='%s' mechanism='ANONYMOUS'>*</auth>", Client.SASL);
    refused(guest.receives("failure", f -> {}), "incorrect-encoding");
    guest.entersAnonymously(); // still
  }

  @Test
  void nobodyRegisters() throws Exception {
    Client guest = guests.secured("guest");
    Element reply = Cast.register(guest, guests.stranger("romeo"));
    guest.expects(reply, r -> r.error("service-unavailable"));
    Element fields = guest.asks("get", null, "<query xmlns='jabber:iq:register'/>");
    guest.expects(fields, r -> r.error("service-unavailable"));
    String add =
        ROOKERY.run("pencil\n", "user", "add", "romeo@" + GUESTS, "--password-stdin").output();
    assertTrue(add.contains("router.anonymous.domains"), add);
  }

  // Talking.

  @Test
  void theyTalkToUsersAndToEachOther() throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client one = guest();
    Client other = guest();
    says(one, juliet.bare(), "ay me");
    juliet.receives("message", m -> m.from(one).body("ay me"));
    says(juliet, one.bare(), "who are you");
    one.receives("message", m -> m.from(juliet).body("who are you"));
    says(juliet, one.toString(), "hark");
    one.receives("message", m -> m.from(juliet).body("hark"));
    says(other, one.bare(), "by a name");
    one.receives("message", m -> m.from(other).body("by a name"));
    one.sends("<presence to='%s'/>", juliet);
    juliet.receives("presence", p -> p.from(one).type(null));
    one.leaves();
    juliet.receives("presence", p -> p.from(one).type("unavailable"));
  }

  @Test
  void theyDoNotReachOtherServers() throws Exception {
    Client guest = guest();
    says(guest, "romeo@montague.example", "hark");
    guest.receives("message", m -> m.id("hark").error("not-allowed"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<query xmlns='jabber:iq:roster'><item jid='romeo@localhost'/></query>",
        "<vCard xmlns='vcard-temp'><FN>Nobody</FN></vCard>",
        "<query xmlns='jabber:iq:private'><x xmlns='urn:x'/></query>",
        "<query xmlns='jabber:iq:register'><remove/></query>",
        "<block xmlns='urn:xmpp:blocking'><item jid='romeo@localhost'/></block>",
        "<enable xmlns='urn:xmpp:push:0' jid='push.localhost' node='n'/>",
        "<prefs xmlns='urn:xmpp:mam:2' default='always'><always/><never/></prefs>",
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'><item id='1'>"
            + "<x xmlns='urn:x'/></item></publish></pubsub>",
      })
  void theyStoreNothing(String payload) throws Exception {
    guest().asks("set", null, payload, r -> r.error("not-allowed"));
  }

  @Test
  void whatTheyReadIsEmpty() throws Exception {
    Client guest = guest();
    assertEquals(List.of(), guest.getsRoster());
    guest.asks(
        "get",
        null,
        "<query xmlns='jabber:iq:private'><x xmlns='urn:x'/></query>",
        r -> r.type("result"));
    guest.asks("get", null, "<blocklist xmlns='urn:xmpp:blocking'/>", r -> r.type("result"));
    guest.asks(
        "set",
        null,
        "<query xmlns='urn:xmpp:mam:2'/>",
        r -> r.type("result").has("fin", "urn:xmpp:mam:2"));
  }

  @Test
  void nobodySubscribes() throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client guest = guest();
    guest.sends("<presence to='%s' type='subscribe' id='s'/>", juliet.bare());
    guest.receives("presence", p -> p.error("not-allowed"));
    juliet.sends("<presence to='%s' type='subscribe'/>", guest.bare());
    juliet.receives("presence", p -> p.from(guest.bare()).type("unsubscribed"));
    assertEquals("none", juliet.rosterItem(guest.bare()).orElseThrow().attribute("subscription"));
    guest.hasNothing();
  }

  @Test
  void everybodyLearnsThatTheyHaveNoAccount() throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client guest = guest();
    String query = "<query xmlns='" + INFO + "'/>";
    for (Client asking : List.of(juliet, guest)) {
      Element info =
          asking
              .asks("get", guest.bare(), query, r -> r.type("result"))
              .child("query", INFO)
              .orElseThrow();
      List<Element> identities = info.children("identity", INFO);
      assertEquals(1, identities.size(), info::toString);
      assertEquals("account", identities.get(0).attribute("category"));
      assertEquals("anonymous", identities.get(0).attribute("type"));
      assertFalse(features(info).contains("urn:xmpp:push:0"));
    }
    Set<String> there =
        features(juliet.asks("get", GUESTS, query).child("query", INFO).orElseThrow());
    Set<String> here =
        features(juliet.asks("get", juliet.domain(), query).child("query", INFO).orElseThrow());
    assertTrue(there.contains("urn:xmpp:ping") && here.contains("urn:xmpp:ping"));
    for (String feature : List.of("msgoffline", "jabber:iq:register", "urn:xmpp:blocking")) {
      assertTrue(here.contains(feature) && !there.contains(feature), feature);
    }
    String gone = guest.bare();
    guest.leaves();
    juliet.asks("get", gone, query, r -> r.error("service-unavailable"));
  }

  private static Set<String> features(Element info) {
    return info.children("feature", INFO).stream()
        .map(feature -> feature.attribute("var"))
        .collect(Collectors.toSet());
  }

  // Leaving.

  @Test
  void whoHasLeftIsGoneForGood() throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client guest = guest();
    String address = guest.bare();
    guest.leaves();
    says(juliet, address, "hark");
    juliet.receives("message", m -> m.id("hark").error("service-unavailable"));
    String local = address.substring(0, address.indexOf('@'));
    Account same = new Account(local, GUESTS, "pencil");
    Client again = guests.secured("again");
    again.expects(Cast.register(again, same), r -> r.error("service-unavailable"));
    refused(again.triesToAuthenticate(same, Mechanism.PLAIN), "invalid-mechanism");
    Client named = guests.secured("named");
    named.succeeds(named.authenticates("ANONYMOUS", local, MANAGED));
    assertNotEquals(address, named.bare());
    Client claiming = guests.connection("claiming").claims(address).opensStream().startsTls();
    claiming.succeeds(claiming.authenticates("ANONYMOUS", "", MANAGED));
    assertNotEquals(address, claiming.bare());
    says(juliet, address, "still");
    juliet.receives("message", m -> m.id("still").error("service-unavailable"));
  }

  @Test
  void whoIsNotAvailableIsSentNothing() throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client guest = guests.secured("guest").entersAnonymously().binds(null);
    says(juliet, guest.bare(), "hark");
    juliet.receives("message", m -> m.id("hark").error("service-unavailable"));
    guest.sends("<presence/>");
    guest.receives("presence", p -> p.from(guest));
    guest.hasNothing();
  }

  // Coming back.

  @Test
  void aBrokenStreamIsResumed() throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client guest = guest();
    guest.sends("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    String id = managed(guest, "enabled").attribute("id");
    says(juliet, guest.bare(), "one");
    guest.receives("message", m -> m.body("one"));
    guest.close();
    says(juliet, guest.bare(), "two");
    Client again = guests.secured("guest").entersAnonymously();
    again.sends("<resume xmlns='urn:xmpp:sm:3' previd='%s' h='0'/>".formatted(id));
    managed(again, "resumed");
    again.isNow(guest);
    again.receivesNext("message", m -> m.to(guest.bare()).body("one"));
    again.receivesNext("message", m -> m.to(guest.bare()).body("two"));
    says(again, juliet.bare(), "back");
    juliet.receives("message", m -> m.from(guest).body("back"));
  }

  @Test
  void aSessionIsResumedWithTheLogin() throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client guest = guests.secured("guest");
    Element success = guest.succeeds(guest.authenticates("ANONYMOUS", "", MANAGED));
    Element enabled =
        success.child("bound", BIND_2).flatMap(b -> b.child("enabled", SM)).orElseThrow();
    guest.sends("<presence/>");
    guest.receives("presence", p -> p.from(guest));
    guest.close();
    says(juliet, guest.bare(), "meanwhile");
    String resume = "<resume xmlns='urn:xmpp:sm:3' previd='%s' h='1'/>";
    Client again = guests.secured("guest");
    again.succeeds(again.authenticates("ANONYMOUS", "", resume.formatted(enabled.attribute("id"))));
    assertEquals(guest.toString(), again.toString());
    again.receives("message", m -> m.body("meanwhile"));
  }

  /** Who knows the address, as everybody does who was written to, has nothing by that. */
  @Test
  void aSessionOfSomebodyElseIsNotResumed() throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client guest = guest();
    guest.sends("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    String id = managed(guest, "enabled").attribute("id");
    String local = guest.bare().substring(0, guest.bare().indexOf('@'));
    assertTrue(id.endsWith("." + local), id);
    for (String guess : List.of("x." + local, "." + local, local, "x.@", "x")) {
      Client thief = guests.secured("thief").entersAnonymously();
      thief.sends("<resume xmlns='urn:xmpp:sm:3' previd='%s' h='0'/>".formatted(guess));
      Element failed = managed(thief, "failed");
      assertTrue(failed.child("item-not-found", Client.STANZA_ERRORS).isPresent());
      thief.binds(null);
      assertNotEquals(guest.bare(), thief.bare());
    }
    Client registered = given.authenticated("juliet");
    registered.sends("<resume xmlns='urn:xmpp:sm:3' previd='%s' h='0'/>".formatted(id));
    managed(registered, "failed");
    says(juliet, guest.bare(), "still here");
    guest.receives("message", m -> m.body("still here"));
  }

  @Test
  void whatWaitedForWhoDoesNotComeBackGoesBack() throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client guest = guest();
    guest.sends("<enable xmlns='urn:xmpp:sm:3' resume='true' max='1'/>");
    managed(guest, "enabled");
    guest.close();
    says(juliet, guest.bare(), "hark");
    juliet.receives("message", m -> m.id("hark").error("service-unavailable"));
    says(juliet, guest.bare(), "gone");
    juliet.receives("message", m -> m.id("gone").error("service-unavailable"));
  }
}

package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** XEP-0388 with XEP-0386 and XEP-0198 inline: login in one exchange, without another stream. */
@Conversation
class ExtensibleSaslConversationTest {
  private static final String SASL_2 = Client.SASL_2;
  private static final String BIND_2 = "urn:xmpp:bind:0";
  private static final String MAM = "urn:xmpp:mam:2";
  private static final String SM = "urn:xmpp:sm:3";
  private static final String AGENT =
      "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>Lute</software>"
          + "</user-agent>";
  private static final String TAGGED = "<bind xmlns='urn:xmpp:bind:0'><tag>Lute</tag></bind>";
  private static final String MANAGED =
      "<bind xmlns='urn:xmpp:bind:0'><tag>Lute</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/>"
          + "</bind>";

  private static Client loggedIn(Cast given, String role, String inline) throws Exception {
    Client client = given.secured(role);
    client.logsIn(given.user(role), Mechanism.SCRAM_SHA_256, inline);
    return client;
  }

  private static String resume(String id, long h) {
    return "<resume xmlns='urn:xmpp:sm:3' previd='" + id + "' h='" + h + "'/>";
  }

  private static void condition(Element failure, String condition) {
    assertTrue(failure.is("failure", SASL_2), failure::toString);
    assertTrue(failure.child(condition, Client.SASL).isPresent(), failure::toString);
  }

  private static Element inline(Client client) {
    return client
        .features()
        .child("authentication", SASL_2)
        .flatMap(a -> a.child("inline"))
        .orElseThrow();
  }

  @Test
  void itIsOfferedInsideOfTlsOnly(Cast given) throws Exception {
    assertFalse(given.connection("romeo").opensStream().offers("authentication", SASL_2));
    Client romeo = given.secured("romeo");
    assertTrue(romeo.offers("mechanisms", Client.SASL)); // side by side
    Element inline = inline(romeo);
    assertTrue(inline.child("sm", SM).isPresent());
    Element bind = inline.child("bind", BIND_2).orElseThrow();
    assertTrue(
        bind.child("inline").orElseThrow().children("feature", BIND_2).stream()
            .anyMatch(f -> SM.equals(f.attribute("var"))));
    assertTrue(romeo.offers("sasl-channel-binding", "urn:xmpp:sasl-cb:0"));
  }

  @ParameterizedTest
  @EnumSource(Mechanism.class)
  void everyMechanismLogsIn(Mechanism mechanism, Cast given) throws Exception {
    Account account = given.user("romeo");
    Client romeo = given.connection("romeo").claims(account.bare()).opensStream().startsTls();
    Element success = romeo.logsIn(account, mechanism, AGENT);
    assertEquals(account.bare(), success.child("authorization-identifier").orElseThrow().text());
    assertTrue(romeo.offers("bind", Client.BIND)); // on the same stream
    romeo.binds("phone");
    assertEquals(account.bare(), romeo.bare());
  }

  @ParameterizedTest
  @EnumSource(Mechanism.class)
  void wrongPasswordAndUnknownUserLookTheSame(Mechanism mechanism, Cast given) throws Exception {
    Account wrong = given.user("romeo").withPassword("guess");
    Account nobody = given.stranger("nobody");
    Element first = given.secured("romeo").triesToLogIn(wrong, mechanism, TAGGED);
    Element second = given.secured("nobody").triesToLogIn(nobody, mechanism, TAGGED);
    condition(first, "not-authorized");
    assertEquals(first.toString(), second.toString());
  }

  @Test
  void aFailedLoginMayBeRepeatedInEitherProfile(Cast given) throws Exception {
    Account account = given.user("romeo");
    Client romeo = given.secured("romeo");
    condition(
        romeo.triesToLogIn(account.withPassword("guess"), Mechanism.PLAIN, TAGGED),
        "not-authorized");
    romeo.triesToAuthenticate(account.withPassword("guess"), Mechanism.PLAIN);
    romeo.logsIn(account, Mechanism.PLAIN, TAGGED);
    assertTrue(romeo.resource().startsWith("Lute/"), romeo::toString);
  }

  @Test
  void tooManyFailuresEndTheStream(Cast given) throws Exception {
    Account wrong = given.user("romeo").withPassword("guess");
    Client romeo = given.secured("romeo");
    for (int i = 0; i < 10; i++) {
      condition(romeo.triesToLogIn(wrong, Mechanism.PLAIN, ""), "not-authorized");
    }
    romeo.receivesStreamError("policy-violation");
  }

  @Test
  void theHeaderHasToNameTheAccount(Cast given) throws Exception {
    Account romeo = given.user("romeo");
    Account tybalt = given.user("tybalt");
    Client liar = given.connection("tybalt").claims(romeo.bare()).opensStream().startsTls();
    condition(liar.triesToLogIn(tybalt, Mechanism.SCRAM_SHA_1, TAGGED), "invalid-authzid");
    liar.logsIn(romeo, Mechanism.SCRAM_SHA_1, TAGGED);
  }

  @ParameterizedTest
  @CsvSource({"MAGIC, invalid-mechanism", "HT-SHA-256-NONE, invalid-mechanism"})
  void unknownMechanisms(String mechanism, String condition, Cast given) throws Exception {
    condition(given.secured("romeo").authenticates(mechanism, "x", TAGGED), condition);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<authenticate xmlns='urn:xmpp:sasl:2'/>|invalid-mechanism",
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>*"
            + "</initial-response></authenticate>|incorrect-encoding",
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response/>"
            + "</authenticate>|malformed-request",
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><user-agent id='x'/>"
            + "</authenticate>|malformed-request",
      })
  void malformedRequests(String xml, String condition, Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    romeo.sends(xml);
    condition(romeo.receives("failure", f -> {}), condition);
    romeo.logsIn(given.user("romeo"), Mechanism.PLAIN, "");
  }

  @Test
  void abortEndsTheExchange(Cast given) throws Exception {
    Account account = given.user("romeo");
    Client romeo = given.secured("romeo");
    Element challenge = romeo.authenticates("SCRAM-SHA-1", "n,,n=romeo,r=abc", TAGGED);
    assertTrue(challenge.is("challenge", SASL_2));
    romeo.sends("<abort xmlns='%s'><text>no</text></abort>", SASL_2);
    condition(romeo.receives("failure", f -> {}), "aborted");
    romeo.logsIn(account, Mechanism.SCRAM_SHA_1, TAGGED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<response xmlns='urn:xmpp:sasl:2'/>",
        "<abort xmlns='urn:xmpp:sasl:2'/>",
        "<bind xmlns='urn:xmpp:bind:0'/>",
        "<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>",
      })
  void nothingComesBeforeAuthenticate(String xml, Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    romeo.sends(xml);
    romeo.receivesStreamError("not-authorized");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>",
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>",
        "<bind xmlns='urn:xmpp:bind:0'/>",
        "<presence/>",
      })
  void nothingElseComesDuringTheExchange(String xml, Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    romeo.authenticates("SCRAM-SHA-1", "n,,n=romeo,r=abc", TAGGED);
    romeo.sends(xml);
    romeo.receivesStreamError("not-authorized");
  }

  @Test
  void authenticatingTwiceEndsTheStream(Cast given) throws Exception {
    String again = "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>";
    Client unbound = loggedIn(given, "romeo", "");
    unbound.sends(again);
    unbound.receivesStreamError("unsupported-stanza-type");
    Client bound = loggedIn(given, "romeo", TAGGED);
    bound.sends(again);
    bound.receivesStreamError("unsupported-stanza-type");
  }

  @Test
  void tooLargeARequest(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    romeo.sendsBytes(
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>"
            + "A".repeat(given.service().maxStanzaBytes()));
    romeo.receivesStreamError("policy-violation");
  }

  // XEP-0386.

  @Test
  void aSessionIsBoundWithTheLogin(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client one = loggedIn(given, "romeo", TAGGED);
    Client two = loggedIn(given, "romeo", TAGGED);
    assertTrue(one.resource().startsWith("Lute/"), one::toString);
    assertNotEquals(one.toString(), two.toString());
    assertFalse(one.offers("bind", Client.BIND));
    assertTrue(one.offers("sm", SM)); // can be enabled later
    one.sends("<message to='%s' type='chat'><body>hello</body></message>", juliet);
    juliet.receives("message", m -> m.from(one).body("hello"));
    juliet.sends("<message to='%s' type='chat'><body>you?</body></message>", one);
    one.receives("message", m -> m.from(juliet).body("you?"));
  }

  @Test
  void aTagThatMakesNoResourceIsLeftOut(Cast given) throws Exception {
    String tag = "x".repeat(1024);
    Client romeo =
        loggedIn(given, "romeo", "<bind xmlns='urn:xmpp:bind:0'><tag>" + tag + "</tag></bind>");
    assertFalse(romeo.resource().contains("x".repeat(100)));
  }

  @Test
  void anEarlierSessionOfTheSameClientEnds(Cast given) throws Exception {
    Client other = given.connected("romeo", "other");
    Client old = loggedIn(given, "romeo", AGENT + TAGGED);
    Client fresh = loggedIn(given, "romeo", AGENT + TAGGED);
    old.receivesStreamError("conflict");
    for (Client client : List.of(other, fresh)) {
      client.asks("get", null, "<query xmlns='jabber:iq:roster'/>", r -> r.type("result"));
    }
  }

  @Test
  void whatNobodyKnowsIsIgnored(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    Element success =
        romeo.logsIn(
            given.user("romeo"),
            Mechanism.SCRAM_SHA_1,
            "<bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:example:later'/></bind>"
                + "<other xmlns='urn:example:later'/>");
    Element bound = success.child("bound", BIND_2).orElseThrow();
    assertEquals(1, bound.children().size());
    assertTrue(bound.child("metadata", MAM).isPresent());
  }

  @Test
  void aClientLearnsTheEndsOfItsArchiveWithTheLogin(Cast given) throws Exception {
    assertTrue(metadata(loggingIn(given)).children().isEmpty());
    Client juliet = given.client("juliet", "balcony");
    Client phone = given.client("romeo", "phone");
    String first = null;
    String last = null;
    for (int i = 0; i < 3; i++) {
      juliet.sends("<message to='%s' type='chat'><body>%d</body></message>", phone.bare(), i);
      String body = Integer.toString(i);
      last =
          phone
              .receives("message", m -> m.body(body))
              .child("stanza-id", "urn:xmpp:sid:0")
              .orElseThrow()
              .attribute("id");
      first = first == null ? last : first;
    }
    Element metadata = metadata(loggingIn(given));
    assertEquals(first, metadata.child("start").orElseThrow().attribute("id"));
    assertEquals(last, metadata.child("end").orElseThrow().attribute("id"));
    Element asked =
        phone
            .asks("get", null, "<metadata xmlns='urn:xmpp:mam:2'/>", r -> r.type("result"))
            .child("metadata", MAM)
            .orElseThrow();
    assertEquals(asked.toString(), metadata.toString());
  }

  private static Element loggingIn(Cast given) throws Exception {
    return given.secured("romeo").logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_256, TAGGED);
  }

  private static Element metadata(Element success) {
    return success.child("bound", BIND_2).flatMap(b -> b.child("metadata", MAM)).orElseThrow();
  }

  // XEP-0198, section 9.

  @Test
  void aSessionIsManagedFromItsFirstStanza(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.secured("romeo");
    Element success = romeo.logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, AGENT + MANAGED);
    Element enabled =
        success.child("bound", BIND_2).flatMap(b -> b.child("enabled", SM)).orElseThrow();
    assertEquals("true", enabled.attribute("resume"));
    assertFalse(romeo.offers("sm", SM));
    romeo.sends("<message to='%s' type='chat'><body>one</body></message>", juliet);
    juliet.receives("message", m -> m.from(romeo).body("one"));
    juliet.sends("<message to='%s' type='chat'><body>two</body></message>", romeo);
    romeo.receives("message", m -> m.body("two"));
    romeo.close();
    juliet.sends("<message to='%s' type='chat'><body>three</body></message>", romeo);

    Client again = given.secured("romeo");
    Element resumed =
        again
            .logsIn(
                given.user("romeo"),
                Mechanism.SCRAM_SHA_1,
                AGENT + resume(enabled.attribute("id"), 1) + MANAGED)
            .child("resumed", SM)
            .orElseThrow();
    assertEquals("1", resumed.attribute("h"));
    again.receivesNext("message", m -> m.to(romeo).body("three"));
    again.sends("<r xmlns='urn:xmpp:sm:3'/>");
    again.receives("a", a -> a.attribute("h", "1"));
  }

  @Test
  void aSessionThatIsGoneGivesWayToANewOne(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    Element success =
        romeo.logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, resume("gone", 0) + MANAGED);
    Element failed = success.child("failed", SM).orElseThrow();
    assertTrue(failed.child("item-not-found", Client.STANZA_ERRORS).isPresent());
    assertTrue(success.child("bound", BIND_2).flatMap(b -> b.child("enabled", SM)).isPresent());
    romeo.asks("get", null, "<query xmlns='jabber:iq:roster'/>", r -> r.type("result"));
  }

  @Test
  void somebodyElsesSessionCannotBeResumed(Cast given) throws Exception {
    Client juliet = given.secured("juliet");
    String id =
        juliet
            .logsIn(given.user("juliet"), Mechanism.SCRAM_SHA_1, MANAGED)
            .child("bound", BIND_2)
            .flatMap(b -> b.child("enabled", SM))
            .orElseThrow()
            .attribute("id");
    Client tybalt = given.secured("tybalt");
    Element success = tybalt.logsIn(given.user("tybalt"), Mechanism.SCRAM_SHA_1, resume(id, 0));
    assertTrue(success.child("failed", SM).isPresent());
    assertFalse(success.child("resumed", SM).isPresent());
    assertTrue(tybalt.offers("bind", Client.BIND)); // logged in, and nothing more
    juliet.sends("<r xmlns='urn:xmpp:sm:3'/>");
    juliet.receives("a", a -> a.attribute("h", "0"));
  }

  @Test
  void nothingIsResumedOrBoundWithoutSuccess(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    String id =
        romeo
            .logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, MANAGED)
            .child("bound", BIND_2)
            .flatMap(b -> b.child("enabled", SM))
            .orElseThrow()
            .attribute("id");
    Account wrong = given.user("romeo").withPassword("guess");
    Element failure =
        given.secured("thief").triesToLogIn(wrong, Mechanism.SCRAM_SHA_1, resume(id, 0) + TAGGED);
    condition(failure, "not-authorized");
    assertEquals(1, failure.children().size());
    romeo.sends("<r xmlns='urn:xmpp:sm:3'/>");
    romeo.receives("a", a -> a.attribute("h", "0"));
  }

  @Test
  void acknowledgingWhatWasNeverSentEndsTheStream(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    String id =
        romeo
            .logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, MANAGED)
            .child("bound", BIND_2)
            .flatMap(b -> b.child("enabled", SM))
            .orElseThrow()
            .attribute("id");
    romeo.close();
    Client again = given.secured("romeo");
    again.sends(
        "<authenticate xmlns='%s' mechanism='PLAIN'><initial-response>%s</initial-response>%s"
            + "</authenticate>",
        SASL_2, Client.plain(given.user("romeo")), resume(id, 7));
    again.receivesStreamError("undefined-condition");
  }
}

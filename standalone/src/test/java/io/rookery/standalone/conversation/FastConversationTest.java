package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0484: a password once, then one round trip with a token. */
@Conversation
class FastConversationTest {
  private static final String FAST = "urn:xmpp:fast:0";
  private static final String SM = "urn:xmpp:sm:3";
  private static final String NONE = "HT-SHA-256-NONE";
  private static final String ENDP = "HT-SHA-256-ENDP";
  private static final String AGENT = "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>";
  private static final String MANAGED =
      "<bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>";
  private static final String USE = AGENT + "<fast xmlns='urn:xmpp:fast:0'/>";

  private static String wish(String mechanism) {
    return "<request-token xmlns='urn:xmpp:fast:0' mechanism='" + mechanism + "'/>";
  }

  /** A token for a login with a password. */
  private static String token(Cast given, String role, String mechanism) throws Exception {
    Client client = given.secured(role);
    Element success =
        client.logsIn(given.user(role), Mechanism.SCRAM_SHA_1, AGENT + wish(mechanism));
    client.leaves();
    Element token = success.child("token", FAST).orElseThrow();
    assertTrue(Instant.parse(token.attribute("expiry")).isAfter(Instant.now()));
    return token.attribute("token");
  }

  private static Element tries(
      Cast given, Client client, String mechanism, String token, String inline) throws Exception {
    return client.triesToken(given.user("romeo"), mechanism, token, inline);
  }

  private static void condition(Element failure, String condition) {
    assertTrue(failure.is("failure", Client.SASL_2), failure::toString);
    assertTrue(failure.child(condition, Client.SASL).isPresent(), failure::toString);
  }

  private static void isRefused(Cast given, String token, String inline) throws Exception {
    condition(tries(given, given.secured("romeo"), NONE, token, inline), "not-authorized");
  }

  @Test
  void itIsOffered(Cast given) throws Exception {
    Element fast =
        given
            .secured("romeo")
            .features()
            .child("authentication", Client.SASL_2)
            .flatMap(a -> a.child("inline"))
            .flatMap(i -> i.child("fast", FAST))
            .orElseThrow();
    for (String mechanism : new String[] {NONE, ENDP}) {
      assertTrue(fast.children().stream().anyMatch(m -> m.text().equals(mechanism)), mechanism);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {NONE, ENDP})
  void aTokenLogsInBindsAndResumesInOneRoundTrip(String mechanism, Cast given) throws Exception {
    String token = token(given, "romeo", mechanism);
    Client romeo = given.secured("romeo");
    Element success = romeo.succeeds(tries(given, romeo, mechanism, token, USE + MANAGED));
    assertFalse(success.child("token", FAST).isPresent());
    String id =
        success
            .child("bound", "urn:xmpp:bind:0")
            .flatMap(b -> b.child("enabled", SM))
            .orElseThrow()
            .attribute("id");
    romeo.asks("get", null, "<query xmlns='jabber:iq:roster'/>", r -> r.type("result"));
    romeo.close();

    Client again = given.secured("romeo");
    String resume = "<resume xmlns='urn:xmpp:sm:3' previd='" + id + "' h='1'/>";
    Element resumed = again.succeeds(tries(given, again, mechanism, token, USE + resume + MANAGED));
    assertEquals("1", resumed.child("resumed", SM).orElseThrow().attribute("h"));
  }

  @Test
  void aTokenIsGoodForItsMechanismClientAndProfileOnly(Cast given) throws Exception {
    String token = token(given, "romeo", ENDP);
    isRefused(given, token, USE);
    Client other = given.secured("romeo");
    condition(
        tries(given, other, ENDP, token, USE.replace("d4565fa7", "00000000")), "not-authorized");
    condition(tries(given, other, ENDP, token, AGENT), "invalid-mechanism"); // no fast element
    condition(
        tries(given, other, ENDP, token, "<fast xmlns='urn:xmpp:fast:0'/>"), "malformed-request");
    other.succeeds(tries(given, other, ENDP, token, USE));
  }

  @Test
  void somebodyElsesTokenIsOfNoUse(Cast given) throws Exception {
    String token = token(given, "juliet", NONE);
    given.user("romeo");
    isRefused(given, token, USE);
    Client nobody = given.secured("nobody");
    condition(nobody.triesToken(given.stranger("nobody"), NONE, token, USE), "not-authorized");
  }

  @Test
  void aCountIsGoodOnce(Cast given) throws Exception {
    String token = token(given, "romeo", NONE);
    String counted = AGENT + "<fast xmlns='urn:xmpp:fast:0' count='3'/>";
    Client romeo = given.secured("romeo");
    romeo.succeeds(tries(given, romeo, NONE, token, counted));
    isRefused(given, token, counted);
    Client again = given.secured("romeo");
    again.succeeds(tries(given, again, NONE, token, counted.replace("'3'", "'4'")));
  }

  @Test
  void aTokenThatIsGivenBackIsOver(Cast given) throws Exception {
    String token = token(given, "romeo", NONE);
    Client romeo = given.secured("romeo");
    String last = AGENT + "<fast xmlns='urn:xmpp:fast:0' invalidate='true'/>";
    Element success = romeo.succeeds(tries(given, romeo, NONE, token, last));
    assertFalse(success.child("token", FAST).isPresent());
    isRefused(given, token, USE);
  }

  @Test
  void aNewerTokenEndsTheOneBeforeWhenItIsUsed(Cast given) throws Exception {
    String first = token(given, "romeo", NONE);
    String second = token(given, "romeo", NONE);
    Client romeo = given.secured("romeo");
    romeo.succeeds(tries(given, romeo, NONE, first, USE));
    Client again = given.secured("romeo");
    again.succeeds(tries(given, again, NONE, second, USE));
    isRefused(given, first, USE);
  }

  @Test
  void aNewPasswordEndsTokens(Cast given) throws Exception {
    String token = token(given, "romeo", NONE);
    Client romeo = given.connected("romeo", "phone");
    romeo.asks(
        "set",
        null,
        "<query xmlns='jabber:iq:register'><username>"
            + given.user("romeo").localpart()
            + "</username><password>another</password></query>",
        r -> r.type("result"));
    isRefused(given, token, USE);
  }

  @Test
  void tokensGoWithTheAccount(Cast given) throws Exception {
    Account account = given.user("romeo");
    String token = token(given, "romeo", NONE);
    Client romeo = given.connected("romeo", "phone");
    romeo.sends("<iq type='set' id='bye'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    romeo.isDisconnected();
    Client stage = given.secured("romeo");
    Element reply = Cast.register(stage, account);
    for (int i = 0; i < 100 && reply.attribute("type").equals("error"); i++) {
      reply = Cast.register(stage, account); // the name is free when the account is gone
    }
    stage.expects(reply, r -> r.type("result"));
    isRefused(given, token, USE); // somebody else's account now
  }

  @Test
  void noTokenWithoutAUserAgent(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    Element success = romeo.logsIn(given.user("romeo"), Mechanism.SCRAM_SHA_1, wish(NONE));
    assertFalse(success.child("token", FAST).isPresent());
  }
}

package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Negotiation: TLS, SASL and resource binding (RFC 6120, sections 4 to 7; XEP-0368, XEP-0440). */
@Conversation
class SessionConversationTest {

  @Test
  void tlsIsRequiredAndNothingElseOffered(Cast given) throws Exception {
    Client romeo = given.connection("romeo").opensStream();
    assertTrue(
        romeo.features().child("starttls", Client.TLS).orElseThrow().child("required").isPresent());
    assertFalse(romeo.offers("mechanisms", Client.SASL));
  }

  @Test
  void directTlsNeedsNoStartTls(Cast given) throws Exception {
    Account account = given.user("romeo");
    Client romeo = given.directTlsConnection("romeo").opensStream();
    assertTrue(romeo.isEncrypted());
    assertFalse(romeo.offers("starttls", Client.TLS));
    romeo.authenticates(account, Mechanism.PLAIN).binds("phone");
    romeo.asks("get", null, "<query xmlns='jabber:iq:roster'/>", r -> r.type("result"));
  }

  @ParameterizedTest
  @EnumSource(Mechanism.class)
  void everyMechanismLogsIn(Mechanism mechanism, Cast given) throws Exception {
    Account account = given.user("romeo");
    Client romeo = given.secured("romeo");
    assertTrue(romeo.offers(mechanism), mechanism.saslName);
    romeo.authenticates(account, mechanism).binds("phone");
    assertEquals(account.bare(), romeo.bare());
  }

  @Test
  void channelBindingTypesAreAnnounced(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    String namespace = "urn:xmpp:sasl-cb:0";
    assertTrue(
        romeo.features().child("sasl-channel-binding", namespace).stream()
            .flatMap(b -> b.children("channel-binding", namespace).stream())
            .anyMatch(b -> "tls-server-end-point".equals(b.attribute("type"))));
  }

  @ParameterizedTest
  @EnumSource(Mechanism.class)
  void wrongPasswordAndUnknownUserLookTheSame(Mechanism mechanism, Cast given) throws Exception {
    Account wrong = given.user("romeo").withPassword("guess");
    Account nobody = given.stranger("nobody");
    Element first = given.secured("romeo").triesToAuthenticate(wrong, mechanism);
    Element second = given.secured("nobody").triesToAuthenticate(nobody, mechanism);
    assertTrue(first.child("not-authorized", Client.SASL).isPresent(), first::toString);
    assertEquals(first.toString(), second.toString());
  }

  @Test
  void failedLoginMayBeRepeatedOnTheStream(Cast given) throws Exception {
    Account account = given.user("romeo");
    Client romeo = given.secured("romeo");
    romeo.triesToAuthenticate(account.withPassword("guess"), Mechanism.PLAIN);
    romeo.authenticates(account, Mechanism.PLAIN).binds("phone");
  }

  @Test
  void wrongPasswordAndUnknownUserTakeTheSameTime(Cast given) throws Exception {
    Account wrong = given.user("romeo").withPassword("guess");
    Account nobody = given.stranger("nobody");
    long[] known = new long[9];
    long[] unknown = new long[9];
    for (int i = 0; i < known.length; i++) {
      known[i] = nanosToFail(given, wrong);
      unknown[i] = nanosToFail(given, nobody);
    }
    double ratio = (double) median(known) / median(unknown);
    assertTrue(ratio > 0.5 && ratio < 2, "known to unknown user: " + ratio);
  }

  @Test
  void unknownMechanismIsRefused(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    romeo.sends("<auth xmlns='%s' mechanism='MAGIC'>=</auth>", Client.SASL);
    romeo.receives("failure", f -> f.has("invalid-mechanism", Client.SASL));
  }

  @Test
  void serverMakesAResource(Cast given) throws Exception {
    Client one = given.connected("romeo", null);
    Client two = given.connected("romeo", null);
    assertFalse(one.resource().isEmpty());
    assertNotEquals(one.toString(), two.toString());
  }

  @Test
  void secondBindOfAResourceReplacesTheFirst(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client old = given.client("romeo", "phone");
    given.befriend(old, juliet);
    Client fresh = given.connected("romeo", "phone");
    old.receivesStreamError("conflict");
    assertEquals("phone", fresh.resource());
    fresh.sends("<presence/>");
    juliet.receives("presence", p -> p.from(fresh).type(null));
    juliet.sends("<message to='%s' type='chat'><body>you?</body></message>", fresh);
    fresh.receives("message", m -> m.from(juliet).body("you?"));
  }

  /** The server may choose another one instead (RFC 6120, section 7.7.2.1). */
  @Test
  void impossibleResourceIsNotBound(Cast given) throws Exception {
    Client romeo = given.authenticated("romeo");
    String bind = "<bind xmlns='" + Client.BIND + "'><resource>%s</resource></bind>";
    Element reply = romeo.asks("set", null, String.format(bind, "x".repeat(1024)));
    if (reply.attribute("type").equals("result")) {
      romeo.expects(reply, r -> r.that("another resource", e -> !e.toString().contains("/xxxx")));
    } else {
      romeo.expects(reply, r -> r.error("bad-request"));
    }
  }

  @Test
  void closedStreamIsClosedInReturn(Cast given) throws Exception {
    given.client("romeo", "phone").leaves();
  }

  private static long nanosToFail(Cast given, Account account) throws Exception {
    Client client = given.secured("timed");
    long start = System.nanoTime();
    client.triesToAuthenticate(account, Mechanism.PLAIN);
    long nanos = System.nanoTime() - start;
    client.close();
    return nanos;
  }

  private static long median(long[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}

package io.rookery.standalone.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input closes the stream it came on with the condition of RFC 6120, section 4.9.3, only. */
@Conversation
class BadInputConversationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<message><body></message>",
        "<message to='a' to='b'/>",
        "<message to=a/>",
        "<message x:y='1'/>",
        "<x:message/>",
        "<message>&undeclared;</message>",
        "<message>&#0;</message>",
        "<message>\u0001</message>",
        "<message>a]]>b</message>",
        "<<",
        "</message>"
      })
  void notWellFormed(String xml, Cast given) throws Exception {
    Client bystander = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    romeo.sendsBytes(xml + ">");
    romeo.receivesStreamError(
        "not-well-formed", "bad-format", "bad-namespace-prefix", "restricted-xml");
    isUnaffected(bystander);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"C0AF", "ED A0 80", "F5 80 80 80", "E2 82 3C", "FF", "80", "F0 9F 98 3C", "C3 28"})
  void badUtf8(String hex, Cast given) throws Exception {
    Client bystander = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("<message to='a@b.example'><body>".getBytes(UTF_8));
    bytes.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
    bytes.writeBytes("</body></message>".getBytes(UTF_8));
    romeo.sendsBytes(bytes.toByteArray());
    romeo.receivesStreamError("not-well-formed", "bad-format", "unsupported-encoding");
    isUnaffected(bystander);
  }

  @Test
  void otherEncoding(Cast given) throws Exception {
    Client romeo = given.connection("romeo");
    romeo.sendsBytes(
        Client.streamHeader(romeo.domain(), "version='1.0'")
            .replace("<?xml version='1.0'?>", "<?xml version='1.0' encoding='ISO-8859-1'?>"));
    romeo.receivesStreamError("unsupported-encoding", "not-well-formed", "bad-format");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!-- comment -->",
        "<?php echo?>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>",
        "<message><!-- comment --><body/></message>",
        "<message><body><?php echo?></body></message>"
      })
  void restrictedXmlInsideTheStream(String xml, Cast given) throws Exception {
    Client bystander = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    romeo.sendsBytes(xml);
    romeo.receivesStreamError("restricted-xml", "not-well-formed");
    isUnaffected(bystander);
  }

  @Test
  void entitiesAreNeverExpanded(Cast given) throws Exception {
    Client romeo = given.connection("romeo");
    romeo.sendsBytes(
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]>"
            + Client.streamHeader(romeo.domain(), "version='1.0' id='&b;'")
                .replace("<?xml version='1.0'?>", ""));
    romeo.receivesStreamError("restricted-xml", "not-well-formed");
  }

  @Test
  void tooLargeAStanza(Cast given) throws Exception {
    Client bystander = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    String body = "x".repeat(given.service().maxStanzaBytes());
    romeo.sendsBytes("<message to='" + bystander + "'><body>" + body);
    romeo.receivesStreamError("policy-violation");
    isUnaffected(bystander);
  }

  @Test
  void tooLargeAStanzaBeforeAuthentication(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    String secret = "A".repeat(given.service().maxStanzaBytes());
    romeo.sendsBytes("<auth xmlns='" + Client.SASL + "' mechanism='PLAIN'>" + secret);
    romeo.receivesStreamError("policy-violation");
  }

  @Test
  void tooLargeAStreamHeader(Cast given) throws Exception {
    Client romeo = given.connection("romeo");
    romeo.sendsBytes("<stream:stream xmlns='" + "x".repeat(given.service().maxStanzaBytes()));
    romeo.receivesStreamError("policy-violation");
  }

  @Test
  void depthBomb(Cast given) throws Exception {
    Client bystander = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    romeo.sendsBytes("<message>" + "<a>".repeat(50_000));
    romeo.receivesStreamError("policy-violation");
    isUnaffected(bystander);
  }

  @Test
  void attributeBomb(Cast given) throws Exception {
    Client bystander = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    StringBuilder message = new StringBuilder("<message");
    for (int i = 0; i < 10_000; i++) {
      message.append(" a").append(i).append("=''");
    }
    romeo.sendsBytes(message.append("/>").toString());
    romeo.receivesStreamError("policy-violation");
    isUnaffected(bystander);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          xmlns='jabber:client' xmlns:stream='urn:wrong' to='localhost' version='1.0' | invalid-namespace
          xmlns='urn:wrong' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0' | invalid-namespace
          xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='nowhere.example' version='1.0' | host-unknown
          xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='@@' version='1.0' | host-unknown
          xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='one' | unsupported-version
          xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' | unsupported-version
          """)
  void badStreamHeader(String attributes, String condition, Cast given) throws Exception {
    Client romeo = given.connection("romeo");
    String domain = romeo.domain();
    romeo.sendsBytes(
        "<stream:stream " + attributes.replace("'localhost'", "'" + domain + "'") + ">");
    romeo.receivesStreamError(
        condition, condition.equals("host-unknown") ? "improper-addressing" : condition);
  }

  @Test
  void notAStreamAtAll(Cast given) throws Exception {
    Client romeo = given.connection("romeo");
    romeo.sendsBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    romeo.isDisconnected();
  }

  @Test
  void stanzaOfAnotherNamespace(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.sendsBytes("<message xmlns='jabber:server' to='a@b.example'/>");
    romeo.receivesStreamError("invalid-namespace", "unsupported-stanza-type");
  }

  @Test
  void unknownStanza(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.sendsBytes("<letter to='a@b.example'/>");
    romeo.receivesStreamError("unsupported-stanza-type");
  }

  @Test
  void textBetweenStanzas(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.sendsBytes("hello?<presence/>");
    romeo.receivesStreamError("bad-format", "not-well-formed", "invalid-xml");
  }

  @Test
  void whitespaceBetweenStanzasIsFine(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.sendsBytes(" \n\r\t ");
    isUnaffected(romeo);
  }

  @ParameterizedTest
  @ValueSource(strings = {"message", "presence", "iq"})
  void forgedFrom(String kind, Cast given) throws Exception {
    Client bystander = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    romeo.sendsBytes(
        "<%s from='%s' to='%s' type='%s' id='f'/>"
            .formatted(kind, bystander, bystander, kind.equals("iq") ? "result" : "error"));
    romeo.receivesStreamError("invalid-from");
    bystander.receivesNothing();
  }

  @Test
  void ownFromIsFine(Cast given) throws Exception {
    Client juliet = given.client("juliet", "balcony");
    Client romeo = given.client("romeo", "phone");
    romeo.sends("<message from='%s' to='%s'><body>full</body></message>", romeo, juliet);
    juliet.receives("message", m -> m.from(romeo).body("full"));
    romeo.sends("<message from='%s' to='%s'><body>bare</body></message>", romeo.bare(), juliet);
    juliet.receives("message", m -> m.from(romeo).body("bare"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<message to='a@localhost'><body>x</body></message>",
        "<presence/>",
        "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>"
      })
  void stanzaBeforeAuthentication(String stanza, Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    romeo.sendsBytes(stanza);
    romeo.receivesStreamError("not-authorized");
  }

  @Test
  void stanzaBeforeBinding(Cast given) throws Exception {
    Client romeo = given.authenticated("romeo");
    romeo.sendsBytes("<message to='a@" + romeo.domain() + "'><body>x</body></message>");
    romeo.receivesStreamError("not-authorized");
  }

  @Test
  void saslWithoutTls(Cast given) throws Exception {
    Account account = given.user("romeo");
    Client romeo = given.connection("romeo").opensStream();
    Element failure = romeo.triesToAuthenticate(account, Mechanism.PLAIN);
    romeo.expects(
        failure,
        f ->
            f.that(
                "encryption-required or invalid-mechanism",
                e ->
                    e.child("encryption-required", Client.SASL).isPresent()
                        || e.child("invalid-mechanism", Client.SASL).isPresent()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"message", "presence", "iq"})
  void malformedAddress(String kind, Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    for (String to :
        new String[] {"@localhost", "a@@localhost", "a b@localhost", "a@localhost/", ""}) {
      romeo.sends(
          "<%s to='%s' id='j1' %s><q xmlns='urn:rookery:test:unknown'/></%s>",
          kind, to, kind.equals("iq") ? "type='get'" : "", kind);
      romeo.receives(kind, s -> s.id("j1").error("jid-malformed"));
    }
    romeo.receivesNothing();
  }

  @Test
  void malformedAddressOfAnErrorIsNotAnswered(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.sends("<message to='@localhost' type='error'/>");
    romeo.receivesNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<stream:stream xmlns='jabber:client' ", "<?xml version='1.0'?>"})
  void silentPeerIsClosedByTimeOut(String beginning, Cast given) throws Exception {
    Client bystander = given.client("juliet", "balcony");
    Client romeo = given.connection("romeo");
    if (!beginning.isEmpty()) {
      romeo.sendsBytes(beginning);
    }
    romeo.isDisconnectedWithin(limit(given));
    isUnaffected(bystander);
  }

  @Test
  void peerThatStopsNegotiatingIsClosedByTimeOut(Cast given) throws Exception {
    Client romeo = given.secured("romeo");
    romeo.sends("<auth xmlns='%s' mechanism='SCRAM-SHA-1'>biwsbj1hLHI9Yg==</auth>", Client.SASL);
    romeo.isDisconnectedWithin(limit(given));
  }

  @Test
  void peerThatStopsInTheTlsHandshakeIsClosedByTimeOut(Cast given) throws Exception {
    Client romeo = given.connection("romeo").opensStream();
    romeo.stallsInTls();
    romeo.isDisconnectedWithin(limit(given));
  }

  private static long limit(Cast given) {
    return given.service().negotiationTimeout().plus(Duration.ofSeconds(10)).toNanos();
  }

  private static void isUnaffected(Client bystander) {
    bystander.asks("get", null, "<query xmlns='jabber:iq:roster'/>", r -> r.type("result"));
    bystander.receivesNothing();
  }
}

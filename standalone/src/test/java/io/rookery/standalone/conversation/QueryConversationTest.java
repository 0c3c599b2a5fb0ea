package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What may be asked of the service: disco, version, ping, time, last activity, contacts. */
@Conversation
class QueryConversationTest {
  private static final String INFO = "http://jabber.org/protocol/disco#info";
  private static final String LAST = "<query xmlns='jabber:iq:last'/>";

  /** XEP-0030. */
  @Test
  void serverDescribesItself(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Element info = info(romeo, romeo.domain());
    romeo.expects(
        info,
        q ->
            q.has(
                "identity", INFO, i -> i.attribute("category", "server").attribute("type", "im")));
    Set<String> features =
        info.children("feature", INFO).stream()
            .map(f -> f.attribute("var"))
            .collect(Collectors.toSet());
    Set<String> expected =
        Set.of(
            INFO,
            "http://jabber.org/protocol/disco#items",
            "jabber:iq:version",
            "urn:xmpp:ping",
            "urn:xmpp:time",
            "jabber:iq:last",
            "jabber:iq:register",
            "msgoffline");
    assertTrue(features.containsAll(expected), () -> expected + " expected, got " + features);
  }

  @Test
  void serverListsItsItems(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "get",
        romeo.domain(),
        "<query xmlns='http://jabber.org/protocol/disco#items'/>",
        r -> r.type("result").has("query", "http://jabber.org/protocol/disco#items"));
  }

  @Test
  void unknownNodeIsItemNotFound(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "get",
        romeo.domain(),
        "<query xmlns='" + INFO + "' node='urn:rookery:test:nowhere'/>",
        r -> r.error("item-not-found"));
  }

  @Test
  void ownAccountIsRegistered(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.expects(
        info(romeo, romeo.bare()),
        q ->
            q.has(
                "identity",
                INFO,
                i -> i.attribute("category", "account").attribute("type", "registered")));
  }

  @Test
  void strangersAccountAndNobodyLookTheSame(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String query = "<query xmlns='" + INFO + "'/>";
    romeo.asks("get", given.user("juliet").bare(), query, r -> r.error("service-unavailable"));
    romeo.asks("get", given.stranger("nobody").bare(), query, r -> r.error("service-unavailable"));
  }

  /** XEP-0092. */
  @Test
  void version(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.asks(
        "get",
        romeo.domain(),
        "<query xmlns='jabber:iq:version'/>",
        r ->
            r.type("result")
                .has(
                    "query",
                    "jabber:iq:version",
                    q -> q.has("name", "jabber:iq:version").has("version", "jabber:iq:version")));
  }

  /** XEP-0199. */
  @Test
  void ping(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String ping = "<ping xmlns='urn:xmpp:ping'/>";
    romeo.asks("get", romeo.domain(), ping, r -> r.type("result"));
    romeo.asks("get", romeo.bare(), ping, r -> r.type("result"));
    romeo.asks("get", null, ping, r -> r.type("result"));
  }

  /** XEP-0202. */
  @Test
  void time(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Element reply =
        romeo.asks("get", romeo.domain(), "<time xmlns='urn:xmpp:time'/>", r -> r.type("result"));
    Element time = reply.child("time", "urn:xmpp:time").orElseThrow();
    Instant utc = Instant.parse(time.child("utc").orElseThrow().text());
    assertTrue(Duration.between(utc, Instant.now()).abs().toMinutes() < 5);
    String offset = time.child("tzo").orElseThrow().text();
    assertTrue(offset.matches("Z|[+-]\\d\\d:\\d\\d"), offset);
  }

  /** XEP-0012, section 4: uptime of the server. */
  @Test
  void uptime(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.expects(
        romeo.asks("get", romeo.domain(), LAST),
        r -> r.type("result").has("query", "jabber:iq:last", QueryConversationTest::seconds));
  }

  /** XEP-0012, section 3: of a user who is away, for subscribers only. */
  @Test
  void lastActivityOfAContactWhoIsAway(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    Client paris = given.client("paris", "carriage");
    given.subscribe(romeo, juliet);
    juliet.sends("<presence type='unavailable'><status>Asleep</status></presence>");
    juliet.leaves();
    romeo.receives("presence", p -> p.from(juliet).type("unavailable"));
    romeo.asks(
        "get",
        juliet.bare(),
        LAST,
        r -> r.type("result").has("query", "jabber:iq:last", q -> seconds(q).text("Asleep")));
    paris.asks("get", juliet.bare(), LAST, r -> r.error("forbidden"));
  }

  /** XEP-0157. */
  @Test
  void contactAddresses(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Element info = info(romeo, romeo.domain());
    String data = "jabber:x:data";
    romeo.expects(
        info,
        q ->
            q.has(
                "x",
                data,
                x ->
                    x.type("result")
                        .has(
                            "field",
                            data,
                            f ->
                                f.attribute("var", "FORM_TYPE")
                                    .has(
                                        "value",
                                        data,
                                        v -> v.text("http://jabber.org/network/serverinfo")))
                        .has("field", data, f -> f.attribute("var", "abuse-addresses"))));
  }

  private static Element info(Client client, String of) {
    return client
        .asks("get", of, "<query xmlns='" + INFO + "'/>", r -> r.type("result"))
        .child("query", INFO)
        .orElseThrow();
  }

  private static Expectation seconds(Expectation query) {
    return query.that(
        "a number of seconds",
        e -> e.attribute("seconds") != null && e.attribute("seconds").matches("\\d+"));
  }
}

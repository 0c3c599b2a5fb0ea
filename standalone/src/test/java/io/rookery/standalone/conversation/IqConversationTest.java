package io.rookery.standalone.conversation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IQ rules (RFC 6120, section 8.2.3; RFC 6121, section 8.5): one reply for every request. */
@Conversation
class IqConversationTest {
  private static final String UNKNOWN = "<query xmlns='urn:rookery:test:unknown'/>";

  @Test
  void clientsTalkToEachOther(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.sends("<iq to='%s' type='get' id='q1'>%s</iq>", juliet, UNKNOWN);
    juliet.receives(
        "iq",
        iq ->
            iq.from(romeo)
                .to(juliet)
                .id("q1")
                .type("get")
                .has("query", "urn:rookery:test:unknown"));
    juliet.sends("<iq to='%s' type='result' id='q1'/>", romeo);
    romeo.receives("iq", iq -> iq.from(juliet).to(romeo).id("q1").type("result"));
    romeo.receivesNothing();
    juliet.receivesNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "set"})
  void unknownPayloadIsRefusedOnce(String type, Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "balcony");
    romeo.asks(type, null, UNKNOWN, r -> r.error("service-unavailable"));
    romeo.asks(type, romeo.domain(), UNKNOWN, r -> r.error("service-unavailable"));
    romeo.asks(type, romeo.bare(), UNKNOWN, r -> r.error("service-unavailable"));
    romeo.asks(
        type, juliet.bare(), UNKNOWN, r -> r.from(juliet.bare()).error("service-unavailable"));
    romeo.receivesNothing();
    juliet.receivesNothing();
  }

  @Test
  void absentResourceAndAbsentUserAreUnavailable(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String juliet = given.user("juliet").bare();
    String nobody = given.stranger("nobody").bare();
    romeo.asks("get", juliet + "/gone", UNKNOWN, r -> r.error("service-unavailable"));
    romeo.asks("get", nobody, UNKNOWN, r -> r.error("service-unavailable"));
    romeo.asks("get", nobody + "/gone", UNKNOWN, r -> r.error("service-unavailable"));
    romeo.receivesNothing();
  }

  @Test
  void repliesToNobodyVanish(Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    String juliet = given.user("juliet").bare();
    for (String to : new String[] {romeo.domain(), juliet, juliet + "/gone"}) {
      romeo.sends("<iq to='%s' type='result' id='r1'/>", to);
      romeo.sends(
          "<iq to='%s' type='error' id='r2'><error type='cancel'><gone xmlns='%s'/></error></iq>",
          to, Client.STANZA_ERRORS);
    }
    romeo.receivesNothing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<iq type='get' id='bad'/>",
        "<iq type='set' id='bad'><a xmlns='urn:a'/><b xmlns='urn:b'/></iq>",
        "<iq type='dance' id='bad'><query xmlns='urn:rookery:test:unknown'/></iq>",
        "<iq id='bad'><query xmlns='urn:rookery:test:unknown'/></iq>"
      })
  void malformedRequestsAreBadRequests(String iq, Cast given) throws Exception {
    Client romeo = given.client("romeo", "phone");
    romeo.sends(iq);
    romeo.receives("iq", r -> r.id("bad").error("bad-request"));
    romeo.receivesNothing();
  }
}

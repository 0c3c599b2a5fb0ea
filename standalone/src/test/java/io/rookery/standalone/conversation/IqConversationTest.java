package io.rookery.standalone.conversation;

import org.junit.jupiter.api.Test;

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
}

package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** XEP-0357: Push Notifications. The app server is a client of the same service. */
@Conversation
class PushConversationTest {
  private static final String NS = "urn:xmpp:push:0";
  private static final String PUBSUB = "http://jabber.org/protocol/pubsub";
  private static final String FORMS = "jabber:x:data";
  private static final String OPTIONS =
      "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
          + "<value>http://jabber.org/protocol/pubsub#publish-options</value></field>"
          + "<field var='secret'><value>s3</value></field></x>";

  private static String enable(Object service, String content) {
    return "<enable xmlns='urn:xmpp:push:0' jid='%s' node='n1'>%s</enable>"
        .formatted(service, content);
  }

  private static void enables(Client client, Client app) {
    client.asks("set", null, enable(app, OPTIONS), r -> r.type("result").hasNot("enable", NS));
  }

  private static void says(Client from, String to, String body) {
    from.sends("<message to='%s' type='chat'><body>%s</body></message>", to, body);
  }

  private static Element published(Client app, String bare) {
    return app.receives("iq", iq -> iq.type("set").from(bare).has("pubsub", PUBSUB));
  }

  private static Map<String, String> summary(Element iq) {
    Element form =
        iq.child("pubsub", PUBSUB)
            .flatMap(p -> p.child("publish"))
            .flatMap(p -> p.child("item"))
            .flatMap(i -> i.child("notification", NS))
            .flatMap(n -> n.child("x", FORMS))
            .orElseThrow();
    return form.children("field", FORMS).stream()
        .collect(
            Collectors.toMap(
                field -> field.attribute("var"),
                field -> field.child("value").map(Element::text).orElse("")));
  }

  private static void counts(String unread, Element iq) {
    assertEquals(unread, summary(iq).get("message-count"), iq::toString);
  }

  private static void takes(Client app, Element iq) {
    app.sends("<iq type='result' id='%s' to='%s'/>", iq.attribute("id"), iq.attribute("from"));
  }

  private static void refuses(Client app, Element iq, String condition) {
    app.sends(
        "<iq type='error' id='%s' to='%s'><error type='cancel'>"
            + "<%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        iq.attribute("id"), iq.attribute("from"), condition);
  }

  @Test
  void itIsAnnouncedToTheAccount(Cast given) throws Exception {
    Client juliet = given.client("juliet", "phone");
    juliet.asks(
        "get",
        juliet.bare(),
        "<query xmlns='http://jabber.org/protocol/disco#info'/>",
        r ->
            r.has(
                "query",
                "http://jabber.org/protocol/disco#info",
                q ->
                    q.has(
                        "feature",
                        "http://jabber.org/protocol/disco#info",
                        f -> f.attribute("var", NS))));
  }

  @Test
  void whoIsAwayIsNotified(Cast given) throws Exception {
    Client app = given.client("app", "server");
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    enables(juliet, app);
    says(romeo, juliet.bare(), "seen");
    juliet.receives("message", m -> m.body("seen"));
    String bare = juliet.bare();
    juliet.leaves();
    romeo.sends(
        "<message to='%s' type='chat'>"
            + "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
        bare);
    says(romeo, bare, "missed");
    Element first = published(app, bare);
    counts("1", first);
    assertEquals(Set.of("FORM_TYPE", "message-count"), summary(first).keySet());
    Element pubsub = first.child("pubsub", PUBSUB).orElseThrow();
    assertEquals("n1", pubsub.child("publish").orElseThrow().attribute("node"));
    app.expects(
        pubsub.child("publish-options").orElseThrow(),
        o -> o.has("x", FORMS, x -> x.has("field", FORMS, f -> f.attribute("var", "secret"))));
    says(romeo, bare, "two more");
    says(romeo, bare, "at once");
    app.receivesNothing();
    takes(app, first);
    Element second = published(app, bare);
    counts("3", second);
    takes(app, second);
    app.receivesNothing();

    Client again = given.client("juliet", "phone");
    says(romeo, bare, "seen, too");
    again.receives("message", m -> m.body("seen, too"));
    again.leaves();
    says(romeo, bare, "missed again");
    counts("1", published(app, bare));
  }

  @Test
  void whoLosesTheConnectionIsNotified(Cast given) throws Exception {
    Client app = given.client("app", "server");
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    enables(juliet, app);
    juliet.sends("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    String id = juliet.receives("enabled", e -> {}).attribute("id");
    juliet.close();
    says(romeo, juliet.bare(), "while away");
    Element first = published(app, juliet.bare());
    counts("1", first);
    takes(app, first);
    Client again = given.authenticated("juliet");
    again.sends("<resume xmlns='urn:xmpp:sm:3' previd='%s' h='0'/>".formatted(id));
    again.receives("resumed", r -> {});
    again.isNow(juliet);
    again.receives("message", m -> m.body("while away"));
    again.sends("<inactive xmlns='urn:xmpp:csi:0'/>");
    says(romeo, juliet.bare(), "while nobody looks");
    again.receives("message", m -> m.body("while nobody looks"));
    app.receivesNothing();
  }

  @Test
  void whoHasDisabledItIsNot(Cast given) throws Exception {
    Client app = given.client("app", "server");
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    enables(juliet, app);
    juliet.asks(
        "set",
        juliet.bare(),
        "<disable xmlns='urn:xmpp:push:0' jid='" + app + "'/>",
        r -> r.type("result"));
    String bare = juliet.bare();
    juliet.leaves();
    says(romeo, bare, "missed");
    app.receivesNothing();
  }

  @Test
  void anErrorEndsIt(Cast given) throws Exception {
    Client app = given.client("app", "server");
    Client tybalt = given.client("tybalt", "phone");
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    enables(juliet, app);
    String bare = juliet.bare();
    juliet.leaves();
    says(romeo, bare, "one");
    Element first = published(app, bare);
    refuses(tybalt, first, "item-not-found"); // has not been asked
    tybalt.settles();
    says(romeo, bare, "two");
    takes(app, first);
    Element second = published(app, bare);
    refuses(app, second, "item-not-found");
    app.settles();
    says(romeo, bare, "three");
    app.receivesNothing();
  }

  @Test
  void whoWantsToSubscribeIsTold(Cast given) throws Exception {
    Client app = given.client("app", "server");
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    enables(juliet, app);
    String bare = juliet.bare();
    juliet.leaves();
    romeo.sends("<presence to='%s' type='subscribe'/>", bare);
    Map<String, String> summary = summary(published(app, bare));
    assertEquals("1", summary.get("pending-subscription-count"));
    assertEquals("0", summary.get("message-count"));
  }

  @Test
  void registrationsAndCountsSurviveARestart(Cast given) throws Exception {
    Client app = given.client("app", "server");
    Client romeo = given.client("romeo", "phone");
    Client juliet = given.client("juliet", "phone");
    enables(juliet, app);
    String bare = juliet.bare();
    juliet.leaves();
    says(romeo, bare, "before");
    Element before = published(app, bare);
    counts("1", before);
    takes(app, before);
    app.settles();
    app.leaves();
    romeo.leaves();
    given.service().restart();
    Client appAgain = given.client("app", "server");
    says(given.client("romeo", "phone"), bare, "after");
    counts("2", published(appAgain, bare));
  }

  @Test
  void badRequests(Cast given) throws Exception {
    Client app = given.client("app", "server");
    Client juliet = given.client("juliet", "phone");
    Client romeo = given.client("romeo", "phone");
    juliet.asks("set", null, "<enable xmlns='urn:xmpp:push:0'/>", r -> r.error("bad-request"));
    juliet.asks("set", null, "<disable xmlns='urn:xmpp:push:0'/>", r -> r.error("bad-request"));
    juliet.asks("set", null, enable("@", ""), r -> r.error("jid-malformed"));
    juliet.asks("set", null, enable(juliet.bare(), ""), r -> r.error("not-acceptable"));
    juliet.asks(
        "set",
        null,
        enable(app, OPTIONS.replace("s3", "s".repeat(5000))),
        r -> r.error("policy-violation"));
    juliet.asks("get", null, enable(app, ""), r -> r.error("service-unavailable"));
    romeo.asks("set", juliet.bare(), enable(app, ""), r -> r.error("forbidden"));
    romeo.asks("set", given.stranger("nobody").bare(), enable(app, ""), r -> r.error("forbidden"));
  }
}

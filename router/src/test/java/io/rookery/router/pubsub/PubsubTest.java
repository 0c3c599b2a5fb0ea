package io.rookery.router.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.RosterItem.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests in, replies and notifications out. */
class PubsubTest {
  private static final Jid FRIEND = Given.ROMEO.bare();
  private static final Jid NURSE = Jid.parse("nurse@capulet.example");
  private static final Jid STRANGER = Jid.parse("paris@capulet.example");
  private static final Jid PARIS = STRANGER.withResource("carriage");
  private static final String SUBSCRIBE =
      "<pubsub xmlns='http://jabber.org/protocol/pubsub'><%s node='%s' jid='%s'/></pubsub>";
  private static final String PUBLISH =
      "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='%s'>"
          + "<item id='%s'><a xmlns='urn:a'>%s</a></item></publish>%s</pubsub>";
  private static final String ITEMS =
      "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='%s'/></pubsub>";
  private static final String OWNER =
      "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>%s</pubsub>";

  private final Vertx vertx = Vertx.vertx();
  private final LiveAccount juliet =
      Given.account(
          Given.JULIET,
          true,
          Given.contact(FRIEND, Subscription.BOTH),
          new RosterItem(
              NURSE, null, Subscription.FROM, false, false, null, false, Set.of("Servants")),
          Given.contact(STRANGER, Subscription.TO));
  private final MemoryNodes store = new MemoryNodes();
  private final Pubsub pubsub =
      new Pubsub(
          new KnownNodes(store, account -> 0, 1 << 20),
          new Acquaintance(jid -> jid.equals(Given.JULIET) ? account() : null, null, null),
          new Retries(
              vertx, () -> CompletableFuture.completedFuture(null), new SimpleMeterRegistry()),
          new Limits(3, 5, 100, 250),
          Clock.systemUTC(),
          () -> "made",
          List.of());
  private final IqDispatcher dispatcher = new IqDispatcher(new Extensions(List.of(pubsub)));

  private LiveAccount account() {
    return juliet;
  }

  @AfterEach
  void close() {
    vertx.close();
  }

  private IqReply ask(StanzaType type, Jid from, String payload) {
    boolean own = from.bare().equals(Given.JULIET);
    Stanza iq = Stanza.of(type, from, Given.JULIET, "1", Element.parse(payload));
    return dispatcher
        .answer(iq, own ? IqTarget.OWN_ACCOUNT : IqTarget.OTHER_ACCOUNT, juliet, null)
        .result();
  }

  private IqReply set(String payload) {
    return ask(StanzaType.IQ_SET, Given.JULIET, payload);
  }

  private IqReply publish(String node, String id, String text, String... options) {
    return set(PUBLISH.formatted(node, id, text, options(options)));
  }

  private static String options(String... options) {
    return options.length == 0
        ? ""
        : "<publish-options>" + form("publish-options", options) + "</publish-options>";
  }

  private static String form(String about, String... options) {
    StringBuilder form =
        new StringBuilder("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>")
            .append("<value>http://jabber.org/protocol/pubsub#" + about + "</value></field>");
    for (int i = 0; i < options.length; i += 2) {
      form.append("<field var='pubsub#" + options[i] + "'><value>")
          .append(options[i + 1] + "</value></field>");
    }
    return form.append("</x>").toString();
  }

  /** The texts at the node, or the error. */
  private String seen(Jid from, String node) {
    IqReply reply = ask(StanzaType.IQ_GET, from, ITEMS.formatted(node));
    return reply.error() != null
        ? error(reply)
        : String.join(
            " ",
            reply.payload().children().get(0).children().stream()
                .map(item -> item.children().get(0).text())
                .toList());
  }

  private static String error(IqReply reply) {
    String application = reply.error().application();
    return reply.error().condition().xmlName()
        + (application == null ? "" : " " + Element.parse(application).name());
  }

  private static Effect.ToAccounts notified(IqReply reply) {
    assertNull(reply.error());
    return (Effect.ToAccounts) reply.effects().get(0);
  }

  @Test
  void aFirstPublicationMakesTheNodeAndTellsSubscribersToPresence() {
    Effect.ToAccounts told = notified(publish("mood", "current", "happy"));
    assertEquals(Set.of(Given.JULIET, FRIEND, NURSE), Set.copyOf(told.accounts()));
    assertEquals("mood", Notifications.node(told.stanza()));
    assertEquals("happy", seen(Given.JULIET, "mood"));
    assertEquals("happy", seen(Given.ROMEO, "mood"));
    assertEquals("not-authorized presence-subscription-required", seen(STRANGER, "mood"));
    assertEquals("item-not-found", seen(Given.ROMEO, "tune"));
  }

  @Test
  void messagesOfClientsAreNoNotifications() {
    Stanza stanza = notified(publish("mood", "current", "happy")).stanza();
    assertNull(Notifications.node(stanza.withFrom(Given.ROMEO)));
    assertNull(Notifications.node(stanza.withTo(Given.ROMEO)));
  }

  @Test
  void oneItemIsKeptUnlessMoreAreWanted() {
    publish("one", "a", "1");
    publish("one", "b", "2");
    assertEquals("2", seen(Given.JULIET, "one"));
    for (int i = 1; i <= 7; i++) {
      publish("many", "i" + i, "" + i, "max_items", "max");
    }
    assertEquals("3 4 5 6 7", seen(Given.JULIET, "many"));
    publish("many", "i4", "new", "max_items", "5"); // in the place of the old one, but the last
    assertEquals("3 5 6 7 new", seen(Given.JULIET, "many"));
  }

  @Test
  void theBytesOfANodeAreBounded() {
    String text = "x".repeat(60);
    publish("many", "a", text, "max_items", "max");
    publish("many", "b", text, "max_items", "max");
    publish("many", "c", text, "max_items", "max");
    publish("many", "d", "y", "max_items", "max");
    assertEquals(text + " " + text + " y", seen(Given.JULIET, "many"));
  }

  @Test
  void aFullNodeRefusesWhenToldTo() {
    publish("n", "a", "1", "publish_node_full", "reject");
    assertEquals("conflict node-full", error(publish("n", "b", "2")));
    assertNull(publish("n", "a", "3").error());
  }

  @Test
  void optionsMakeANodeAndAreThenPreconditions() {
    String[] bookmarks = {
      "access_model", "whitelist",
      "max_items", "max",
      "persist_items", "1",
      "send_last_published_item", "never"
    };
    Effect.ToAccounts told = notified(publish("urn:xmpp:bookmarks:1", "a", "1", bookmarks));
    assertEquals(List.of(Given.JULIET), List.copyOf(told.accounts()));
    assertEquals("not-allowed closed-node", seen(Given.ROMEO, "urn:xmpp:bookmarks:1"));
    assertNull(publish("urn:xmpp:bookmarks:1", "b", "2", bookmarks).error());
    assertEquals(
        "conflict precondition-not-met",
        error(publish("urn:xmpp:bookmarks:1", "c", "3", "access_model", "open")));
    assertEquals(
        "conflict precondition-not-met",
        error(publish("urn:xmpp:bookmarks:1", "c", "3", "no_such_field", "1")));
    assertEquals("1 2", seen(Given.JULIET, "urn:xmpp:bookmarks:1"));
  }

  @Test
  void anOpenNodeIsSeenByAllAndToldToSubscribersOnly() {
    Effect.ToAccounts told = notified(publish("omemo", "current", "keys", "access_model", "open"));
    assertEquals(Set.of(Given.JULIET, FRIEND, NURSE), Set.copyOf(told.accounts()));
    assertEquals("keys", seen(STRANGER, "omemo"));
  }

  @Test
  void aNodeForARosterGroupIsSeenByItsMembers() {
    set(
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='n'/><configure>"
            + form("node_config", "access_model", "roster", "roster_groups_allowed", "Servants")
            + "</configure></pubsub>");
    Effect.ToAccounts told = notified(publish("n", "a", "1"));
    assertEquals(Set.of(Given.JULIET, NURSE), Set.copyOf(told.accounts()));
    assertEquals("1", seen(NURSE, "n"));
    assertEquals("not-authorized not-in-roster-group", seen(Given.ROMEO, "n"));
  }

  @Test
  void affiliationsComeBeforeTheAccessModel() {
    publish("n", "a", "1", "access_model", "whitelist");
    assertNull(affiliate("member", STRANGER).error());
    assertEquals("1", seen(STRANGER, "n"));
    affiliate("publisher", STRANGER);
    assertNull(ask(StanzaType.IQ_SET, STRANGER, PUBLISH.formatted("n", "b", "2", "")).error());
    affiliate("outcast", STRANGER);
    assertEquals("forbidden", seen(STRANGER, "n"));
    assertEquals("not-acceptable", error(affiliate("owner", STRANGER)));
    assertEquals("not-acceptable", error(affiliate("none", Given.JULIET)));
  }

  @Test
  void whoIsGoneIsNothingToANode() {
    publish("n", "a", "1", "access_model", "open");
    affiliate("publisher", STRANGER);
    subscribe(PARIS, PARIS);
    subscribe(FRIEND, FRIEND);
    assertTrue(pubsub.gone(juliet, STRANGER).succeeded());
    assertEquals(
        "forbidden", error(ask(StanzaType.IQ_SET, STRANGER, PUBLISH.formatted("n", "b", "2", ""))));
    assertEquals(List.of(), subscriptions(PARIS));
    assertEquals(1, subscriptions(FRIEND).size());
  }

  private IqReply affiliate(String what, Jid whom) {
    return set(
        OWNER.formatted(
            "<affiliations node='n'><affiliation jid='%s' affiliation='%s'/></affiliations>"
                .formatted(whom, what)));
  }

  @Test
  void othersMayNotChangeAnything() {
    publish("n", "a", "1", "access_model", "open");
    String retract =
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><retract node='n'>"
            + "<item id='a'/></retract></pubsub>";
    for (String payload :
        List.of(
            PUBLISH.formatted("n", "a", "2", ""),
            PUBLISH.formatted("new", "a", "2", ""),
            retract,
            OWNER.formatted("<purge node='n'/>"),
            OWNER.formatted("<delete node='n'/>"),
            OWNER.formatted("<delete node='unknown'/>"))) {
      assertEquals("forbidden", error(ask(StanzaType.IQ_SET, Given.ROMEO, payload)), payload);
    }
    assertEquals("1", seen(Given.JULIET, "n"));
  }

  @Test
  void retractPurgeAndDelete() {
    publish("n", "a", "1", "max_items", "5");
    publish("n", "b", "2");
    String retract =
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><retract node='n' notify='true'>"
            + "<item id='%s'/></retract></pubsub>";
    Element event = event(set(retract.formatted("a")));
    assertEquals("a", event.children().get(0).attribute("id"));
    assertEquals("retract", event.children().get(0).name());
    assertEquals("item-not-found", error(set(retract.formatted("a"))));
    assertEquals("bad-request item-required", error(set(retract.replace(" id='%s'", ""))));
    assertEquals("purge", event(set(OWNER.formatted("<purge node='n'/>"))).name());
    assertEquals("", seen(Given.JULIET, "n"));
    assertEquals("delete", event(set(OWNER.formatted("<delete node='n'/>"))).name());
    assertEquals("item-not-found", seen(Given.JULIET, "n"));
  }

  private static Element event(IqReply reply) {
    return notified(reply)
        .stanza()
        .payload()
        .element("http://jabber.org/protocol/pubsub#event", "event")
        .children()
        .get(0);
  }

  @Test
  void aNewConfigurationHoldsForWhatIsThere() {
    for (int i = 1; i <= 3; i++) {
      publish("n", "i" + i, "" + i, "max_items", "5");
    }
    assertNull(
        set(OWNER.formatted(
                "<configure node='n'>"
                    + form("node_config", "max_items", "2", "access_model", "whitelist")
                    + "</configure>"))
            .error());
    assertEquals("2 3", seen(Given.JULIET, "n"));
    assertEquals("not-allowed closed-node", seen(Given.ROMEO, "n"));
    assertEquals(
        "not-acceptable unsupported-access-model",
        error(
            set(
                OWNER.formatted(
                    "<configure node='n'>"
                        + form("node_config", "access_model", "nonsense")
                        + "</configure>"))));
    IqReply form = ask(StanzaType.IQ_GET, Given.JULIET, OWNER.formatted("<configure node='n'/>"));
    assertTrue(form.payload().toString().contains("<value>whitelist</value>"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<publish><item/></publish>; bad-request nodeid-required",
        "<publish node='n'/>; bad-request item-required",
        "<publish node='n'><item/></publish>; bad-request payload-required",
        "<publish node='n'><item/><item/></publish>; not-allowed max-items-exceeded",
        "<publish node='n'><item><a/><b/></item></publish>; bad-request invalid-payload",
        "<publish node='n'><item><a b='" + "xxxxxxxxxx" + "'/></item></publish>; ''",
        "<publish node='n'><item><a b='"
            + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'/></item></publish>;"
            + " not-acceptable payload-too-big",
        "<create/>; not-acceptable nodeid-required",
        "<subscribe jid='juliet@capulet.example'/>; bad-request nodeid-required",
        "<subscribe node='n'/>; bad-request invalid-jid",
        "<subscribe node='n' jid='romeo@montague.example'/>; bad-request invalid-jid",
        "<subscribe node='n' jid='juliet@capulet.example'/>; item-not-found",
        "<unsubscribe node='n'/>; bad-request invalid-jid",
        "<unsubscribe node='n' jid='romeo@montague.example'/>; forbidden",
        "<unsubscribe node='n' jid='juliet@capulet.example'/>; item-not-found",
        "<nonsense/>; bad-request"
      })
  void badRequests(String what, String expected) {
    IqReply reply = set("<pubsub xmlns='http://jabber.org/protocol/pubsub'>" + what + "</pubsub>");
    assertEquals(expected, reply.error() == null ? "" : error(reply));
  }

  @Test
  void thereIsALimitOfNodes() {
    publish("1", "a", "1");
    publish("2", "a", "1");
    publish("3", "a", "1");
    assertEquals("not-allowed max-nodes-exceeded", error(publish("4", "a", "1")));
  }

  @Test
  void whoGainsAccessGetsTheLastItem() {
    publish("n", "a", "1", "access_model", "whitelist");
    IqReply reply = affiliate("member", FRIEND);
    assertEquals(List.of(FRIEND), List.copyOf(notified(reply).accounts()));
    assertTrue(notified(reply).stanza().payload().element(0).toString().contains(">1<"));
    assertEquals(List.of(), affiliate("publisher", FRIEND).effects(), "he had it before");
    assertEquals(List.of(), affiliate("member", STRANGER).effects(), "he is not subscribed");
    reply =
        ask(
            StanzaType.IQ_SET,
            Given.JULIET,
            OWNER.formatted(
                "<configure node='n'>"
                    + form("node_config", "access_model", "presence")
                    + "</configure>"));
    assertEquals(List.of(NURSE), List.copyOf(notified(reply).accounts()));
    publish("n", "a", "2");
    affiliate("none", FRIEND);
    configure("access_model", "roster", "roster_groups_allowed", "Friends");
    RosterItem before = juliet.contact(FRIEND);
    assertEquals(List.of(), pubsub.newcomers().regrouped(juliet, before).result());
    juliet.putContact(before.withNameAndGroups(null, Set.of("Friends")));
    List<Effect> effects = pubsub.newcomers().regrouped(juliet, before).result();
    assertEquals(Set.of(FRIEND), ((Effect.ToAccounts) effects.get(0)).accounts());
    assertEquals(
        List.of(), pubsub.newcomers().regrouped(juliet, juliet.contact(FRIEND)).result(), "again");
  }

  @Test
  void whatNewcomersGetIsReadUntilItCanBe() throws Exception {
    publish("n", "a", "1", "access_model", "roster", "roster_groups_allowed", "Friends");
    RosterItem before = juliet.contact(FRIEND);
    juliet.putContact(before.withNameAndGroups(null, Set.of("Friends")));
    store.failing = true;
    Future<List<Effect>> last = pubsub.newcomers().regrouped(juliet, before);
    assertFalse(last.isComplete());
    store.failing = false;
    assertEquals(
        1, last.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS).size());
  }

  @Test
  void whatIsPublishedOnceMoreByTheNextOwnerIsOneItem() {
    String publish =
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'><item>"
            + "<a xmlns='urn:a'>1</a></item></publish>%s</pubsub>";
    Stanza iq =
        Stanza.of(
            StanzaType.IQ_SET,
            Given.JULIET.withResource("balcony"),
            Given.JULIET,
            "1",
            Element.parse(publish.formatted(options("max_items", "max"))));
    for (long origin : new long[] {7, 7, 8}) {
      IqReply reply = dispatcher.answer(iq, IqTarget.OWN_ACCOUNT, juliet, null, origin).result();
      assertNull(reply.error());
    }
    assertEquals(2, store.items(Given.JULIET, "n").result().size());
  }

  private String page(String what, String set) {
    String items =
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='n'/>"
            + "<set xmlns='http://jabber.org/protocol/rsm'>%s</set></pubsub>";
    IqReply reply = ask(StanzaType.IQ_GET, Given.JULIET, items.formatted(set));
    if (reply.error() != null) {
      return error(reply);
    }
    Element described = reply.payload().child("http://jabber.org/protocol/rsm", "set");
    assertEquals(
        what,
        reply.payload().children().get(0).children().stream()
            .map(item -> item.children().get(0).text())
            .collect(Collectors.joining(" ")));
    return described.children().stream()
        .map(child -> child.name() + " " + child.text())
        .collect(Collectors.joining(", "));
  }

  @Test
  void manyItemsComeInPages() {
    for (int i = 1; i <= 5; i++) {
      publish("n", "i" + i, "" + i, "max_items", "max");
    }
    assertEquals("first i1, last i2, count 5", page("1 2", "<max>2</max>"));
    assertEquals("first i3, last i4, count 5", page("3 4", "<max>2</max><after>i2</after>"));
    assertEquals("first i4, last i5, count 5", page("4 5", "<max>2</max><before/>"));
    assertEquals("first i2, last i3, count 5", page("2 3", "<max>2</max><before>i4</before>"));
    assertEquals("count 5", page("", "<max>0</max>"));
    assertEquals("count 5", page("", "<after>i5</after>"));
    assertEquals("item-not-found", page("", "<after>other</after>"));
    assertEquals("bad-request", page("", "<max>many</max>"));
  }

  private IqReply subscribe(Jid from, Jid jid) {
    return ask(StanzaType.IQ_SET, from, SUBSCRIBE.formatted("subscribe", "n", jid));
  }

  private IqReply unsubscribe(Jid from, Jid jid) {
    return ask(StanzaType.IQ_SET, from, SUBSCRIBE.formatted("unsubscribe", "n", jid));
  }

  /** The subscriptions of one user, as he is told. */
  private List<String> subscriptions(Jid from) {
    IqReply reply =
        ask(
            StanzaType.IQ_GET,
            from,
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscriptions/></pubsub>");
    return reply.payload().children().get(0).children().stream()
        .map(
            entry ->
                entry.attribute("node")
                    + " "
                    + entry.attribute("jid")
                    + " "
                    + entry.attribute("subscription"))
        .sorted()
        .toList();
  }

  private static String state(IqReply reply) {
    return reply.error() == null
        ? reply.payload().children().get(0).attribute("subscription")
        : error(reply);
  }

  @Test
  void aStrangerSubscribesToAnOpenNodeAndGetsTheLastItemAndWhatFollows() {
    publish("n", "a", "1", "access_model", "open");
    IqReply reply = subscribe(PARIS, STRANGER);
    assertEquals("subscribed", state(reply));
    Stanza last = ((Effect.Send) reply.effects().get(0)).stanza();
    assertEquals(STRANGER, last.to());
    assertTrue(last.payload().element(0).toString().contains(">1<"));
    assertEquals(List.of(), subscribe(PARIS, STRANGER).effects(), "once");
    subscribe(PARIS, PARIS);
    assertEquals(
        List.of("n " + STRANGER + " subscribed", "n " + PARIS + " subscribed"),
        subscriptions(PARIS));
    assertEquals(List.of(), subscriptions(Given.ROMEO));
    IqReply published = publish("n", "a", "2");
    assertEquals(
        Set.of(Given.JULIET, FRIEND, NURSE, STRANGER), Set.copyOf(notified(published).accounts()));
    assertEquals(PARIS, ((Effect.Send) published.effects().get(1)).stanza().to());
    assertEquals("none", state(unsubscribe(PARIS, STRANGER)));
    assertEquals("unexpected-request not-subscribed", state(unsubscribe(PARIS, STRANGER)));
    assertEquals("none", state(unsubscribe(PARIS, PARIS)));
    assertEquals(
        Set.of(Given.JULIET, FRIEND, NURSE),
        Set.copyOf(notified(publish("n", "a", "3")).accounts()));
  }

  @Test
  void whoMaySeeTheNodeMaySubscribe() {
    publish("n", "a", "1");
    assertEquals("not-authorized presence-subscription-required", state(subscribe(PARIS, PARIS)));
    assertEquals("subscribed", state(subscribe(Given.ROMEO, FRIEND)));
    assertEquals("subscribed", state(subscribe(Given.JULIET, Given.JULIET)));
    affiliate("outcast", FRIEND);
    assertEquals(
        Set.of(Given.JULIET, NURSE), Set.copyOf(notified(publish("n", "a", "2")).accounts()));
    affiliate("none", FRIEND);
    assertEquals(List.of(), subscriptions(Given.ROMEO), "it was ended");
    configure("access_model", "whitelist");
    assertEquals("not-allowed closed-node", state(subscribe(PARIS, STRANGER)));
  }

  private void configure(String... options) {
    IqReply reply =
        set(
            OWNER.formatted(
                "<configure node='n'>" + form("node_config", options) + "</configure>"));
    assertNull(reply.error());
  }

  @Test
  void oneSubscriberHasAFewSubscriptions() {
    publish("n", "a", "1", "access_model", "open");
    for (int i = 0; i < 10; i++) {
      assertEquals("subscribed", state(subscribe(PARIS, STRANGER.withResource("r" + i))));
    }
    assertEquals("policy-violation too-many-subscriptions", state(subscribe(PARIS, STRANGER)));
  }

  private Stanza answer(String allow, String type) {
    return Stanza.of(
        StanzaType.MESSAGE_NORMAL,
        Given.JULIET.withResource("balcony"),
        Given.JULIET,
        "made",
        Element.parse(
            form("subscribe_authorization", "node", "n", "subscriber_jid", "" + STRANGER)
                .replace("type='submit'", "type='" + type + "'")
                .replace(
                    "</x>", "<field var='pubsub#allow'><value>" + allow + "</value></field></x>")));
  }

  @Test
  void theOwnerSaysWhoMaySubscribe() {
    publish("n", "a", "1", "access_model", "authorize");
    assertEquals("not-authorized not-subscribed", seen(Given.ROMEO, "n"));
    IqReply asked = subscribe(PARIS, STRANGER);
    assertEquals("pending", state(asked));
    Stanza request = ((Effect.Send) asked.effects().get(0)).stanza();
    assertEquals(Given.JULIET, request.to());
    assertEquals(
        STRANGER.toString(),
        ConfigForm.value(request.payload().element("jabber:x:data", "x"), "pubsub#subscriber_jid"));
    assertEquals("not-authorized pending-subscription", state(subscribe(PARIS, STRANGER)));
    assertEquals("not-authorized not-subscribed", seen(PARIS, "n"));
    assertEquals(List.of(Given.JULIET), List.copyOf(notified(publish("n", "a", "2")).accounts()));
    assertEquals(List.of(), dispatcher.ownMessage(answer("true", "cancel"), juliet).result());
    assertEquals(List.of("n " + STRANGER + " pending"), subscriptions(PARIS));
    List<Effect> told = dispatcher.ownMessage(answer("true", "submit"), juliet).result();
    assertTrue(
        ((Effect.Send) told.get(0))
            .stanza()
            .payload()
            .element(0)
            .toString()
            .contains("subscription='subscribed'"));
    assertTrue(
        ((Effect.Send) told.get(1)).stanza().payload().element(0).toString().contains(">2<"));
    assertEquals("2", seen(PARIS, "n"));
    assertEquals(
        Set.of(Given.JULIET, STRANGER), Set.copyOf(notified(publish("n", "a", "3")).accounts()));
    assertEquals(
        List.of(), dispatcher.ownMessage(answer("false", "submit"), juliet).result(), "decided");
  }

  @Test
  void whoHasSubscribedWithoutApprovalLosesTheSubscriptionWhenItIsNeeded() {
    publish("n", "a", "1", "access_model", "open");
    assertEquals("subscribed", state(subscribe(PARIS, STRANGER)));
    configure("access_model", "authorize");
    assertEquals("not-authorized not-subscribed", seen(PARIS, "n"));
    assertEquals(List.of(), subscriptions(PARIS));
  }

  @Test
  void whoIsDeniedHasNoSubscription() {
    publish("n", "a", "1", "access_model", "authorize");
    subscribe(PARIS, STRANGER);
    List<Effect> told = dispatcher.ownMessage(answer("0", "submit"), juliet).result();
    assertEquals(1, told.size());
    assertEquals(List.of(), subscriptions(PARIS));
    assertNull(
        dispatcher.ownMessage(
            Stanza.of(
                StanzaType.MESSAGE_NORMAL,
                Given.JULIET,
                Given.JULIET,
                "1",
                Element.parse(form("something_else"))),
            juliet));
  }

  @Test
  void whomTheOwnerBlocksGetsNothing() {
    publish("n", "a", "1", "access_model", "open");
    subscribe(PARIS, STRANGER);
    subscribe(PARIS, PARIS);
    juliet.blockList(new BlockList(Set.of(FRIEND, STRANGER)));
    IqReply reply = publish("n", "a", "2");
    assertEquals(Set.of(Given.JULIET, NURSE), Set.copyOf(notified(reply).accounts()));
    assertEquals(1, reply.effects().size());
    juliet.blockList(new BlockList(Set.of(Given.ROMEO)));
    reply = publish("n", "a", "3");
    assertEquals(
        Set.of(Given.JULIET, NURSE, STRANGER),
        Set.copyOf(notified(reply).accounts()),
        "a resource of Romeo's is blocked");
    assertEquals(2, reply.effects().size());
    juliet.blockList(new BlockList(Set.of(Jid.parse("capulet.example"))));
    assertEquals(
        Set.of(Given.JULIET, FRIEND), Set.copyOf(notified(publish("n", "a", "4")).accounts()));
  }

  @Test
  void lastItemsGoToWhoAsksForThemByHisServerAndMaySeeThem() {
    publish("mood", "current", "happy");
    publish("own", "current", "secret", "access_model", "whitelist");
    publish("quiet", "current", "x", "send_last_published_item", "never");
    String interest =
        "<interest xmlns='urn:rookery:pep:0' resource='orchard'><node>mood</node>"
            + "<node>own</node><node>quiet</node><node>unknown</node></interest>";
    List<Effect> effects = ask(StanzaType.IQ_GET, FRIEND, interest).effects();
    assertEquals(1, effects.size());
    Stanza message = ((Effect.Send) effects.get(0)).stanza();
    assertEquals(Given.ROMEO, message.to());
    assertTrue(message.payload().element(0).toString().contains("happy"));
    assertEquals(List.of(), ask(StanzaType.IQ_GET, STRANGER, interest).effects());
    assertEquals("service-unavailable", error(ask(StanzaType.IQ_GET, Given.ROMEO, interest)));
  }
}

package io.rookery.router.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.cluster.Partitions;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.client.SessionClient;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.login.Owner;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushNotificationsTest {
  private static final String PUBSUB = "http://jabber.org/protocol/pubsub";
  private static final String FORM =
      "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
          + "<value>http://jabber.org/protocol/pubsub#publish-options</value></field>"
          + "<field var='secret'><value>s3</value></field></x>";

  private final MemoryRegistrations store = new MemoryRegistrations();
  private final List<PushedOwner> owners = new ArrayList<>();
  private final PushedOwner juliet = owner(RouterConfig.Push.NOTHING);

  private PushedOwner owner(RouterConfig.Push content) {
    PushedOwner owner = new PushedOwner(store, content);
    owners.add(owner);
    return owner;
  }

  @AfterEach
  void close() {
    owners.forEach(PushedOwner::close);
  }

  /** A phone that has enabled notifications and is gone. */
  private void away(String node) {
    Session phone = juliet.owner.session("phone", 1);
    juliet.enables(phone, node);
    juliet.leaves(phone);
  }

  private static Map<String, String> summary(Stanza notification) {
    Element form =
        notification
            .payload()
            .element(PUBSUB, "pubsub")
            .child(PUBSUB, "publish")
            .child(PUBSUB, "item")
            .child(PushNotifications.NS, "notification")
            .child(Command.FORMS, "x");
    return form.children().stream()
        .collect(
            Collectors.toMap(
                field -> field.attribute("var"),
                field -> field.child(Command.FORMS, "value").text()));
  }

  private static String count(Stanza notification) {
    return summary(notification).get("message-count");
  }

  private static String enable(String attributes, String content) {
    return "<enable xmlns='urn:xmpp:push:0' " + attributes + ">" + content + "</enable>";
  }

  @Test
  void whoIsAwayIsNotifiedWithoutAWordOfWhatItIs() {
    away("n1");
    juliet.says("Wherefore");
    Stanza notification = juliet.one();
    assertEquals(Owner.JULIET, notification.from());
    assertEquals(PushedOwner.APP, notification.to());
    assertEquals(
        Map.of("FORM_TYPE", "urn:xmpp:push:summary", "message-count", "1"), summary(notification));
    Element pubsub = notification.payload().element(PUBSUB, "pubsub");
    assertEquals("n1", pubsub.child(PUBSUB, "publish").attribute("node"));
    assertNull(pubsub.child(PUBSUB, "publish-options"));
    assertEquals(1, juliet.counted("sent"));
  }

  @Test
  void optionsGoWithIt() {
    Session phone = juliet.owner.session("phone", 1);
    assertNull(juliet.wrong(phone, enable("jid='" + PushedOwner.APP + "'", FORM)));
    juliet.leaves(phone);
    juliet.says("Wherefore");
    Element pubsub = juliet.one().payload().element(PUBSUB, "pubsub");
    assertNull(pubsub.child(PUBSUB, "publish").attribute("node"));
    Element options = pubsub.child(PUBSUB, "publish-options");
    assertEquals(Element.parse(FORM), options.child(Command.FORMS, "x"));
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true", "true, true"})
  void whatTheOperatorAllowsIsTold(boolean sender, boolean body) {
    PushedOwner open = owner(new RouterConfig.Push(sender, body));
    Session phone = open.owner.session("phone", 1);
    open.enables(phone, "n");
    open.leaves(phone);
    String text = "x".repeat(499) + "\uD83D\uDE00" + "tail";
    open.says(text);
    Map<String, String> summary = summary(open.one());
    assertEquals(sender ? Given.ROMEO.toString() : null, summary.get("last-message-sender"));
    assertEquals(
        body ? text.substring(0, text.length() - 4) : null, summary.get("last-message-body"));
  }

  @Test
  void oneAtATime() {
    away("n");
    juliet.says("one");
    Stanza first = juliet.one();
    juliet.says("two");
    juliet.says("three");
    assertEquals(List.of(), juliet.published());
    juliet.takes(first);
    Stanza second = juliet.one();
    assertEquals("3", count(second));
    assertNotEquals(first.id(), second.id());
    juliet.takes(second);
    assertEquals(List.of(), juliet.published());
    assertEquals(0, juliet.bells());
  }

  @Test
  void answersOfOthersDoNotCount() {
    away("n");
    juliet.says("one");
    Stanza sent = juliet.one();
    Jid forger = Jid.parse("tybalt@montague.example/server");
    juliet.arrives(sent.result().withFrom(forger));
    juliet.arrives(sent.result().withFrom(PushedOwner.APP.bare()));
    juliet.refuses(sent.withTo(forger), Condition.GONE);
    juliet.says("two");
    assertEquals(List.of(), juliet.published());
    assertEquals(1, store.all.size());
  }

  @Test
  void whoIsConnectedIsNotNotified() {
    Session phone = juliet.owner.session("phone", 1);
    juliet.enables(phone, "n");
    juliet.says("to somebody who looks");
    phone.inactive();
    juliet.says("to nobody who looks");
    phone.unavailable();
    juliet.says("kept for later");
    assertEquals(List.of(), juliet.published());
    assertEquals(0, store.all.get(0).progress().unread());
  }

  @Test
  void anotherDeviceDoesNotStandForIt() {
    away("n");
    juliet.owner.session("laptop", 2);
    juliet.says("seen on the laptop");
    assertEquals("1", count(juliet.one()));
  }

  @Test
  void aDeviceIsKnownByItsUserAgent() {
    Session phone = juliet.owner.session("phone/abc", 1);
    phone.put(SessionClient.ID, "agent");
    juliet.enables(phone, "n");
    juliet.leaves(phone);
    Session other = juliet.owner.session("phone/abc", 2);
    other.put(SessionClient.ID, "another agent");
    juliet.says("one");
    assertEquals("1", count(juliet.one()));
    Session again = juliet.owner.session("phone/def", 3);
    again.put(SessionClient.ID, "agent");
    juliet.says("two");
    assertEquals(List.of(), juliet.published());
    assertEquals(0, store.all.get(0).progress().unread());
  }

  @Test
  void theCountBeginsAnewWhenTheClientIsThere() {
    away("n");
    juliet.says("one");
    juliet.takes(juliet.one());
    Session phone = juliet.owner.session("phone", 2);
    juliet.appears(phone);
    assertEquals(0, store.all.get(0).progress().unread());
    juliet.leaves(phone);
    juliet.says("two");
    assertEquals("1", count(juliet.one()));
  }

  @Test
  void whoLosesItsStreamIsNotifiedOfWhatItMayHaveMissed() {
    Session phone = juliet.owner.managed("phone", 1);
    juliet.enables(phone, "n");
    juliet.says("one");
    juliet.says("two");
    assertEquals(List.of(), juliet.published());
    juliet.owner.resumption.disconnected(juliet.owner.account(), phone);
    Stanza first = juliet.one();
    assertEquals("2", count(first));
    juliet.takes(first);
    juliet.says("three");
    assertEquals("3", count(juliet.one()));
    juliet.owner.resumption.await(juliet.owner.account(), phone);
    assertEquals(List.of(), juliet.published(), "nothing new");
  }

  @Test
  void whoMissedNothingIsNotNotified() {
    Session phone = juliet.owner.managed("phone", 1);
    juliet.enables(phone, "n");
    juliet.arrives(message("http://jabber.org/protocol/chatstates#active"));
    juliet.owner.resumption.disconnected(juliet.owner.account(), phone);
    assertEquals(List.of(), juliet.published());
  }

  @Test
  void whoResumesIsThere() {
    Session phone = juliet.owner.managed("phone", 1);
    juliet.enables(phone, "n");
    juliet.owner.resumption.disconnected(juliet.owner.account(), phone);
    juliet.says("one");
    juliet.takes(juliet.one());
    juliet.owner.resumption.resume(
        juliet.owner.account(),
        Given.CONNECTOR,
        new ToRouter.Resume(2, Owner.JULIET, phone.outbox().id(), 0, "192.0.2.2"));
    assertTrue(phone.isConnected());
    assertEquals(0, store.all.get(0).progress().unread());
    juliet.says("two");
    assertEquals(List.of(), juliet.published());
  }

  private static Stanza message(String... children) {
    Stanza message = Stanza.of(StanzaType.MESSAGE_CHAT, Given.ROMEO, Owner.JULIET, "m");
    for (String child : children) {
      String[] parts = child.split("#");
      message = message.plus(Element.of(parts[0], parts[1]));
    }
    return message;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jabber:client#body",
        "eu.siacs.conversations.axolotl#encrypted",
        "urn:xmpp:omemo:2#encrypted",
        "urn:xmpp:openpgp:0#openpgp",
        "jabber:x:encrypted#x",
        "urn:xmpp:eme:0#encryption",
        "jabber:x:conference#x",
        "urn:xmpp:jingle-message:0#propose",
        "jabber:client#body urn:xmpp:hints#no-permanent-store"
      })
  void whatMatters(String children) {
    away("n");
    juliet.arrives(message(children.split(" ")));
    assertEquals(1, juliet.published().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://jabber.org/protocol/chatstates#composing",
        "urn:xmpp:receipts#received",
        "urn:xmpp:chat-markers:0#displayed",
        "urn:xmpp:hints#store",
        "jabber:client#body urn:xmpp:hints#no-store",
        "urn:xmpp:carbons:2#received jabber:client#body"
      })
  void whatDoesNot(String children) {
    away("n");
    juliet.arrives(message(children.split(" ")));
    juliet.owner.session("laptop", 2);
    juliet.arrives(message(children.split(" ")));
    assertEquals(List.of(), juliet.published());
  }

  @ParameterizedTest
  @EnumSource(
      value = StanzaType.class,
      names = {"MESSAGE_HEADLINE", "MESSAGE_GROUPCHAT", "MESSAGE_ERROR"})
  void otherMessagesDoNot(StanzaType type) {
    away("n");
    Session laptop = juliet.owner.session("laptop", 2);
    Element body = Element.of("jabber:client", "body", "b");
    juliet.arrives(Stanza.of(type, Given.ROMEO, laptop.jid(), "m", body));
    juliet.arrives(
        Stanza.of(StanzaType.MESSAGE_CHAT, laptop.jid(), Owner.JULIET, "note to herself", body));
    assertEquals(List.of(), juliet.published());
    juliet.says("but this does");
    assertEquals("1", count(juliet.one()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Condition.class,
      names = {"ITEM_NOT_FOUND", "NOT_AUTHORIZED", "GONE", "FORBIDDEN", "BAD_REQUEST", "CONFLICT"})
  void anErrorEndsTheRegistration(Condition condition) {
    away("n");
    juliet.says("one");
    juliet.refuses(juliet.one(), condition);
    assertEquals(List.of(), store.all);
    juliet.says("two");
    juliet.passes(Publisher.MAX_PAUSE_MILLIS);
    assertEquals(List.of(), juliet.published());
    assertEquals(1, juliet.counted("removed"));
    assertEquals(1, juliet.counted("failed"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Condition.class,
      names = {"RESOURCE_CONSTRAINT", "SERVICE_UNAVAILABLE", "REMOTE_SERVER_NOT_FOUND"})
  void whatMayPassIsTriedAgainLater(Condition condition) {
    away("n");
    juliet.says("one");
    juliet.refuses(juliet.one(), condition);
    juliet.says("two");
    juliet.passes(Publisher.FIRST_PAUSE_MILLIS - 1);
    assertEquals(List.of(), juliet.published());
    juliet.passes(1);
    Stanza second = juliet.one();
    assertEquals("2", count(second));
    juliet.refuses(second, condition);
    juliet.passes(2 * Publisher.FIRST_PAUSE_MILLIS - 1);
    assertEquals(List.of(), juliet.published());
    juliet.passes(1);
    juliet.takes(juliet.one());
    assertEquals(0, store.all.get(0).progress().failures());
    assertEquals(0, juliet.bells());
  }

  @Test
  void whoNeverAnswersIsTriedForADay() {
    away("n");
    juliet.says("one");
    long begin = juliet.owner.clock.now;
    int tried = 0;
    while (!store.all.isEmpty() && tried < 100) {
      tried += juliet.published().size();
      juliet.passes(60_000);
    }
    assertEquals(Publisher.MAX_FAILURES, tried);
    long hours = (juliet.owner.clock.now - begin) / 3_600_000;
    assertTrue(hours >= 20 && hours <= 30, hours + " h");
    assertEquals(Publisher.MAX_FAILURES, juliet.counted("failed"));
    assertEquals(0, juliet.bells());
  }

  @Test
  void theNextOwnerGoesOn() {
    away("n");
    juliet.says("one");
    juliet.says("two");
    Stanza underway = juliet.one();
    PushedOwner next = owner(RouterConfig.Push.NOTHING);
    next.owner.clock.now = juliet.owner.clock.now;
    next.says("three");
    assertEquals(List.of(), next.published(), "one is under way");
    next.takes(underway);
    assertEquals("3", count(next.one()));
    PushedOwner third = owner(RouterConfig.Push.NOTHING);
    third.owner.clock.now = juliet.owner.clock.now + Publisher.ANSWER_MILLIS;
    third.says("four");
    third.passes(Publisher.FIRST_PAUSE_MILLIS);
    assertEquals("4", count(third.one()), "the answer got lost with its owner");
  }

  /** A notification for a user who is away could not be told. */
  private void failed() {
    away("n");
    juliet.says("one");
    juliet.refuses(juliet.one(), Condition.SERVICE_UNAVAILABLE);
  }

  @Test
  void theNextOwnerTriesAgainWithoutBeingTold() {
    failed();
    PushedOwner next = owner(RouterConfig.Push.NOTHING);
    next.owner.clock.now = juliet.owner.clock.now;
    next.push.gained(Partitions.of(Owner.JULIET) + 1);
    next.push.gained(Partitions.of(Owner.JULIET));
    next.passes(LeftBehind.PAUSE_MILLIS);
    assertEquals(List.of(), next.published(), "the pause is not over");
    next.passes(Publisher.FIRST_PAUSE_MILLIS);
    Stanza again = next.one();
    assertEquals("1", count(again));
    next.takes(again);
    assertEquals(Set.of(), store.waiting.get(Partitions.of(Owner.JULIET)));
    assertEquals(0, next.bells());
  }

  @Test
  void whatTheUserHasSeenMeanwhileIsNotTriedAgain() {
    failed();
    juliet.appears(juliet.owner.session("phone", 2));
    PushedOwner next = owner(RouterConfig.Push.NOTHING);
    next.owner.clock.now = juliet.owner.clock.now + Publisher.FIRST_PAUSE_MILLIS;
    next.push.gained(Partitions.of(Owner.JULIET));
    next.passes(LeftBehind.PAUSE_MILLIS);
    assertEquals(List.of(), next.published());
    assertEquals(Set.of(), store.waiting.get(Partitions.of(Owner.JULIET)));
  }

  @Test
  void anAccountThatWasForgottenIsReadAnewForIt() {
    failed();
    juliet.owner.accounts.forget(Owner.JULIET);
    juliet.passes(Publisher.FIRST_PAUSE_MILLIS);
    assertEquals("1", count(juliet.one()));
  }

  @Test
  void registrationsAreReadOnceForAnAccountInMemory() {
    for (int i = 0; i < 3; i++) {
      juliet.says("to somebody without a registration");
    }
    assertEquals(1, store.loads);
    assertNull(juliet.owner.accounts.active(Owner.JULIET));
  }

  @Test
  void chatStatesReadNothing() {
    juliet.arrives(message("http://jabber.org/protocol/chatstates#composing"));
    Session phone = juliet.owner.session("phone", 1);
    juliet.appears(phone);
    juliet.leaves(phone);
    assertEquals(0, store.loads);
  }

  @Test
  void aRequestForSubscriptionIsTold() {
    Session phone = juliet.owner.session("phone", 1);
    juliet.enables(phone, "n");
    LiveAccount account = juliet.owner.account();
    account.putContact(pending("paris@montague.example"));
    juliet.push.requested(account);
    assertEquals(List.of(), juliet.published(), "the phone has seen it");
    juliet.leaves(phone);
    account.putContact(pending("tybalt@montague.example"));
    juliet.push.requested(account);
    Map<String, String> summary = summary(juliet.one());
    assertEquals("0", summary.get("message-count"));
    assertEquals("2", summary.get("pending-subscription-count"));
  }

  private static RosterItem pending(String contact) {
    RosterItem none = RosterItem.none(Jid.parse(contact));
    return new RosterItem(
        none.contact(),
        null,
        none.subscription(),
        false,
        false,
        "<presence/>",
        true,
        none.groups());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node='n' | BAD_REQUEST",
        "jid='@' | JID_MALFORMED",
        "jid='' | JID_MALFORMED",
        "jid='juliet@capulet.example' | NOT_ACCEPTABLE",
        "jid='juliet@capulet.example/phone' | NOT_ACCEPTABLE",
        "jid='romeo@montague.example' | NOT_ACCEPTABLE",
        "jid='capulet.example' | NOT_ACCEPTABLE"
      })
  void badRequests(String attributes, Condition condition) {
    Session phone = juliet.owner.session("phone", 1);
    assertEquals(condition, juliet.wrong(phone, enable(attributes, "")));
    assertEquals(List.of(), store.all);
  }

  @Test
  void formsAreForPublishing() {
    Session phone = juliet.owner.session("phone", 1);
    String jid = "jid='push.example'";
    assertEquals(Condition.BAD_REQUEST, juliet.wrong(phone, enable(jid, FORM + FORM)));
    assertEquals(
        Condition.BAD_REQUEST,
        juliet.wrong(phone, enable(jid, FORM.replace("#publish-options", "#node_config"))));
    assertEquals(
        Condition.BAD_REQUEST, juliet.wrong(phone, enable(jid, FORM.replace("submit", "form"))));
    assertEquals(
        Condition.POLICY_VIOLATION,
        juliet.wrong(phone, enable(jid, FORM.replace("s3", "s".repeat(4096)))));
    assertEquals(
        Condition.POLICY_VIOLATION,
        juliet.wrong(phone, enable(jid + " node='" + "n".repeat(1025) + "'", "")));
    assertNull(juliet.wrong(phone, enable(jid, FORM)));
  }

  @Test
  void aUserHasAFewRegistrations() {
    Session phone = juliet.owner.session("phone", 1);
    for (int i = 0; i < Enabling.MAX; i++) {
      juliet.enables(phone, "n" + i);
    }
    juliet.enables(phone, "n0");
    assertEquals(Enabling.MAX, store.all.size());
    String more = enable("jid='" + PushedOwner.APP + "' node='more'", "");
    assertEquals(Condition.RESOURCE_CONSTRAINT, juliet.wrong(phone, more));
    juliet.wrong(
        phone, "<disable xmlns='urn:xmpp:push:0' jid='%s' node='n3'/>".formatted(PushedOwner.APP));
    assertNull(juliet.wrong(phone, more));
  }

  @Test
  void disabling() {
    Session phone = juliet.owner.session("phone", 1);
    juliet.enables(phone, "a");
    juliet.enables(phone, "b");
    juliet.enables(phone, "c");
    String disable = "<disable xmlns='urn:xmpp:push:0' jid='" + PushedOwner.APP + "'";
    assertNull(juliet.wrong(phone, disable + " node='b'/>"));
    assertEquals(List.of("a", "c"), store.all.stream().map(one -> one.node()).toList());
    assertTrue(phone.get(PushNotifications.ENABLED));
    assertNull(juliet.wrong(phone, disable + " node='unknown'/>"));
    assertEquals(2, store.all.size());
    assertEquals(Condition.BAD_REQUEST, juliet.wrong(phone, "<disable xmlns='urn:xmpp:push:0'/>"));
    assertNull(juliet.wrong(phone, disable + "/>"));
    assertEquals(List.of(), store.all);
    assertEquals(false, phone.get(PushNotifications.ENABLED));
    juliet.leaves(phone);
    juliet.says("one");
    assertEquals(List.of(), juliet.published());
  }

  @Test
  void nothingIsSentBeforeItIsStoredNorAfterDisabling() {
    away("n");
    Promise<Void> first = Promise.promise();
    store.written = first.future();
    juliet.says("one");
    assertEquals(List.of(), juliet.published());
    first.complete();
    juliet.takes(juliet.one());
    Promise<Void> second = Promise.promise();
    store.written = second.future();
    juliet.says("two");
    Session laptop = juliet.owner.session("laptop", 2);
    String disable = "<disable xmlns='urn:xmpp:push:0' jid='" + PushedOwner.APP + "'/>";
    juliet.begins(laptop, disable);
    second.complete();
    assertEquals(List.of(), juliet.published());
    assertEquals(List.of(), store.all);
  }

  @Test
  void othersEnableNothing() {
    for (String name : List.of("enable", "disable")) {
      String command = "<" + name + " xmlns='urn:xmpp:push:0' jid='" + PushedOwner.APP + "'/>";
      assertEquals(
          Condition.FORBIDDEN,
          juliet.asks(null, IqTarget.OTHER_ACCOUNT, command).error().condition());
    }
    assertEquals(List.of(), store.all);
  }
}

package io.rookery.router.moved;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Relations;
import io.rookery.router.login.Owner;
import io.rookery.router.pubsub.Acquaintance;
import io.rookery.router.pubsub.MemoryNodes;
import io.rookery.router.pubsub.VisibleItems;
import io.rookery.router.roster.Moves;
import io.rookery.router.roster.RosterChanges;
import io.rookery.router.roster.Subscriptions;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccount.Level;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.pubsub.StoredNode;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.RosterItem.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Romeo moves; Juliet is his contact. */
class MovedAccountsTest {
  private static final Jid JULIET = Owner.JULIET;
  private static final Jid OLD = Given.ROMEO.bare();
  private static final Jid NEW = Jid.parse("romeo.m@montague.example");

  private final Owner owner = new Owner();
  private final MemoryNodes nodes = new MemoryNodes();
  private final Map<Jid, LiveAccount> accounts = new HashMap<>();
  private final VisibleItems items =
      new VisibleItems(nodes, new Acquaintance(accounts::get, null, null));
  private final MovedAccounts moved =
      new MovedAccounts(items, items, Set.of("capulet.example", "montague.example"));
  private Moves moves = moved;

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private LiveAccount old(Subscription subscription) {
    LiveAccount old = Given.account(OLD, true, Given.contact(JULIET, subscription));
    accounts.put(OLD, old);
    return old;
  }

  private void states(String statement, String access) {
    Map<String, List<String>> config =
        access == null ? Map.of() : Map.of("pubsub#access_model", List.of(access));
    nodes.putNode(OLD, new StoredNode(MovedAccounts.NS, config, Map.of(), Map.of()));
    byte[] payload = statement.getBytes(StandardCharsets.UTF_8);
    nodes.publish(OLD, MovedAccounts.NS, new StoredItem("current", 1, OLD, payload), List.of());
  }

  private static String statement(Object now) {
    return "<moved xmlns='urn:xmpp:moved:1'><new-jid>" + now + "</new-jid></moved>";
  }

  private static Stanza request(String moved) {
    Stanza request =
        Stanza.of(StanzaType.PRESENCE_SUBSCRIBE, NEW.withResource("phone"), JULIET, "s1");
    return moved.isEmpty() ? request : request.plus(Element.parse(moved));
  }

  private static String notification(Object old) {
    return "<moved xmlns='urn:xmpp:moved:1'><old-jid>" + old + "</old-jid></moved>";
  }

  private LiveAccount juliet(Subscription subscription) {
    owner.session("phone", 1);
    LiveAccount juliet = owner.account();
    juliet.putContact(
        new RosterItem(OLD, "Romeo", subscription, false, false, null, false, Set.of("Montagues")));
    return juliet;
  }

  /** What Juliet's server sends on it: type and recipient. */
  private List<String> arrives(Stanza request) {
    RosterChanges changes =
        new RosterChanges(owner.stores, owner.retries, owner.routes, () -> "push");
    Subscriptions subscriptions = new Subscriptions(changes, owner.routes, owner.accounts, 100);
    subscriptions.follow(moves);
    owner.bus.taken();
    assertTrue(subscriptions.fromContact(owner.account(), request) != null);
    return owner.routed().stream().map(MovedAccountsTest::sent).toList();
  }

  private static String sent(Stanza stanza) {
    return stanza.type() + " " + stanza.to();
  }

  private RosterItem contact(Jid bare) {
    return owner.account().contact(bare);
  }

  @Test
  void theNewAddressTakesThePlaceOfTheOld() {
    juliet(Subscription.BOTH);
    old(Subscription.BOTH);
    states(statement(NEW), null);
    assertEquals(
        List.of(
            "PRESENCE_SUBSCRIBED " + NEW,
            "PRESENCE_AVAILABLE " + NEW,
            "PRESENCE_UNAVAILABLE " + OLD,
            "PRESENCE_UNSUBSCRIBED " + OLD,
            "PRESENCE_SUBSCRIBE " + NEW),
        arrives(request(notification(OLD))));
    assertEquals(
        new RosterItem(
            NEW, "Romeo", Subscription.FROM, true, false, null, false, Set.of("Montagues")),
        contact(NEW));
    assertEquals(Subscription.TO, contact(OLD).subscription());
  }

  @Test
  void whoDidNotSeeTheOtherDoesNotAskFor() {
    juliet(Subscription.FROM);
    old(Subscription.TO);
    states(statement(NEW), "open");
    assertEquals(
        List.of(
            "PRESENCE_SUBSCRIBED " + NEW,
            "PRESENCE_AVAILABLE " + NEW,
            "PRESENCE_UNAVAILABLE " + OLD,
            "PRESENCE_UNSUBSCRIBED " + OLD),
        arrives(request(notification(OLD))));
    assertFalse(contact(NEW).ask());
  }

  /** Section 6.2: each address moves once. */
  @Test
  void anAddressMovesOnce() {
    juliet(Subscription.FROM);
    old(Subscription.TO);
    states(statement(NEW), "open");
    arrives(request(notification(OLD)));
    owner.account().removeContact(NEW);
    assertEquals(List.of(), arrives(request(notification(OLD))));
    assertTrue(contact(NEW).hidden(), "the user is asked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<moved xmlns='urn:xmpp:moved:1'/>",
        "<moved xmlns='urn:xmpp:moved:1'><old-jid/></moved>",
        "<moved xmlns='urn:xmpp:moved:1'><old-jid>@</old-jid></moved>",
        "<moved xmlns='urn:xmpp:moved:1'><old-jid>montague.example</old-jid></moved>",
        "<moved xmlns='urn:xmpp:moved:1'><old-jid>romeo@montague.example/orchard</old-jid></moved>",
        "<moved xmlns='urn:xmpp:moved:1'><old-jid>romeo.m@montague.example</old-jid></moved>",
        "<moved xmlns='urn:xmpp:moved:1'><old-jid>juliet@capulet.example</old-jid></moved>",
        "<moved xmlns='urn:xmpp:moved:1'><old-jid>romeo@elsewhere.example</old-jid></moved>",
        "<moved xmlns='urn:xmpp:moved:1'><old-jid>romeo@montague.example</old-jid>"
            + "<old-jid>romeo@montague.example</old-jid></moved>",
        "<moved xmlns='urn:xmpp:moved:0'><old-jid>romeo@montague.example</old-jid></moved>",
      })
  void anythingElseIsARequestAsAnyOther(String notification) {
    juliet(Subscription.BOTH);
    owner
        .account()
        .putContact(Given.contact(Jid.parse("romeo@elsewhere.example"), Subscription.BOTH));
    old(Subscription.BOTH);
    states(statement(NEW), "open");
    isAsked(notification);
  }

  private void isAsked(String notification) {
    assertEquals(List.of(), arrives(request(notification)));
    assertEquals(Subscription.BOTH, contact(OLD).subscription());
    assertTrue(contact(NEW).hidden());
    Stanza kept = Stanza.parse(contact(NEW).pendingIn().getBytes(StandardCharsets.UTF_8));
    assertEquals(!notification.isEmpty(), !kept.payload().isEmpty(), "it is not stripped");
  }

  @ParameterizedTest
  @CsvSource({
    "romeo.m@montague.example, whitelist",
    "paris@montague.example, open",
    "romeo.m@montague.example/phone, open",
    "not an address@, open",
    "'', open",
  })
  void aStatementMustBeVisibleAndOfTheSender(String now, String access) {
    juliet(Subscription.BOTH);
    old(Subscription.BOTH);
    states(statement(now), access);
    isAsked(notification(OLD));
  }

  @Test
  void withoutAStatementOrStoreTheUserIsAsked() {
    juliet(Subscription.BOTH);
    LiveAccount old = old(Subscription.BOTH);
    isAsked(notification(OLD));
    states("<moved xmlns='urn:other'><new-jid>" + NEW + "</new-jid></moved>", "open");
    isAsked(notification(OLD));
    states(statement(NEW), "open");
    old.blockList(new BlockList(Set.of(JULIET)));
    isAsked(notification(OLD));
    old.blockList(BlockList.NOBODY);
    nodes.failing = true;
    isAsked(notification(OLD));
  }

  /** Section 4.3: who may not see the user could not before. */
  @ParameterizedTest
  @ValueSource(strings = {"NONE", "TO"})
  void theOldAddressMustHaveHadTheSubscription(Subscription subscription) {
    juliet(subscription);
    old(Subscription.BOTH);
    states(statement(NEW), "open");
    assertEquals(List.of(), arrives(request(notification(OLD))));
    assertTrue(contact(NEW).hidden());
  }

  @Test
  void whoMaySeeTheStatementIsToldTheNewAddress() {
    LiveAccount old = old(Subscription.FROM);
    assertNull(moved.newAddress(old, JULIET).result());
    states(statement(NEW), "presence");
    assertEquals(NEW, moved.newAddress(old, JULIET).result());
    Jid stranger = Jid.parse("paris@montague.example");
    assertNull(moved.newAddress(old, stranger).result());
    states(statement(OLD), "open");
    assertNull(moved.newAddress(old, stranger).result(), "he is still there");
    nodes.failing = true;
    assertNull(moved.newAddress(old, JULIET).result());
  }

  @Test
  void aRequestToAnOldAddressIsAnsweredWithTheNew() {
    juliet(Subscription.BOTH);
    Jid julia = Jid.parse("j%l@capulet.example");
    moves =
        new Moves() {
          @Override
          public Future<Jid> newAddress(Relations user, Jid asker) {
            return Future.succeededFuture(asker.equals(NEW) ? julia : null);
          }

          @Override
          public Future<Jid> oldAddress(Relations user, Stanza request) {
            throw new AssertionError("not asked for");
          }
        };
    owner.bus.taken();
    RosterChanges changes =
        new RosterChanges(owner.stores, owner.retries, owner.routes, () -> "push");
    Subscriptions subscriptions = new Subscriptions(changes, owner.routes, owner.accounts, 100);
    subscriptions.follow(moves);
    subscriptions.fromContact(owner.account(), request(""));
    Stanza error = owner.routed().get(0);
    assertEquals(StanzaType.PRESENCE_ERROR, error.type());
    Element gone =
        error
            .payload()
            .element("jabber:client", "error")
            .child("urn:ietf:params:xml:ns:xmpp-stanzas", "gone");
    assertEquals("xmpp:j%25l@capulet.example", gone.text());
    assertNull(contact(NEW));
  }

  /** What comes after a request is not dealt with before it. */
  @Test
  void otherStanzasWaitUntilItIsKnown() {
    juliet(Subscription.BOTH);
    Promise<Jid> known = Promise.promise();
    moves =
        new Moves() {
          @Override
          public Future<Jid> newAddress(Relations user, Jid asker) {
            return Future.succeededFuture();
          }

          @Override
          public Future<Jid> oldAddress(Relations user, Stanza request) {
            return known.future();
          }
        };
    assertEquals(List.of(), arrives(request(notification(OLD))));
    List<Subscription> seen = new ArrayList<>();
    owner.accounts.run(
        JULIET, Level.NOTHING, juliet -> seen.add(juliet.contact(NEW).subscription()));
    assertEquals(List.of(), seen);
    known.complete(OLD);
    assertEquals(List.of(Subscription.FROM), seen);
  }
}

package io.rookery.router.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.LiveAccounts;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Stores;
import io.rookery.storage.StorageOverloadedException;
import io.rookery.storage.archive.ArchivePolicy;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.mailbox.Mailboxes;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes to the log, and with which stamp. The store only says when it is done. */
class ArchivingTest {
  private static final String SID = "urn:xmpp:sid:0";
  private static final int MAX_OFFLINE = 3;
  private static final String JULIET = Given.JULIET.toString();

  private final Vertx vertx = Vertx.vertx();
  private final List<MailboxEntry> log = new ArrayList<>();
  private final List<Promise<Void>> writes = new ArrayList<>();
  private final LiveAccount account = Given.account(Given.JULIET, true);

  @AfterEach
  void close() {
    vertx.close();
  }

  private Future<Void> append(MailboxEntry entry) {
    log.add(entry);
    writes.add(Promise.promise());
    return writes.get(writes.size() - 1).future();
  }

  private Archiving archiving(long maxPendingBytes, String... domains) {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Mailboxes mailboxes =
        (Mailboxes)
            Proxy.newProxyInstance(
                Mailboxes.class.getClassLoader(),
                new Class<?>[] {Mailboxes.class},
                (proxy, method, args) -> append((MailboxEntry) args[1]));
    Stores stores =
        new Stores(
            null, null, mailboxes, null, null, null, null, null, null, null, null, null, null);
    Retries retries = new Retries(vertx, () -> CompletableFuture.completedFuture(null), meters);
    return new Archiving(
        new Mailbox(
            new LiveAccounts(stores, retries, 1),
            stores,
            retries,
            Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC),
            maxPendingBytes,
            0,
            meters),
        Set.of(domains),
        MAX_OFFLINE);
  }

  private static Stanza message(StanzaType type, String... children) {
    Element[] elements = new Element[children.length];
    for (int i = 0; i < children.length; i++) {
      int name = children[i].lastIndexOf('#');
      elements[i] = Element.of(children[i].substring(0, name), children[i].substring(name + 1));
    }
    return Stanza.of(type, Given.ROMEO, Given.JULIET, "1", elements);
  }

  @ParameterizedTest
  @CsvSource({
    // waits for a client, belongs to the archive
    "MESSAGE_NORMAL, '', true, false",
    "MESSAGE_NORMAL, jabber:client#body, true, true",
    "MESSAGE_NORMAL, http://jabber.org/protocol/pubsub#event#event, true, false",
    "MESSAGE_CHAT, jabber:client#body, true, true",
    "MESSAGE_CHAT, '', false, false",
    "MESSAGE_CHAT, http://jabber.org/protocol/chatstates#composing, false, false",
    "MESSAGE_CHAT, http://jabber.org/protocol/chatstates#gone jabber:client#thread, false, false",
    "MESSAGE_CHAT, http://jabber.org/protocol/chatstates#gone urn:xmpp:sid:0#origin-id, false, false",
    "MESSAGE_CHAT, http://jabber.org/protocol/chatstates#active jabber:client#body, true, true",
    "MESSAGE_CHAT, urn:xmpp:receipts#received, true, true",
    "MESSAGE_CHAT, urn:xmpp:chat-markers:0#displayed urn:xmpp:hints#store, true, true",
    "MESSAGE_CHAT, urn:xmpp:hints#store, true, true",
    "MESSAGE_CHAT, urn:xmpp:carbons:2#received, false, false",
    "MESSAGE_CHAT, jabber:client#body urn:xmpp:carbons:2#sent, false, false",
    "MESSAGE_CHAT, jabber:client#body urn:xmpp:carbons:2#private, true, true",
    "MESSAGE_CHAT, jabber:client#body urn:xmpp:hints#no-store, false, false",
    "MESSAGE_CHAT, urn:xmpp:hints#store urn:xmpp:hints#no-store, false, false",
    "MESSAGE_NORMAL, jabber:client#body urn:xmpp:hints#no-permanent-store, true, false",
    "MESSAGE_CHAT, jabber:client#body urn:xmpp:hints#no-copy, true, true",
    "MESSAGE_NORMAL, urn:xmpp:mam:2#result, false, false",
    "MESSAGE_HEADLINE, jabber:client#body, false, false",
    "MESSAGE_HEADLINE, jabber:client#body urn:xmpp:hints#store, false, true",
    "MESSAGE_GROUPCHAT, jabber:client#body urn:xmpp:hints#store, false, false",
    "MESSAGE_ERROR, jabber:client#body urn:xmpp:hints#store, false, false",
  })
  void someMessagesAreWorthKeeping(
      StanzaType type, String children, boolean kept, boolean archived) {
    String[] names = children.isEmpty() ? new String[0] : children.split(" ");
    assertEquals(kept, OfflineMessages.isKept(message(type, names)));
    archiving(10_000, "capulet.example")
        .received(account, message(type, names), Archiving.Taker.CLIENT, 0);
    assertEquals(archived, !log.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    // archived domain, who takes it -> in the log, archived, offline
    "true,  CLIENT,  true,  true,  false",
    "true,  MANAGED, true,  true,  true",
    "true,  WAITING, true,  true,  true",
    "true,  NOBODY,  true,  true,  true",
    "false, NOBODY,  true,  false, true",
    "false, WAITING, true,  false, true",
    "false, MANAGED, false, false, false",
    "false, CLIENT,  false, false, false",
  })
  void whatIsReceived(
      boolean domain, Archiving.Taker taker, boolean inLog, boolean archived, boolean offline) {
    Stanza message = message(StanzaType.MESSAGE_CHAT, "jabber:client#body");
    Archiving.Kept kept =
        archiving(1000, domain ? "capulet.example" : "other").received(account, message, taker, 77);
    assertEquals(inLog ? 1 : 0, log.size());
    if (!inLog) {
      assertSame(message, kept.stanza());
      assertTrue(kept.durable().succeeded());
      assertEquals(0, kept.position());
      return;
    }
    MailboxEntry entry = log.get(0);
    assertEquals(archived, entry.archived());
    assertEquals(offline, entry.offline());
    assertEquals(Given.ROMEO, entry.peer());
    assertEquals(77, entry.origin());
    assertEquals(entry.id(), kept.position());
    Element id = kept.stanza().payload().element(SID, "stanza-id");
    assertEquals(JULIET, id.attribute("by"));
    assertEquals(Long.toUnsignedString(entry.id()), id.attribute("id"));
    assertEquals(Instant.ofEpochSecond(1_000_000), entry.time());
    assertTrue(!kept.durable().isComplete());
    writes.get(0).complete();
    assertTrue(kept.durable().succeeded());
  }

  @Test
  void nobodyElseStampsInTheAccountsName() {
    Stanza forged =
        message(StanzaType.MESSAGE_CHAT, "jabber:client#body")
            .plus(stamp(JULIET, "forged"))
            .plus(stamp("room@chat.example", "theirs"));
    Stanza kept =
        archiving(1000, "capulet.example")
            .received(account, forged, Archiving.Taker.CLIENT, 0)
            .stanza();
    List<String> ids = new ArrayList<>();
    for (int i = 1; i < kept.payload().childCount(); i++) {
      ids.add(kept.payload().element(i).attribute("id"));
    }
    assertEquals(List.of("theirs", Long.toUnsignedString(log.get(0).id())), ids);
  }

  @Test
  void aForgedStampGoesAlsoWhereNothingIsKept() {
    Stanza forged =
        message(StanzaType.MESSAGE_CHAT, "jabber:client#body").plus(stamp(JULIET, "forged"));
    Archiving.Kept kept = archiving(1000).received(account, forged, Archiving.Taker.CLIENT, 0);
    assertEquals(1, kept.stanza().payload().childCount());
    assertEquals(List.of(), log);
  }

  private static Element stamp(String by, String id) {
    return Element.of(SID, "stanza-id").attribute("by", by).attribute("id", id);
  }

  @Test
  void whatIsSentIsKeptWithItsAddressee() {
    Stanza message =
        message(StanzaType.MESSAGE_CHAT, "jabber:client#body")
            .withFrom(Given.JULIET.withResource("balcony"))
            .withTo(Given.ROMEO);
    assertTrue(archiving(1000).sent(account, message, 5).durable().succeeded());
    assertEquals(List.of(), log);
    Archiving archiving = archiving(1000, "capulet.example");
    long position = archiving.sent(account, message, 5).position();
    archiving.sent(account, message, 5);
    assertEquals(log.get(0).id(), position);
    assertTrue(log.get(0).outgoing());
    assertEquals(5, log.get(0).origin());
    assertEquals(Given.ROMEO, log.get(0).peer());
    assertNotEquals(log.get(0).id(), log.get(1).id());
  }

  @Test
  void whatIsSentToOneselfIsKeptWhenItArrives() {
    Archiving archiving = archiving(1000, "capulet.example");
    Stanza message = message(StanzaType.MESSAGE_CHAT, "jabber:client#body");
    assertTrue(archiving.sent(account, message, 5).durable().succeeded());
    assertEquals(List.of(), log);
  }

  @Test
  void theUserHasASay() {
    Archiving archiving = archiving(10_000, "capulet.example");
    Stanza message = message(StanzaType.MESSAGE_CHAT, "jabber:client#body");
    account
        .archive()
        .change(
            new ArchivePolicy(ArchivePolicy.Others.ROSTER, Set.of(), Set.of()),
            Future::succeededFuture);
    archiving.received(account, message, Archiving.Taker.CLIENT, 0);
    assertEquals(List.of(), log, "not a contact");
    archiving.received(account, message, Archiving.Taker.NOBODY, 0);
    assertEquals(List.of(false), log.stream().map(MailboxEntry::archived).toList());
    account.putContact(Given.contact(Given.ROMEO.bare(), RosterItem.Subscription.NONE));
    archiving.received(account, message, Archiving.Taker.CLIENT, 0);
    assertEquals(List.of(false, true), log.stream().map(MailboxEntry::archived).toList());
  }

  @Test
  void onlySoMuchWaitsForTheStore() {
    Archiving archiving = archiving(0);
    Stanza message = message(StanzaType.MESSAGE_CHAT, "jabber:client#body");
    Future<Void> first = archiving.received(account, message, Archiving.Taker.NOBODY, 0).durable();
    assertTrue(
        archiving.received(account, message, Archiving.Taker.NOBODY, 0).durable().cause()
            instanceof StorageOverloadedException);
    assertEquals(1, log.size());
    writes.get(0).complete();
    assertTrue(first.succeeded());
    archiving.received(account, message, Archiving.Taker.NOBODY, 0);
    assertEquals(2, log.size());
  }

  @Test
  void onlySoManyWaitForAUser() {
    Archiving archiving = archiving(1_000_000);
    Stanza message = message(StanzaType.MESSAGE_CHAT, "jabber:client#body");
    for (int i = 0; i < MAX_OFFLINE; i++) {
      archiving.received(account, message, Archiving.Taker.NOBODY, 0);
    }
    assertTrue(archiving.received(account, message, Archiving.Taker.NOBODY, 0).durable().failed());
    assertEquals(MAX_OFFLINE, log.size());
  }
}

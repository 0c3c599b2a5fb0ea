package io.rookery.router.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.pubsub.StoredNode;
import io.rookery.storage.roster.RosterItem.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the login of a user with many contacts reads, and what it gets. */
class LastItemsTest {
  private static final Jid ROMEO = Given.ROMEO.bare();
  private static final List<Jid> CONTACTS = new ArrayList<>();

  static {
    for (int i = 0; i < 200; i++) {
      CONTACTS.add(Jid.parse("contact" + i + "@capulet.example"));
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final MemoryNodes store = new MemoryNodes();
  private final MemoryContacts away = new MemoryContacts();
  private final Map<Jid, LiveAccount> here = new HashMap<>();
  private int term;
  private String stamp;
  private KnownNodes nodes = new KnownNodes(store, account -> term, 1 << 20);

  @AfterEach
  void close() {
    vertx.close();
  }

  /** The last items that Romeo's client gets, by who sends them. */
  private Map<Jid, List<String>> login(String... wanted) {
    List<Stanza> sent = asks(wanted).result();
    assertTrue(sent.stream().allMatch(stanza -> stanza.to().equals(Given.ROMEO)));
    sent.forEach(
        stanza -> stamp = stanza.payload().element("urn:xmpp:delay", "delay").attribute("stamp"));
    return sent.stream()
        .collect(
            Collectors.groupingBy(
                Stanza::from, Collectors.mapping(LastItemsTest::text, Collectors.toList())));
  }

  private Future<List<Stanza>> asks(String... wanted) {
    StringBuilder interest =
        new StringBuilder("<interest xmlns='urn:rookery:pep:0' resource='orchard'>");
    for (String node : wanted) {
      interest.append("<node>").append(node).append("</node>");
    }
    Stanza question =
        Stanza.of(
            StanzaType.IQ_GET,
            ROMEO,
            null,
            "1",
            Element.parse(interest.append("</interest>") + ""));
    Pubsub pubsub =
        new Pubsub(
            nodes,
            new Acquaintance(here::get, away.rosters(), away.blockLists()),
            new Retries(
                vertx, () -> CompletableFuture.completedFuture(null), new SimpleMeterRegistry()),
            Limits.USUAL,
            Clock.systemUTC(),
            () -> "made",
            List.of());
    store.reads.clear();
    away.reads.clear();
    return new IqDispatcher(new Extensions(List.of(pubsub))).answerMany(question, CONTACTS);
  }

  private static String text(Stanza notification) {
    Element items = notification.payload().element(0).children().get(0);
    return items.children().get(0).children().get(0).text();
  }

  private void publish(Jid owner, String node, String text, String... config) {
    Map<String, List<String>> fields = new HashMap<>();
    for (int i = 0; i < config.length; i += 2) {
      fields.put("pubsub#" + config[i], List.of(config[i + 1]));
    }
    nodes.putNode(owner, new StoredNode(node, fields, Map.of(), Map.of()));
    byte[] payload = ("<a xmlns='urn:a'>" + text + "</a>").getBytes(StandardCharsets.UTF_8);
    nodes.publish(owner, node, new StoredItem(text, 1000L << 16, owner, payload), List.of());
  }

  private static Map<Jid, List<String>> of(Jid owner, String text) {
    return Map.of(owner, List.of(text));
  }

  @Test
  void contactsWithoutNodesCostOneReadAndOnce() {
    assertEquals(Map.of(), login("mood", "tune"));
    assertEquals(List.of("nodes of 200"), store.reads);
    assertEquals(List.of(), away.reads);
    login("mood", "tune");
    assertEquals(List.of(), store.reads);
  }

  @Test
  void contactsWithNodesCostAReadForEachNameAndTwoForWhatTheyAreToTheUser() {
    for (Jid contact : CONTACTS) {
      publish(contact, "mood", "happy", "access_model", "open");
      publish(contact, "tune", "aubade");
      publish(contact, "other", "x");
    }
    away.items.put(CONTACTS.get(3), Given.contact(ROMEO, Subscription.FROM));
    away.items.put(CONTACTS.get(4), Given.contact(ROMEO, Subscription.TO));
    away.blocked.put(CONTACTS.get(5), new BlockList(Set.of(ROMEO)));
    away.blocked.put(CONTACTS.get(6), new BlockList(Set.of(Given.ROMEO)));
    Map<Jid, List<String>> got = login("mood", "tune");
    assertEquals(List.of("nodes of 200", "items of 198", "items of 1"), sorted(store.reads));
    assertEquals(List.of("roster items of 200", "block lists of 200"), away.reads);
    assertEquals(198, got.size());
    assertEquals(Set.of("happy", "aubade"), Set.copyOf(got.get(CONTACTS.get(3))));
    assertEquals(List.of("happy"), got.get(CONTACTS.get(4)));
    assertEquals(got, login("mood", "tune"));
    assertEquals(List.of(), store.reads);
  }

  private static List<String> sorted(List<String> reads) {
    return reads.stream().sorted((a, b) -> b.compareTo(a)).toList();
  }

  @Test
  void whoIsInMemoryIsNotReadOf() {
    Jid contact = CONTACTS.get(0);
    publish(contact, "tune", "aubade");
    here.put(contact, Given.account(contact, true, Given.contact(ROMEO, Subscription.BOTH)));
    assertEquals(of(contact, "aubade"), login("tune"));
    assertEquals(List.of(), away.reads);
    assertEquals("1970-01-01T00:00:01Z", stamp);
    here.get(contact).blockList(new BlockList(Set.of(ROMEO)));
    assertEquals(Map.of(), login("tune"));
  }

  @Test
  void ofANodeWithManyItemsTheLastComes() {
    Jid contact = CONTACTS.get(0);
    publish(contact, "blog", "old", "access_model", "open", "max_items", "max");
    nodes.publish(
        contact,
        "blog",
        new StoredItem("b", 2000L << 16, contact, "<a>new</a>".getBytes(StandardCharsets.UTF_8)),
        List.of());
    assertEquals(of(contact, "new"), login("blog"));
    assertEquals(List.of("nodes of 200", "index", "some items"), store.reads);
  }

  @Test
  void whatAnAccountChangesIsReadAnew() {
    Jid contact = CONTACTS.get(0);
    login("mood");
    publish(contact, "mood", "happy", "access_model", "open");
    assertEquals(of(contact, "happy"), login("mood"));
    assertEquals(List.of("nodes of 1", "items of 1"), store.reads);
    publish(contact, "mood", "sad", "access_model", "open");
    assertEquals(of(contact, "sad"), login("mood"));
    nodes.purge(contact, "mood");
    assertEquals(Map.of(), login("mood"));
    nodes.delete(contact);
    assertEquals(Map.of(), login("mood"));
    assertEquals(List.of("nodes of 1"), store.reads);
  }

  @Test
  void whatWasReadBeforeAnotherOwnerCameIsReadAnew() {
    login("mood");
    term++;
    login("mood");
    assertEquals(List.of("nodes of 200"), store.reads);
  }

  @Test
  void noMoreIsKeptThanThereIsRoomFor() {
    nodes = new KnownNodes(store, account -> term, 50 * 400);
    login("mood");
    login("mood");
    assertEquals(List.of("nodes of 200"), store.reads);
    nodes.nodes(CONTACTS.subList(190, 200));
    store.reads.clear();
    nodes.nodes(CONTACTS.subList(190, 200));
    assertEquals(List.of(), store.reads);
  }

  @Test
  void whatCannotBeReadIsReadLater() throws Exception {
    publish(CONTACTS.get(0), "mood", "happy", "access_model", "open");
    store.failing = true;
    Future<List<Stanza>> answer = asks("mood");
    assertFalse(answer.isComplete());
    store.failing = false;
    List<Stanza> sent = answer.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    assertEquals(List.of("happy"), sent.stream().map(LastItemsTest::text).toList());
  }
}

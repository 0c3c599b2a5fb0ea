package io.rookery.router.privatedata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.storage.privatedata.PrivateData;
import io.rookery.storage.privatedata.PrivateName;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PrivateXmlTest {
  private static final String PREFS = "<exodus xmlns='exodus:prefs'><nick>Hamlet</nick></exodus>";

  private final LiveAccount juliet = Given.account(Given.JULIET, true);
  private final Store store = new Store();
  private final Vertx vertx = Vertx.vertx();
  private final List<String> heard = new ArrayList<>();
  private final IqDispatcher dispatcher =
      new IqDispatcher(
          new Extensions(
              List.of(
                  new PrivateXml(
                      new PrivateElements(
                          store,
                          new Retries(
                              vertx,
                              () -> CompletableFuture.completedFuture(null),
                              new SimpleMeterRegistry())),
                      new Listener()))));

  @AfterEach
  void close() {
    vertx.close();
  }

  /** Wants to know of one element. */
  private final class Listener implements PrivateListener {
    @Override
    public PrivateName name() {
      return new PrivateName("storage:bookmarks", "storage");
    }

    @Override
    public Future<List<Effect>> written(AccountView account, Element before, Element after) {
      heard.add(before.children().size() + " " + after.children().size());
      return Future.succeededFuture(List.of(new Effect.SetPhoto("effect of " + heard.size())));
    }

    @Override
    public Future<List<Effect>> missing(AccountView account) {
      store.rows.put(name(), "<storage xmlns='storage:bookmarks'><made/></storage>");
      return Future.succeededFuture(List.of());
    }
  }

  /** As it would be in the database; answers when it is told to. */
  private static final class Store implements PrivateData {
    private final Map<PrivateName, String> rows = new HashMap<>();
    private Future<Void> ready = Future.succeededFuture();

    @Override
    public Future<Map<PrivateName, String>> find(Jid owner, String namespace) {
      return ready.map(
          v ->
              rows.entrySet().stream()
                  .filter(row -> row.getKey().namespace().equals(namespace))
                  .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @Override
    public Future<Map<PrivateName, Integer>> sizes(Jid owner) {
      return ready.map(
          v -> {
            Map<PrivateName, Integer> sizes = new HashMap<>();
            rows.forEach(
                (name, xml) -> sizes.put(name, xml.getBytes(StandardCharsets.UTF_8).length));
            return sizes;
          });
    }

    @Override
    public Future<Void> put(Jid owner, Map<PrivateName, String> elements) {
      return ready.map(
          v -> {
            rows.putAll(elements);
            rows.values().removeIf(String::isEmpty);
            return null;
          });
    }

    @Override
    public Future<Void> delete(Jid owner) {
      throw new AssertionError("only with the account");
    }
  }

  private Future<IqReply> ask(StanzaType type, IqTarget target, String content) {
    Element query = Element.parse("<query xmlns='" + PrivateXml.NS + "'>" + content + "</query>");
    Stanza iq = Stanza.of(type, Given.JULIET.withResource("balcony"), null, "1", query);
    return dispatcher.answer(iq, target, juliet, null);
  }

  private IqReply set(String content) {
    return ask(StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, content).result();
  }

  private IqReply get(String content) {
    return ask(StanzaType.IQ_GET, IqTarget.OWN_ACCOUNT, content).result();
  }

  private static void assertRefused(Condition condition, IqReply reply) {
    assertEquals(condition, reply.error() == null ? null : reply.error().condition());
  }

  @Test
  void whatIsStoredComesBack() {
    assertEquals(IqReply.result(), set(PREFS));
    assertEquals(
        Element.parse(PREFS), get("<exodus xmlns='exodus:prefs'/>").payload().children().get(0));
  }

  @Test
  void whatWasNeverStoredComesBackEmpty() {
    set(PREFS);
    assertEquals(
        "<query xmlns='jabber:iq:private'><other xmlns='exodus:prefs'/></query>",
        get("<other xmlns='exodus:prefs'/>").payload().toString());
  }

  @Test
  void severalElementsOfANamespaceAreAnsweredInTheOrderAskedFor() {
    set("<a xmlns='x'>1</a><b xmlns='x'>2</b><a xmlns='y'>3</a>");
    assertEquals(
        "<query xmlns='jabber:iq:private'><b xmlns='x'>2</b><a xmlns='x'>1</a></query>",
        get("<b xmlns='x'/><a xmlns='x'/>").payload().toString());
  }

  @Test
  void anElementWithoutContentTakesNoRoom() {
    set(PREFS);
    set("<exodus xmlns='exodus:prefs'/>");
    assertTrue(store.rows.isEmpty());
  }

  /** A client need not wait for the answer to the request before. */
  @Test
  void requestsTakeEffectInTheirOrder() {
    Promise<Void> slow = Promise.promise();
    store.ready = slow.future();
    Future<IqReply> first = ask(StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, "<a xmlns='x'>1</a>");
    store.ready = Future.succeededFuture();
    Future<IqReply> second = ask(StanzaType.IQ_SET, IqTarget.OWN_ACCOUNT, "<a xmlns='x'>2</a>");
    Future<IqReply> read = ask(StanzaType.IQ_GET, IqTarget.OWN_ACCOUNT, "<a xmlns='x'/>");
    assertFalse(second.isComplete());
    slow.complete();
    assertTrue(first.succeeded() && second.succeeded());
    assertEquals("2", read.result().payload().children().get(0).text());
  }

  @ParameterizedTest
  @EnumSource(
      value = IqTarget.class,
      names = {"OTHER_ACCOUNT", "SERVER"})
  void nobodyElsesIsToBeHad(IqTarget target) {
    set(PREFS);
    assertRefused(Condition.FORBIDDEN, ask(StanzaType.IQ_GET, target, PREFS).result());
    assertRefused(Condition.FORBIDDEN, ask(StanzaType.IQ_SET, target, PREFS).result());
  }

  @ParameterizedTest
  @CsvSource({
    "'', NOT_ACCEPTABLE",
    "just text, NOT_ACCEPTABLE",
    "<own/>, NOT_ACCEPTABLE",
    "<none xmlns=''/>, NOT_ACCEPTABLE",
    "<vCard xmlns='vcard-temp'/>, NOT_ACCEPTABLE",
    "<query xmlns='jabber:iq:roster'/>, NOT_ACCEPTABLE",
    "<x xmlns='http://jabber.org/protocol/muc'/>, NOT_ACCEPTABLE",
    "<a xmlns='x'>1</a><a xmlns='x'>2</a>, BAD_REQUEST",
  })
  void whatIsWrong(String content, Condition condition) {
    assertRefused(condition, get(unquoted(content)));
    assertRefused(condition, set(unquoted(content)));
    assertTrue(store.rows.isEmpty());
  }

  private static String unquoted(String content) {
    return content == null ? "" : content;
  }

  @Test
  void aGetIsForOneNamespace() {
    assertRefused(Condition.BAD_REQUEST, get("<a xmlns='x'/><a xmlns='y'/>"));
  }

  @Test
  void aNamespaceIsOfLimitedLength() {
    String ofLimit = "x".repeat(PrivateXml.MAX_NAME - 1);
    assertEquals(IqReply.result(), set("<a xmlns='" + ofLimit + "'>1</a>"));
    assertRefused(Condition.POLICY_VIOLATION, set("<a xmlns='" + ofLimit + "x'>1</a>"));
  }

  @Test
  void anAccountHasSoManyElements() {
    for (int i = 0; i < PrivateElements.MAX_ELEMENTS; i++) {
      assertEquals(IqReply.result(), set("<a xmlns='x" + i + "'>1</a>"));
    }
    assertRefused(Condition.POLICY_VIOLATION, set("<a xmlns='one-more'>1</a>"));
    assertEquals(IqReply.result(), set("<a xmlns='x0'>changed</a>"));
    assertEquals(IqReply.result(), set("<a xmlns='x0'/><a xmlns='one-more'>1</a>"));
  }

  @Test
  void anAccountHasSoManyBytes() {
    String big = "b".repeat(PrivateElements.MAX_BYTES / 4 - 100);
    for (int i = 0; i < 4; i++) {
      assertEquals(IqReply.result(), set("<a xmlns='x" + i + "'>" + big + "</a>"));
    }
    assertRefused(Condition.POLICY_VIOLATION, set("<a xmlns='one-more'>" + big + "</a>"));
    assertEquals(IqReply.result(), set("<a xmlns='x0'>" + big + "</a>"));
  }

  /** Before and after, and what it wants done is done; nothing of a set that is refused. */
  @Test
  void whoListensToAnElementHearsOfIt() {
    IqReply first = set("<storage xmlns='storage:bookmarks'><a/><b/></storage>");
    set(PREFS);
    set("<storage xmlns='storage:bookmarks'/>" + PREFS);
    set("<storage xmlns='storage:bookmarks'/><vCard xmlns='vcard-temp'/>");
    assertEquals(List.of("0 2", "2 0"), heard);
    assertEquals(List.of(new Effect.SetPhoto("effect of 1")), first.effects());
  }

  @Test
  void whatIsMissingMayBeMade() {
    String asked = "<storage xmlns='storage:bookmarks'/>";
    Element query = get(asked).payload();
    assertEquals("made", query.children().get(0).children().get(0).name());
    set("<storage xmlns='storage:bookmarks'><own/></storage>");
    assertEquals("own", get(asked).payload().children().get(0).children().get(0).name());
  }
}

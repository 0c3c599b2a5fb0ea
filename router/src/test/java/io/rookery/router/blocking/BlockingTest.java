package io.rookery.router.blocking;

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
import io.rookery.router.dispatch.HookChain;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Retries;
import io.rookery.router.session.Session;
import io.rookery.router.session.Stores;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.blocking.BlockLists;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is blocked, what is refused with what, who is told. The store keeps what it was given. */
class BlockingTest {
  private static final Jid ROMEO = Given.ROMEO.bare();
  private static final Jid JULIET = Given.JULIET;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<BlockList> saved = new ArrayList<>();
  private final List<Promise<Void>> writes = new ArrayList<>();
  private final LiveAccount account =
      Given.account(JULIET, true, Given.contact(ROMEO, RosterItem.Subscription.BOTH));
  private final Session balcony = Given.available(account, "balcony", 0);
  private final Session chamber = Given.session(account, "chamber");
  private final Extensions extensions =
      new Extensions(
          List.of(
              new BlockingCommand(
                  new BlockListChanges(
                      new Stores(
                          null,
                          null,
                          null,
                          null,
                          null,
                          new Recorded(),
                          null,
                          null,
                          null,
                          null,
                          null,
                          null,
                          null),
                      new Retries(vertx, () -> CompletableFuture.completedFuture(null), meters)),
                  new AbuseReports(meters),
                  () -> "push")));

  @AfterEach
  void close() {
    vertx.close();
  }

  /** Says that it is done when the test says so. */
  private final class Recorded implements BlockLists {
    @Override
    public Future<BlockList> load(Jid user) {
      throw new AssertionError("it is loaded");
    }

    @Override
    public Future<Map<Jid, BlockList>> of(Collection<Jid> users) {
      throw new AssertionError("nobody asks for many");
    }

    @Override
    public Future<Void> save(Jid user, BlockList list) {
      saved.add(list);
      writes.add(Promise.promise());
      return writes.get(writes.size() - 1).future();
    }

    @Override
    public Future<Void> delete(Jid user) {
      throw new AssertionError("it is saved");
    }
  }

  private Future<IqReply> asks(StanzaType type, String xml) {
    Stanza iq = Stanza.of(type, balcony.jid(), null, "1", Element.parse(xml));
    return new IqDispatcher(extensions).answer(iq, IqTarget.OWN_ACCOUNT, account, balcony);
  }

  private Future<IqReply> command(String name, String... addresses) {
    StringBuilder items = new StringBuilder();
    for (String address : addresses) {
      items.append("<item jid='").append(address).append("'/>");
    }
    return asks(
        StanzaType.IQ_SET, "<" + name + " xmlns='urn:xmpp:blocking'>" + items + "</" + name + ">");
  }

  private IqReply done(Future<IqReply> reply) {
    writes.forEach(write -> write.tryComplete());
    return reply.result();
  }

  private HookChain.Outcome passes(Flow flow, Stanza stanza) {
    HookChain chain = new HookChain(extensions, (who, effects) -> Future.succeededFuture(), meters);
    return chain.see(flow, stanza, account, flow == Flow.FROM_CLIENT ? balcony : null);
  }

  private boolean comesIn(StanzaType type, String from) {
    return passes(Flow.TO_ACCOUNT, Stanza.of(type, Jid.parse(from), JULIET, "1")).stanza() != null;
  }

  private static List<Stanza> sent(IqReply reply) {
    return reply.effects().stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).stanza())
        .toList();
  }

  @Test
  void whoBlocksNobodyPaysNothing() {
    Stanza message = Stanza.of(StanzaType.MESSAGE_CHAT, ROMEO, JULIET, "1");
    HookChain chain = new HookChain(extensions, (who, effects) -> Future.succeededFuture(), meters);
    assertTrue(chain.isEmpty(Flow.TO_ACCOUNT, message, account));
    done(command("block", "tybalt@capulet.example"));
    assertFalse(chain.isEmpty(Flow.TO_ACCOUNT, message, account));
    done(command("unblock"));
    assertNull(account.blockList());
    assertTrue(chain.isEmpty(Flow.TO_ACCOUNT, message, account));
  }

  @ParameterizedTest
  @CsvSource({
    // section 5: entry, address, blocked
    "a@b.example/c, a@b.example/c, true",
    "a@b.example/c, a@b.example/d, false",
    "a@b.example/c, a@b.example, false",
    "a@b.example, a@b.example, true",
    "a@b.example, a@b.example/c, true",
    "a@b.example, x@b.example, false",
    "b.example/c, b.example/c, true",
    "b.example/c, b.example, false",
    "b.example/c, a@b.example/c, false",
    "b.example, b.example, true",
    "b.example, b.example/c, true",
    "b.example, a@b.example/c, true",
    "b.example, a@sub.b.example, false",
    // one's own devices and server
    "juliet@capulet.example, juliet@capulet.example/balcony, false",
    "capulet.example, juliet@capulet.example/balcony, false",
    "capulet.example, capulet.example, false",
    "capulet.example, nurse@capulet.example, true",
  })
  void addressesMatchInFourForms(String entry, String address, boolean blocked) {
    done(command("block", entry));
    assertEquals(blocked, account.isBlocked(Jid.parse(address)));
    assertEquals(!blocked, comesIn(StanzaType.MESSAGE_CHAT, address));
  }

  @ParameterizedTest
  @CsvSource({
    "MESSAGE_CHAT, service-unavailable",
    "IQ_GET, service-unavailable",
    "IQ_SET, service-unavailable",
    "PRESENCE_AVAILABLE,",
    "PRESENCE_PROBE,",
    "PRESENCE_SUBSCRIBE,",
  })
  void whatComesFromTheBlockedIsRefusedOrDropped(StanzaType type, String condition) {
    done(command("block", ROMEO.toString()));
    HookChain.Outcome outcome = passes(Flow.TO_ACCOUNT, Stanza.of(type, Given.ROMEO, JULIET, "1"));
    assertNull(outcome.stanza());
    assertEquals(
        condition, outcome.refusal() == null ? null : outcome.refusal().condition().xmlName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MESSAGE_CHAT", "IQ_GET", "PRESENCE_AVAILABLE", "PRESENCE_SUBSCRIBE"})
  void whatGoesToTheBlockedIsRefused(String type) {
    done(command("block", ROMEO.toString()));
    Stanza stanza = Stanza.of(StanzaType.valueOf(type), balcony.jid(), Given.ROMEO, "1");
    HookChain.Outcome outcome = passes(Flow.FROM_CLIENT, stanza);
    assertNull(outcome.stanza());
    Element error = stanza.error(outcome.refusal()).payload().element(0);
    assertEquals("cancel", error.attribute("type"));
    assertEquals("not-acceptable", error.children().get(0).name());
    assertTrue(error.children().get(1).is("urn:xmpp:blocking:errors", "blocked"));
    assertEquals(
        stanza.withTo(null), passes(Flow.FROM_CLIENT, stanza.withTo(null)).stanza(), "broadcast");
  }

  /** In force at once; the client is told when it is durable. */
  @Test
  void aBlockIsWrittenBeforeItIsConfirmed() {
    Future<IqReply> first = command("block", ROMEO.toString(), "b.example");
    Future<IqReply> second = command("unblock", "b.example");
    assertFalse(comesIn(StanzaType.MESSAGE_CHAT, "romeo@montague.example"));
    assertFalse(first.isComplete());
    assertEquals(1, saved.size(), "one write after the other");
    writes.get(0).complete();
    assertTrue(first.isComplete());
    assertFalse(second.isComplete());
    writes.get(1).complete();
    assertTrue(second.isComplete());
    assertEquals(Set.of(ROMEO), saved.get(1).addresses());
  }

  @Test
  void theListIsGivenAndChangesArePushedToWhoAsked() {
    assertEquals(
        Element.of(BlockingCommand.NS, "blocklist"),
        asks(StanzaType.IQ_GET, "<blocklist xmlns='urn:xmpp:blocking'/>").result().payload());
    chamber.put(BlockingCommand.REQUESTED, true);
    IqReply reply = done(command("block", "b.example", "a.example"));
    List<Effect> pushes =
        reply.effects().stream().filter(Effect.ToSession.class::isInstance).toList();
    assertEquals(1, pushes.size());
    Effect.ToSession push = (Effect.ToSession) pushes.get(0);
    assertEquals(chamber.jid(), push.session());
    Element block = push.stanza().payload().element(BlockingCommand.NS, "block");
    assertEquals(2, block.children(BlockingCommand.NS, "item").size());
    Element list =
        asks(StanzaType.IQ_GET, "<blocklist xmlns='urn:xmpp:blocking'/>").result().payload();
    assertEquals("a.example", list.children().get(0).attribute("jid"));
    assertEquals(2, list.children().size());
  }

  @Test
  void whoIsBlockedSeesTheUserLeaveAndComeBack() {
    Jid stage = Jid.parse("romeo@montague.example/stage");
    chamber.directedTo(stage);
    IqReply blocked = done(command("block", "montague.example"));
    assertEquals(
        List.of(
            Stanza.of(StanzaType.PRESENCE_UNAVAILABLE, balcony.jid(), ROMEO, null),
            Stanza.of(StanzaType.PRESENCE_UNAVAILABLE, chamber.jid(), stage, null)),
        sent(blocked));
    assertEquals(Set.of(), chamber.directed());
    assertEquals(List.of(), sent(done(command("block", ROMEO.toString()))), "blocked already");
    assertEquals(List.of(), sent(done(command("unblock", "montague.example"))), "still blocked");
    List<Stanza> back = sent(done(command("unblock")));
    assertEquals(balcony.presence().withTo(ROMEO), back.get(0));
    assertEquals(StanzaType.PRESENCE_PROBE, back.get(1).type());
    assertEquals(2, back.size());
  }

  @Test
  void oneResourceOfAContactSeesTheUserLeave() {
    IqReply blocked = done(command("block", Given.ROMEO.toString()));
    assertEquals(
        List.of(Stanza.of(StanzaType.PRESENCE_UNAVAILABLE, balcony.jid(), Given.ROMEO, null)),
        sent(blocked));
  }

  @Test
  void strangersLearnNothing() {
    assertEquals(List.of(), sent(done(command("block", "tybalt@capulet.example"))));
    assertEquals(List.of(), sent(done(command("unblock", "tybalt@capulet.example"))));
  }

  @ParameterizedTest
  @CsvSource({
    "<block xmlns='urn:xmpp:blocking'/>, bad-request",
    "<block xmlns='urn:xmpp:blocking'><item/></block>, bad-request",
    "<block xmlns='urn:xmpp:blocking'><item jid='@x'/></block>, jid-malformed",
    "<block xmlns='urn:xmpp:blocking'><other jid='a'/></block>, bad-request",
    "<unblock xmlns='urn:xmpp:blocking'><other jid='a'/></unblock>, bad-request",
    "<unblock xmlns='urn:xmpp:blocking'><item jid=''/></unblock>, jid-malformed",
  })
  void nonsenseIsRefused(String xml, String condition) {
    done(command("block", ROMEO.toString()));
    IqReply reply = asks(StanzaType.IQ_SET, xml).result();
    assertEquals(condition, reply.error().condition().xmlName());
    assertEquals(Set.of(ROMEO), account.blockList().addresses());
  }

  @Test
  void theListHasALimit() {
    String[] addresses = new String[BlockingCommand.MAX_ADDRESSES];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = "u" + i + "@b.example";
    }
    assertNull(done(command("block", addresses)).error());
    assertEquals(
        "resource-constraint",
        command("block", "one@more.example").result().error().condition().xmlName());
    assertNull(done(command("block", "u1@b.example")).error(), "no further one");
  }

  @Test
  void aReportIsCountedAndTheBlockHappens() {
    String item = "<item jid='%s'><report xmlns='urn:xmpp:reporting:1' reason='%s'/></item>";
    done(
        asks(
            StanzaType.IQ_SET,
            "<block xmlns='urn:xmpp:blocking'>"
                + item.formatted("a@b.example", "urn:xmpp:reporting:spam")
                + item.formatted("b@b.example", "urn:xmpp:reporting:abuse")
                + item.formatted("c@b.example", "made up")
                + "<item jid='d@b.example'/></block>"));
    for (String reason : List.of("spam", "abuse", "other")) {
      assertEquals(1, meters.counter("rookery.abuse.reports", "reason", reason).count());
    }
    assertEquals(4, account.blockList().addresses().size());
  }
}

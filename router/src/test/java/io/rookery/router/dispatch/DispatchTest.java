package io.rookery.router.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.BindHandler;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Hook;
import io.rookery.router.extension.IqHandler;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.Verdict;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.StorageOverloadedException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hooks and IQ handlers of extensions, good ones and broken ones. */
class DispatchTest {
  private static final String NS = "urn:example";
  private static final Stanza MESSAGE =
      Stanza.of(StanzaType.MESSAGE_CHAT, Given.ROMEO, Given.JULIET, "1");
  private static final Stanza GET =
      Stanza.of(StanzaType.IQ_GET, Given.ROMEO, Given.JULIET, "1", Element.of(NS, "query"));

  private final List<Effect> performed = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private static Manifest manifest() {
    return Manifest.of(0, "1", "test");
  }

  private static Extension hook(Phase phase, Hook hook) {
    return () -> manifest().hook(Flow.TO_ACCOUNT, phase, StanzaType.Kind.MESSAGE, hook);
  }

  private static Extension stamp(Phase phase, String name) {
    return hook(
        phase, passage -> Verdict.change(passage.stanza().plus(Element.of("urn:stamp", name))));
  }

  private HookChain.Outcome pass(Extension... extensions) {
    return chain(extensions).see(Flow.TO_ACCOUNT, MESSAGE, Given.account(Given.JULIET, true), null);
  }

  private HookChain chain(Extension... extensions) {
    return new HookChain(
        new Extensions(List.of(extensions)),
        (account, effects) -> {
          performed.addAll(effects);
          return Future.succeededFuture();
        },
        meters);
  }

  private static String stamps(HookChain.Outcome outcome) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < outcome.stanza().payload().childCount(); i++) {
      names.append(outcome.stanza().payload().name(i));
    }
    return names.toString();
  }

  @Test
  void hooksGoByPhaseAndThenByTheListOfExtensions() {
    assertEquals(
        "abcd",
        stamps(
            pass(
                stamp(Phase.STAMP, "b"),
                stamp(Phase.ARCHIVE, "d"),
                stamp(Phase.GUARD, "a"),
                stamp(Phase.STAMP, "c"))));
  }

  @Test
  void aFailingGuardRefuses() {
    for (Hook broken : List.<Hook>of(DispatchTest::fail, passage -> null)) {
      HookChain.Outcome outcome = pass(hook(Phase.GUARD, broken), stamp(Phase.STAMP, "a"));
      assertNull(outcome.stanza());
      assertEquals(Condition.INTERNAL_SERVER_ERROR, outcome.refusal().condition());
    }
    assertEquals(2, meters.counter("rookery.hook.failures").count());
  }

  @Test
  void otherFailuresAreCountedAndPassedOver() {
    for (Phase phase : EnumSet.of(Phase.STAMP, Phase.ARCHIVE)) {
      assertEquals("a", stamps(pass(hook(phase, DispatchTest::fail), stamp(Phase.ARCHIVE, "a"))));
    }
    assertEquals(2, meters.counter("rookery.hook.failures").count());
  }

  private static Verdict fail(Object passage) {
    throw new IllegalStateException("expected by this test");
  }

  @Test
  void whoStopsAStanzaStopsItForAll() {
    Effect effect = new Effect.Send(MESSAGE);
    assertNull(
        pass(hook(Phase.GUARD, p -> Verdict.DROP), hook(Phase.STAMP, p -> Verdict.also(effect)))
            .stanza());
    assertEquals(List.of(), performed);
    HookChain.Outcome refused = pass(hook(Phase.GUARD, p -> Verdict.refuse(Condition.FORBIDDEN)));
    assertEquals(Condition.FORBIDDEN, refused.refusal().condition());
    assertEquals(MESSAGE, pass(hook(Phase.STAMP, p -> Verdict.also(effect))).stanza());
    assertEquals(List.of(effect), performed);
  }

  @Test
  void hooksOfOthersCostNothing() {
    Extension julietOnly =
        () ->
            manifest()
                .hook(
                    Flow.TO_ACCOUNT,
                    Phase.GUARD,
                    StanzaType.Kind.MESSAGE,
                    account -> account.jid().equals(Given.JULIET),
                    p -> Verdict.DROP);
    assertNull(pass(julietOnly).stanza());
    HookChain chain = chain(julietOnly);
    assertFalse(
        chain.isEmpty(Flow.TO_ACCOUNT, MESSAGE, Given.account(Given.JULIET, true)), "concerned");
    LiveAccount other = Given.account(Given.ROMEO.bare(), true);
    assertTrue(chain.isEmpty(Flow.TO_ACCOUNT, MESSAGE, other));
    assertEquals(MESSAGE, chain.see(Flow.TO_ACCOUNT, MESSAGE, other, null).stanza());
  }

  @Test
  void whoCopiesSeesWhatWasDoneAndStopsNothing() {
    Effect effect = new Effect.Send(MESSAGE);
    List<Long> positions = new ArrayList<>();
    HookChain chain =
        chain(
            hook(Phase.FANOUT, DispatchTest::fail),
            hook(Phase.FANOUT, p -> Verdict.DROP),
            hook(
                Phase.FANOUT,
                p -> {
                  positions.add(p.outcome().position());
                  return Verdict.also(effect);
                }));
    LiveAccount juliet = Given.account(Given.JULIET, true);
    assertTrue(chain.isEmpty(Flow.TO_ACCOUNT, MESSAGE, juliet), "nothing to ask before");
    chain.copy(
        Flow.TO_ACCOUNT, new Passage(MESSAGE, juliet, null, new Passage.Outcome(List.of(), 7, 0)));
    assertEquals(List.of(effect), performed);
    assertEquals(List.of(7L), positions);
    assertTrue(chain.copiesNothing(Flow.FROM_CLIENT, juliet));
  }

  @Test
  void onlyMessagesAreCopied() {
    Extension presence =
        () ->
            manifest()
                .hook(Flow.TO_ACCOUNT, Phase.FANOUT, StanzaType.Kind.PRESENCE, p -> Verdict.PASS);
    assertThrows(IllegalArgumentException.class, () -> new Extensions(List.of(presence)));
  }

  private static Extension answers(IqTarget target, IqHandler handler) {
    return () -> manifest().iq(StanzaType.IQ_GET, NS, "query", target, handler);
  }

  private static Stanza ask(Stanza iq, IqHandler handler) {
    IqDispatcher dispatcher =
        new IqDispatcher(new Extensions(List.of(answers(IqTarget.OTHER_ACCOUNT, handler))));
    Future<IqReply> reply =
        dispatcher.answer(iq, IqTarget.OTHER_ACCOUNT, Given.account(Given.JULIET, true), null);
    assertTrue(reply.succeeded(), "always an answer, never a failure");
    return reply.result().to(iq);
  }

  private static void assertError(Condition condition, Stanza iq, IqHandler handler) {
    assertEquals(
        iq.error(io.rookery.protocol.stanza.StanzaError.of(condition)).type(),
        ask(iq, handler).type());
    assertTrue(
        ask(iq, handler)
            .payload()
            .element("jabber:client", "error")
            .children()
            .get(0)
            .is("urn:ietf:params:xml:ns:xmpp-stanzas", condition.xmlName()),
        condition::xmlName);
  }

  @Test
  void everyRequestGetsOneReply() {
    IqHandler good = request -> Future.succeededFuture(IqReply.result(request.query()));
    Element query = Element.of(NS, "query");
    assertEquals(query, ask(GET, good).payload().element(0));
    assertEquals(Given.ROMEO, ask(GET, good).to());
    Map.<Stanza, Condition>of(
            GET.plus(query),
            Condition.BAD_REQUEST,
            Stanza.of(StanzaType.IQ_GET, Given.ROMEO, Given.JULIET, "1"),
            Condition.BAD_REQUEST,
            Stanza.of(StanzaType.IQ_GET, Given.ROMEO, Given.JULIET, null, query),
            Condition.BAD_REQUEST,
            Stanza.of(StanzaType.IQ_SET, Given.ROMEO, Given.JULIET, "1", query),
            Condition.SERVICE_UNAVAILABLE,
            Stanza.of(StanzaType.IQ_GET, Given.ROMEO, Given.JULIET, "1", Element.of(NS, "other")),
            Condition.SERVICE_UNAVAILABLE)
        .forEach((iq, condition) -> assertError(condition, iq, good));
  }

  @Test
  void failuresAreMapped() {
    assertError(Condition.INTERNAL_SERVER_ERROR, GET, request -> Future.failedFuture("broken"));
    assertError(Condition.INTERNAL_SERVER_ERROR, GET, request -> null);
    assertError(Condition.INTERNAL_SERVER_ERROR, GET, request -> Future.succeededFuture());
    assertError(
        Condition.INTERNAL_SERVER_ERROR,
        GET,
        request -> {
          throw new IllegalStateException("expected by this test");
        });
    assertError(
        Condition.RESOURCE_CONSTRAINT,
        GET,
        request -> Future.failedFuture(new StorageOverloadedException("test")));
  }

  @Test
  void twoHandlersForOneRequestFailAtStart() {
    IqHandler handler = request -> Future.succeededFuture(IqReply.result());
    Extension own = answers(IqTarget.OWN_ACCOUNT, handler);
    Extension server = answers(IqTarget.SERVER, handler);
    assertEquals(2, new Extensions(List.of(own, server)).manifests().size());
    assertThrows(IllegalArgumentException.class, () -> new Extensions(List.of(own, server, own)));
  }

  @Test
  void whatConnectorsDoNotAnnounceCannotBeAskedForInBinding() {
    Extension unknown =
        () -> manifest().onBind(NS, NS, "enable", (session, wish) -> BindHandler.Answer.of());
    assertThrows(IllegalArgumentException.class, () -> new Extensions(List.of(unknown)));
  }
}

package io.rookery.router.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.HookChain;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.Verdict;
import io.rookery.router.login.Owner;
import io.rookery.router.session.Given;
import io.rookery.router.session.Progress;
import io.rookery.router.session.Session;
import io.vertx.core.Promise;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stanza is handled when all that comes of it is durable. */
class ClientStanzasTest {
  private final Owner owner = new Owner();
  private final Session phone = owner.managed("phone", 1);
  private final Promise<List<Effect>> work = Promise.promise();
  private final HookChain hooks =
      new HookChain(
          new Extensions(
              List.of(
                  () ->
                      Manifest.of(0, "1", "test")
                          .hook(
                              Flow.FROM_CLIENT,
                              Phase.STAMP,
                              StanzaType.Kind.MESSAGE,
                              passage -> Verdict.also(new Effect.InTurn(work::future))))),
          new Effects(owner.routes, null, null, null)::perform,
          owner.meters);
  private final ClientStanzas stanzas =
      new ClientStanzas(
          owner.accounts,
          owner.routes,
          hooks,
          null,
          null,
          null,
          owner.archiving,
          owner.offline,
          owner.records,
          owner.origins);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  /** Gives what is routed for it. */
  private List<StanzaType> sends() {
    Progress progress = phone.progress();
    Progress.Pending pending = progress.begin(1);
    Stanza message = Stanza.of(StanzaType.MESSAGE_CHAT, phone.jid(), Given.ROMEO, "m1");
    owner.bus.taken();
    stanzas.take(owner.account(), phone, message, pending, progress::done);
    progress.done(pending);
    List<ToRouter.Routed> routed = owner.taken(ToRouter.Routed.class);
    routed.forEach(one -> owner.routes.settled(one.ticket(), true));
    return routed.stream().map(one -> one.stanza().type()).toList();
  }

  @Test
  void whatAHookWantsDoneIsWaitedFor() {
    sends();
    assertEquals(0, phone.progress().handled());
    work.complete(List.of());
    assertEquals(1, phone.progress().handled());
  }

  @Test
  void whatCouldNotBeDoneIsAnsweredWithAnError() {
    work.fail("expected by this test");
    assertEquals(List.of(StanzaType.MESSAGE_ERROR, StanzaType.MESSAGE_CHAT), sends());
    assertEquals(1, phone.progress().handled());
  }
}

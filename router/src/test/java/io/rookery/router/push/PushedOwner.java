package io.rookery.router.push;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.delivery.Delivery;
import io.rookery.router.delivery.Effects;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.HookChain;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.login.Owner;
import io.rookery.router.presence.Presences;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** An owner of Juliet's account that notifies her app servers. */
final class PushedOwner {
  static final Jid APP = Jid.parse("app@montague.example/server");

  /** What waits to be called back. */
  static final class Bell {
    final long at;
    private final Runnable action;

    Bell(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }
  }

  final Owner owner = new Owner();
  final PushNotifications push;
  private final List<Bell> bells = new ArrayList<>();
  private final IqDispatcher dispatcher;
  private final Effects effects;
  private final HookChain hooks;
  private final Delivery delivery;
  private static int ids;

  PushedOwner(MemoryRegistrations store, RouterConfig.Push content) {
    push =
        new PushNotifications(
            store,
            content,
            owner.accounts,
            owner.routes,
            owner.retries,
            this::set,
            owner.clock,
            () -> Integer.toString(++ids),
            owner.meters);
    owner.resumption.onStreams(push.streams());
    Extensions extensions = new Extensions(List.of(push));
    dispatcher = new IqDispatcher(extensions);
    effects = new Effects(owner.routes, null, null, null);
    hooks = new HookChain(extensions, effects::perform, owner.meters);
    delivery =
        new Delivery(
            owner.accounts,
            owner.routes,
            hooks,
            null,
            new Presences(owner.routes),
            null,
            owner.archiving,
            owner.tail,
            owner.origins);
  }

  private Runnable set(Jid account, long millis, Runnable action) {
    Bell bell = new Bell(owner.clock.now + millis, action);
    bells.add(bell);
    return () -> bells.remove(bell);
  }

  /** Time goes by. */
  void passes(long millis) {
    owner.clock.now += millis;
    for (Bell bell : List.copyOf(bells)) {
      if (bell.at <= owner.clock.now && bells.remove(bell)) {
        bell.action.run();
      }
    }
  }

  int bells() {
    return bells.size();
  }

  IqReply asks(Session session, IqTarget target, String payload) {
    return ask(session, target, payload).result();
  }

  /** An own request that is not answered yet. */
  void begins(Session session, String payload) {
    if (ask(session, IqTarget.OWN_ACCOUNT, payload).isComplete()) {
      throw new AssertionError("answered");
    }
  }

  private Future<IqReply> ask(Session session, IqTarget target, String payload) {
    Stanza iq =
        Stanza.of(
            StanzaType.IQ_SET,
            session == null ? Given.ROMEO : session.jid(),
            Owner.JULIET,
            "1",
            Element.parse(payload));
    LiveAccount account = owner.account();
    return dispatcher
        .answer(iq, target, account, session)
        .onSuccess(reply -> effects.perform(account, reply.effects()));
  }

  /** What is wrong with an own request, null for nothing. */
  Condition wrong(Session session, String payload) {
    StanzaError error = asks(session, IqTarget.OWN_ACCOUNT, payload).error();
    return error == null ? null : error.condition();
  }

  void enables(Session session, String node) {
    if (wrong(session, "<enable xmlns='urn:xmpp:push:0' jid='%s' node='%s'/>".formatted(APP, node))
        != null) {
      throw new AssertionError("not enabled");
    }
  }

  void arrives(Stanza stanza) {
    delivery.routed(Owner.SENDER, new ToRouter.Routed(stanza, 0, 0, false));
  }

  void says(String body) {
    arrives(
        Stanza.of(
            StanzaType.MESSAGE_CHAT,
            Given.ROMEO,
            Owner.JULIET,
            "m",
            Element.of("jabber:client", "body", body)));
  }

  /** The client becomes available. */
  void appears(Session session) {
    session.unavailable();
    Stanza presence = Stanza.of(StanzaType.PRESENCE_AVAILABLE, session.jid(), null, null);
    hooks.see(Flow.FROM_CLIENT, presence, owner.account(), session);
    session.available(presence, 0);
  }

  void leaves(Session session) {
    owner.sessionEnd.ended(owner.account(), session);
    owner.bus.taken();
  }

  /** The notifications sent since the last call. */
  List<Stanza> published() {
    return owner.routed().stream().filter(stanza -> stanza.type() == StanzaType.IQ_SET).toList();
  }

  /** The one notification sent since the last call. */
  Stanza one() {
    List<Stanza> all = published();
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " notifications");
    }
    return all.get(0);
  }

  void takes(Stanza notification) {
    arrives(notification.result());
  }

  void refuses(Stanza notification, Condition condition) {
    arrives(notification.error(StanzaError.of(condition)));
  }

  double counted(String outcome) {
    return owner.meters.counter("rookery.pushes", "outcome", outcome).count();
  }

  void close() {
    owner.vertx.close();
  }
}

package io.rookery.router.carbons;

import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.BindHandler.Answer;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqRequest;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.SessionKey;
import io.rookery.router.extension.SessionView;
import io.rookery.router.extension.Verdict;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * XEP-0280: Message Carbons. All devices of a user see both sides of all conversations: each copy
 * is handed straight to a session, so it is never routed, kept or copied itself.
 */
public final class Carbons implements Extension {
  static final String NS = "urn:xmpp:carbons:2";

  /** The client wants copies. */
  static final SessionKey<Boolean> ENABLED = SessionKey.flag("carbons");

  @Override
  public Manifest manifest() {
    return Manifest.of(280, "1.0.1", "Message Carbons")
        .also(SupportedXep.complete(297, "1.0", "Stanza Forwarding", "In carbons and archives"))
        .serverFeature(NS)
        .serverFeature("urn:xmpp:carbons:rules:0")
        .state(ENABLED)
        .iq(StanzaType.IQ_SET, NS, "enable", IqTarget.OWN_ACCOUNT, request -> set(request, true))
        .iq(StanzaType.IQ_SET, NS, "disable", IqTarget.OWN_ACCOUNT, request -> set(request, false))
        .iq(StanzaType.IQ_SET, NS, "enable", IqTarget.OTHER_ACCOUNT, Carbons::refuse)
        .iq(StanzaType.IQ_SET, NS, "disable", IqTarget.OTHER_ACCOUNT, Carbons::refuse)
        .onBind(NS, NS, "enable", (session, request) -> Answer.of(set(session.jid(), true)))
        .hook(
            Flow.FROM_CLIENT,
            Phase.FANOUT,
            StanzaType.Kind.MESSAGE,
            Carbons::anyEnabled,
            Carbons::sent)
        .hook(
            Flow.TO_ACCOUNT,
            Phase.FANOUT,
            StanzaType.Kind.MESSAGE,
            Carbons::anyEnabled,
            Carbons::received);
  }

  private static Future<IqReply> set(IqRequest request, boolean enabled) {
    return Future.succeededFuture(IqReply.result().with(set(request.session().jid(), enabled)));
  }

  private static Effect set(Jid session, boolean enabled) {
    return new Effect.SetState<>(session, ENABLED, enabled);
  }

  /** Sections 4.1 and 5.1. */
  private static Future<IqReply> refuse(IqRequest request) {
    return Future.succeededFuture(IqReply.error(Condition.NOT_ALLOWED));
  }

  private static boolean anyEnabled(AccountView account) {
    List<? extends SessionView> sessions = account.sessions();
    for (int i = 0; i < sessions.size(); i++) {
      if (sessions.get(i).get(ENABLED)) {
        return true;
      }
    }
    return false;
  }

  /** Section 8. What goes to the own account is received by the others, and copied then. */
  private static Verdict sent(Passage passage) {
    Stanza message = passage.stanza();
    return message.to().bare().equals(passage.account().jid())
        ? Verdict.PASS
        : judged("sent", passage, message.to(), Eligibility.ofSent(message));
  }

  /** Section 7. */
  private static Verdict received(Passage passage) {
    Stanza message = passage.stanza();
    return judged("received", passage, message.from(), Eligibility.ofReceived(message));
  }

  /** What answers a message that was not copied is not copied either (section 6.1). */
  private static Verdict judged(String direction, Passage passage, Jid other, boolean eligible) {
    Stanza message = passage.stanza();
    boolean sent = passage.session() != null;
    if (!message.isError()) {
      if (!eligible) {
        passage.account().get(NotCopied.KEY).add(sent, other, message.id());
      }
    } else if (passage.account().get(NotCopied.KEY).has(!sent, other, message.id())) {
      return Verdict.PASS;
    }
    return eligible ? copies(direction, passage) : Verdict.PASS;
  }

  private static Verdict copies(String direction, Passage passage) {
    List<Jid> copied = new ArrayList<>();
    for (SessionView session : passage.account().sessions()) {
      if (session.get(ENABLED) && misses(session, passage)) {
        copied.add(session.jid());
      }
    }
    if (copied.isEmpty()) {
      return Verdict.PASS;
    }
    return Verdict.also(
        new Effect.ToSessions(copied, Copy.of(direction, passage), passage.outcome().origin()));
  }

  /**
   * Whether the session would not see the message otherwise. A message that waits for the first
   * session that takes it comes with the initial presence of one that is not available yet.
   */
  private static boolean misses(SessionView session, Passage passage) {
    List<? extends SessionView> takers = passage.outcome().takers();
    boolean waits = passage.session() == null && takers.isEmpty();
    return !session.jid().equals(passage.stanza().from())
        && !takers.contains(session)
        && (!waits || session.isAvailable());
  }
}

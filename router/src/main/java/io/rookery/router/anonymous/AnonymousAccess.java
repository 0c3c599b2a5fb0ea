package io.rookery.router.anonymous;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaError.Condition;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.RouterConfig.Anonymous;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.Verdict;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * XEP-0175: Best Practices for Use of SASL ANONYMOUS: what users without accounts may do. They talk
 * to whom the configuration lets them reach, and read. They enter into no relationship and store
 * nothing, so that nothing has to be taken back when they leave (section 3).
 */
public final class AnonymousAccess implements Extension {
  private static final StanzaError TOO_MUCH =
      StanzaError.of(Condition.POLICY_VIOLATION, "Too much is sent from your address");

  private final Anonymous config;
  private final Set<String> served;
  private final Predicate<String> maySend;

  /**
   * @param served all domains of the service
   * @param maySend counts a stanza by the client's network address; false when it is too many
   */
  public AnonymousAccess(Anonymous config, Set<String> served, Predicate<String> maySend) {
    this.config = config;
    this.served = Set.copyOf(served);
    this.maySend = maySend;
  }

  @Override
  public Manifest manifest() {
    Manifest manifest =
        Manifest.of(175, "1.2", "Best Practices for Use of SASL ANONYMOUS")
            .note("For the domains in router.anonymous.domains; none by default");
    if (config.domains().isEmpty()) {
      return manifest;
    }
    for (StanzaType.Kind kind : StanzaType.Kind.values()) {
      manifest.hook(Flow.FROM_CLIENT, Phase.GUARD, kind, AccountView::isAnonymous, this::outgoing);
    }
    return manifest.hook(
        Flow.TO_ACCOUNT,
        Phase.GUARD,
        StanzaType.Kind.PRESENCE,
        AccountView::isAnonymous,
        AnonymousAccess::incoming);
  }

  private Verdict outgoing(Passage passage) {
    Stanza stanza = passage.stanza();
    if (!maySend.test(passage.session().peer())) {
      return Verdict.refuse(TOO_MUCH);
    }
    if (stanza.to() != null && !reaches(passage.account().jid(), stanza.to())) {
      return Verdict.refuse(Condition.NOT_ALLOWED);
    }
    boolean allowed =
        switch (stanza.kind()) {
          case MESSAGE -> true;
          case PRESENCE -> !stanza.type().isSubscription();
          case IQ -> !isForService(stanza) || Permitted.request(stanza);
        };
    return allowed ? Verdict.PASS : Verdict.refuse(Condition.NOT_ALLOWED);
  }

  private boolean reaches(Jid from, Jid to) {
    return switch (config.reach()) {
      case DOMAIN -> to.domain().equals(from.domain());
      case SERVICE -> served.contains(to.domain());
      case EVERYWHERE -> true;
    };
  }

  /** A request that this service answers for itself or an account; others are between clients. */
  private boolean isForService(Stanza iq) {
    return iq.type().isRequest()
        && (iq.to() == null || !iq.to().isFull() && served.contains(iq.to().domain()));
  }

  /** Nobody can subscribe to the presence of who is gone for good when he leaves. */
  private static Verdict incoming(Passage passage) {
    Stanza presence = passage.stanza();
    if (!presence.type().isSubscription()) {
      return Verdict.PASS;
    }
    if (presence.type() != StanzaType.PRESENCE_SUBSCRIBE) {
      return Verdict.DROP;
    }
    Stanza denied =
        Stanza.of(
            StanzaType.PRESENCE_UNSUBSCRIBED,
            passage.account().jid(),
            presence.from().bare(),
            null);
    return new Verdict(null, null, true, List.of(new Effect.Send(denied)));
  }
}

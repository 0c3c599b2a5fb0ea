package io.rookery.router.caps;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.SessionView;
import io.rookery.router.extension.Verdict;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * XEP-0115: Entity Capabilities, and XEP-0390: Entity Capabilities 2.0, as far as the server wants
 * to know what its own clients are interested in. A presence tells the hash of a client's
 * capabilities; what nobody on this loop has had yet is asked of the client. An answer that does
 * not match the hash is believed for the session that gave it, and for no other.
 */
public final class EntityCapabilities implements Extension {
  private static final String INFO = "http://jabber.org/protocol/disco#info";

  private final KnownCapabilities known;
  private final InterestListener listener;
  private final Supplier<String> ids;
  private final Clock clock;

  /**
   * @param ids for requests: hard to guess
   */
  public EntityCapabilities(
      KnownCapabilities known, InterestListener listener, Supplier<String> ids, Clock clock) {
    this.known = known;
    this.listener = listener;
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(115, "1.6.0", "Entity Capabilities")
        .note("Without the optimization of presence")
        .also(
            SupportedXep.complete(
                390,
                "0.3.2",
                "Entity Capabilities 2.0",
                "Without optimization, interception and gratuitous capabilities"))
        .serverFeature(Advertised.NS)
        .serverFeature(HashNode.NS)
        .state(Interests.KEY)
        .state(Inquiry.KEY)
        .hook(Flow.FROM_CLIENT, Phase.ARCHIVE, StanzaType.Kind.PRESENCE, this::presence)
        .hook(Flow.FROM_CLIENT, Phase.ARCHIVE, StanzaType.Kind.IQ, this::answer);
  }

  private Verdict presence(Passage passage) {
    Stanza presence = passage.stanza();
    if (presence.type() != StanzaType.PRESENCE_AVAILABLE || presence.to() != null) {
      return Verdict.PASS;
    }
    SessionView session = passage.session();
    boolean initial = !session.isAvailable();
    Interests before = session.get(Interests.KEY);
    Advertised advertised = Advertised.of(presence.payload());
    if (advertised == null) {
      return initial && !before.equals(Interests.NONE)
          ? Verdict.also(new Effect.SetState<>(session.jid(), Interests.KEY, Interests.NONE))
          : Verdict.PASS;
    }
    if (before.of().equals(advertised.key())) {
      return initial ? learned(passage, Interests.NONE, before) : Verdict.PASS;
    }
    Interests interests = known.find(advertised);
    return interests == null
        ? ask(passage, advertised, initial)
        : learned(passage, initial ? Interests.NONE : before, interests);
  }

  private Verdict ask(Passage passage, Advertised advertised, boolean initial) {
    SessionView session = passage.session();
    List<Effect> effects = new ArrayList<>();
    if (initial) {
      effects.add(new Effect.SetState<>(session.jid(), Interests.KEY, Interests.NONE));
    }
    Inquiry before = session.get(Inquiry.KEY);
    if (!before.isAbout(advertised) || !before.isUnderway(clock.millis())) {
      Inquiry inquiry = new Inquiry(ids.get(), clock.millis(), advertised.hash(), advertised.ver());
      Element query = Element.of(INFO, "query").attribute("node", advertised.node());
      Stanza request =
          Stanza.of(StanzaType.IQ_GET, passage.account().jid(), session.jid(), inquiry.id(), query);
      effects.add(new Effect.SetState<>(session.jid(), Inquiry.KEY, inquiry));
      effects.add(new Effect.ToSession(session.jid(), request));
    }
    return Verdict.also(effects.toArray(new Effect[0]));
  }

  private Verdict answer(Passage passage) {
    Stanza iq = passage.stanza();
    if (iq.type() != StanzaType.IQ_RESULT
        || iq.to() != null && !iq.to().equals(passage.account().jid())) {
      return Verdict.PASS;
    }
    SessionView session = passage.session();
    Inquiry inquiry = session.get(Inquiry.KEY);
    Element query = inquiry.id().equals(iq.id()) ? iq.payload().element(INFO, "query") : null;
    if (query == null) {
      return Verdict.PASS;
    }
    Advertised asked = new Advertised(inquiry.hash(), inquiry.ver(), null);
    Interests interests = Interests.of(asked.key(), VerificationString.features(query));
    if (asked.isVerifiedBy(inLanguage(iq.lang(), query))) {
      known.add(interests);
    }
    return learned(passage, session.get(Interests.KEY), interests);
  }

  /** XEP-0390, section 4.1: an identity without a language has that of what is around it. */
  private static Element inLanguage(String lang, Element query) {
    return query.lang() == null ? query.attribute(Namespaces.XML, "lang", lang) : query;
  }

  private Verdict learned(Passage passage, Interests before, Interests now) {
    SessionView session = passage.session();
    List<Effect> effects = new ArrayList<>();
    if (!session.get(Inquiry.KEY).equals(Inquiry.NONE)) {
      effects.add(new Effect.SetState<>(session.jid(), Inquiry.KEY, Inquiry.NONE));
    }
    if (!session.get(Interests.KEY).equals(now)) {
      effects.add(new Effect.SetState<>(session.jid(), Interests.KEY, now));
    }
    Set<String> more = new HashSet<>(now.nodes());
    more.removeAll(before.nodes());
    if (!more.isEmpty()) {
      effects.addAll(listener.interested(passage.account(), session, more));
    }
    return Verdict.also(effects.toArray(new Effect[0]));
  }
}

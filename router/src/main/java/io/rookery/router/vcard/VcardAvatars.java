package io.rookery.router.vcard;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.AccountView;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.SessionView;
import io.rookery.router.extension.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * XEP-0153: vCard-Based Avatars. The server says in presence which photo the account has, also when
 * the client says another one; only who says that there is none is believed (XEP-0398, section 4).
 */
public final class VcardAvatars implements Extension {
  static final String NS = "vcard-temp:x:update";

  @Override
  public Manifest manifest() {
    return Manifest.of(153, "1.1.1", "vCard-Based Avatars")
        .hook(
            Flow.FROM_CLIENT,
            Phase.STAMP,
            StanzaType.Kind.PRESENCE,
            account -> !account.photo().isEmpty(),
            VcardAvatars::see);
  }

  private static Verdict see(Passage passage) {
    Stanza presence = passage.stanza();
    if (presence.type() != StanzaType.PRESENCE_AVAILABLE) {
      return Verdict.PASS;
    }
    Stanza stamped = stamped(presence, passage.account().photo());
    return stamped == presence ? Verdict.PASS : Verdict.change(stamped);
  }

  /** The same presence when the client says that there is no photo. */
  private static Stanza stamped(Stanza presence, String hash) {
    if (!presence.payload().has(NS, "x")) {
      return presence.plus(update(hash));
    }
    Element photo = presence.payload().element(NS, "x").child(NS, "photo");
    return photo != null && photo.text().isBlank()
        ? presence
        : unstamped(presence).plus(update(hash));
  }

  private static Stanza unstamped(Stanza presence) {
    return presence.payload().has(NS, "x")
        ? presence.withPayload(presence.payload().without(child -> child.is(NS, "x")))
        : presence;
  }

  private static Element update(String hash) {
    return Element.of(NS, "x").with(Element.of(NS, "photo", hash));
  }

  /** The account's photo is this one now: contacts see it at once, with every client's presence. */
  static List<Effect> changed(AccountView account, String hash) {
    List<Effect> effects = new ArrayList<>();
    effects.add(new Effect.SetPhoto(hash));
    if (!hash.equals(account.photo())) {
      for (SessionView session : account.sessions()) {
        if (session.isAvailable()) {
          effects.addAll(announced(session, hash));
        }
      }
    }
    return effects;
  }

  /** That there is none any more is said once; later presence does not speak of photos. */
  private static List<Effect> announced(SessionView session, String hash) {
    Stanza before = session.presence();
    if (stamped(before, hash) == before) {
      return List.of();
    }
    Stanza bare = unstamped(before);
    Stanza told = bare.plus(update(hash));
    return List.of(new Effect.Announce(session.jid(), told, hash.isEmpty() ? bare : told));
  }
}

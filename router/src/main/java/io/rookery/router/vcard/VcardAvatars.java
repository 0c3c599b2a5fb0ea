package io.rookery.router.vcard;

import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.Flow;
import io.rookery.router.extension.Manifest;
import io.rookery.router.extension.Passage;
import io.rookery.router.extension.Phase;
import io.rookery.router.extension.Verdict;

/**
 * XEP-0153: vCard-Based Avatars. A client that knows the protocol says itself what its avatar is;
 * into the presence of others the server puts the hash of the account's photo, if it has one.
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
    if (passage.stanza().type() != StanzaType.PRESENCE_AVAILABLE
        || passage.stanza().payload().has(NS, "x")) {
      return Verdict.PASS;
    }
    Element update = Element.of(NS, "x").with(Element.of(NS, "photo", passage.account().photo()));
    return Verdict.change(passage.stanza().plus(update));
  }
}

package io.rookery.router.login;

import io.rookery.protocol.Namespaces;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.vertx.core.Future;
import java.util.EnumSet;

/**
 * Session establishment (RFC 3921, section 3): means nothing since RFC 6121, but clients written
 * before it do not go on without an answer.
 */
public final class LegacySession implements Extension {
  @Override
  public Manifest manifest() {
    return Manifest.of(0, "RFC 3921", "Session establishment")
        .iq(
            StanzaType.IQ_SET,
            Namespaces.SESSION,
            "session",
            EnumSet.of(IqTarget.SERVER, IqTarget.OWN_ACCOUNT),
            request -> Future.succeededFuture(IqReply.result()));
  }
}

package io.rookery.router.ping;

import io.rookery.protocol.stanza.StanzaType;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.vertx.core.Future;
import java.util.EnumSet;

/** XEP-0199: XMPP Ping, of the server and of the own account. */
public final class Ping implements Extension {
  static final String NS = "urn:xmpp:ping";

  @Override
  public Manifest manifest() {
    return Manifest.of(199, "2.0.1", "XMPP Ping")
        .serverFeature(NS)
        .accountFeature(NS)
        .iq(
            StanzaType.IQ_GET,
            NS,
            "ping",
            EnumSet.of(IqTarget.SERVER, IqTarget.OWN_ACCOUNT),
            request -> Future.succeededFuture(IqReply.result()));
  }
}

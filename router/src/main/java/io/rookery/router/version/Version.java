package io.rookery.router.version;

import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.vertx.core.Future;

/** XEP-0092: Software Version. The operating system is nobody's business. */
public final class Version implements Extension {
  static final String NS = "jabber:iq:version";

  private final String version;

  public Version(String version) {
    this.version = version;
  }

  @Override
  public Manifest manifest() {
    Element answer =
        Element.of(NS, "query")
            .with(Element.of(NS, "name", "Rookery"))
            .with(Element.of(NS, "version", version));
    return Manifest.of(92, "1.1", "Software Version")
        .serverFeature(NS)
        .iq(
            StanzaType.IQ_GET,
            NS,
            "query",
            IqTarget.SERVER,
            request -> Future.succeededFuture(IqReply.result(answer)));
  }
}

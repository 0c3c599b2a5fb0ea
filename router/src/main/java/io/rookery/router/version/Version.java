package io.rookery.router.version;

import io.rookery.protocol.SupportedXep;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.disco.InfoForm;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.vertx.core.Future;

/**
 * XEP-0092: Software Version, and the same as XEP-0232: Software Information. The operating system
 * is nobody's business.
 */
public final class Version implements Extension {
  static final String NS = "jabber:iq:version";
  private static final String FORM_TYPE = "urn:xmpp:dataforms:softwareinfo";
  private static final String NAME = "Rookery";

  private final String version;

  public Version(String version) {
    this.version = version;
  }

  @Override
  public Manifest manifest() {
    Element answer =
        Element.of(NS, "query")
            .with(Element.of(NS, "name", NAME))
            .with(Element.of(NS, "version", version));
    return Manifest.of(92, "1.1", "Software Version")
        .also(
            SupportedXep.complete(
                232, "0.3", "Software Information", "Neither operating system nor icon"))
        .serverForm(form())
        .serverFeature(NS)
        .iq(
            StanzaType.IQ_GET,
            NS,
            "query",
            IqTarget.SERVER,
            request -> Future.succeededFuture(IqReply.result(answer)));
  }

  private Element form() {
    return InfoForm.of(FORM_TYPE)
        .with(InfoForm.single("software", NAME), InfoForm.single("software_version", version));
  }
}

package io.rookery.router.time;

import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Extension;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.extension.Manifest;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** XEP-0202: Entity Time, of the server, in UTC. */
public final class EntityTime implements Extension {
  static final String NS = "urn:xmpp:time";

  private final Clock clock;

  public EntityTime(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Manifest manifest() {
    return Manifest.of(202, "2.0", "Entity Time")
        .serverFeature(NS)
        .iq(
            StanzaType.IQ_GET,
            NS,
            "time",
            IqTarget.SERVER,
            request -> Future.succeededFuture(IqReply.result(now())));
  }

  private Element now() {
    return Element.of(NS, "time")
        .with(Element.of(NS, "tzo", "Z"))
        .with(Element.of(NS, "utc", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString()));
  }
}

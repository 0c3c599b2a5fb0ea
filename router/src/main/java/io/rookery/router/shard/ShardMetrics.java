package io.rookery.router.shard;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the router counts. */
final class ShardMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(ShardMetrics.class);

  private final Map<StanzaType.Kind, Counter> received = new EnumMap<>(StanzaType.Kind.class);
  private final Timer handled;
  private final Counter unknownSessions;
  private final Counter missingStanzas;
  private final Counter failures;

  ShardMetrics(MeterRegistry meters) {
    for (StanzaType.Kind kind : StanzaType.Kind.values()) {
      received.put(
          kind,
          Counter.builder("rookery.router.stanzas")
              .description("Stanzas taken from clients")
              .tag("kind", kind.xmlName())
              .register(meters));
    }
    handled =
        Timer.builder("rookery.router.handled")
            .description("From the arrival of a client's stanza until its effects are durable")
            .publishPercentileHistogram()
            .register(meters);
    unknownSessions =
        Counter.builder("rookery.router.unknown.sessions")
            .description("Stanzas of streams whose session this router does not know")
            .register(meters);
    missingStanzas =
        Counter.builder("rookery.router.missing.stanzas")
            .description("Streams that were asked to say again what had been dropped on its way")
            .register(meters);
    failures =
        Counter.builder("rookery.router.failures")
            .description("Requests that failed technically")
            .register(meters);
  }

  void received(Stanza stanza) {
    received.get(stanza.kind()).increment();
  }

  void handled(long nanos) {
    handled.record(nanos, TimeUnit.NANOSECONDS);
  }

  void unknownSession() {
    unknownSessions.increment();
  }

  void missingStanzas() {
    missingStanzas.increment();
  }

  void failure(Throwable failure) {
    failures.increment();
    LOG.warn("a request failed: {}", failure.toString());
  }
}

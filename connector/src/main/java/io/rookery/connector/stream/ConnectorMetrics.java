package io.rookery.connector.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.stream.StreamError;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What one loop of the connector counts. */
public final class ConnectorMetrics {
  private final MeterRegistry meters;
  private final AtomicInteger streams;
  private final AtomicInteger unacked;
  private final Counter bytesIn;
  private final Counter bytesOut;
  private final Map<StanzaType.Kind, Counter> stanzasIn = new EnumMap<>(StanzaType.Kind.class);
  private final Map<StanzaType.Kind, Counter> stanzasOut = new EnumMap<>(StanzaType.Kind.class);

  public ConnectorMetrics(MeterRegistry meters, int loop) {
    this.meters = meters;
    this.streams =
        meters.gauge(
            "rookery.connector.streams",
            Tags.of("loop", Integer.toString(loop)),
            new AtomicInteger());
    this.unacked =
        meters.gauge(
            "rookery.connector.unacked",
            Tags.of("loop", Integer.toString(loop)),
            new AtomicInteger());
    this.bytesIn = counter("rookery.connector.bytes", "direction", "in");
    this.bytesOut = counter("rookery.connector.bytes", "direction", "out");
    for (StanzaType.Kind kind : StanzaType.Kind.values()) {
      stanzasIn.put(kind, stanzas(kind, "in"));
      stanzasOut.put(kind, stanzas(kind, "out"));
    }
  }

  private Counter stanzas(StanzaType.Kind kind, String direction) {
    return Counter.builder("rookery.connector.stanzas")
        .tag("kind", kind.xmlName())
        .tag("direction", direction)
        .register(meters);
  }

  private Counter counter(String name, String tag, String value) {
    return Counter.builder(name).tag(tag, value).register(meters);
  }

  /** Stanzas that clients have not acknowledged: that many more. */
  void unacked(int more) {
    unacked.addAndGet(more);
  }

  void streams(int count) {
    streams.set(count);
  }

  void read(int bytes) {
    bytesIn.increment(bytes);
  }

  void written(int bytes) {
    bytesOut.increment(bytes);
  }

  void stanzaIn(StanzaType.Kind kind) {
    stanzasIn.get(kind).increment();
  }

  void stanzaOut(StanzaType.Kind kind) {
    stanzasOut.get(kind).increment();
  }

  void streamError(StreamError.Condition condition) {
    counter(
            "rookery.connector.stream.errors",
            "condition",
            condition.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** A connection was turned away or lost before it was a stream. */
  public void refused(String cause) {
    counter("rookery.connector.refused", "cause", cause).increment();
  }
}

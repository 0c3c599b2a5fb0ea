package io.rookery.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.WireFormatException;
import io.rookery.protocol.wire.WireMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Links} over the clustered event bus: one address per loop, one {@link Link} per pair of
 * loops that talk. Lives on its loop.
 */
public final class EventBusLinks implements Links {
  private static final Logger LOG = LoggerFactory.getLogger(EventBusLinks.class);
  private static final long TICK_MILLIS = 50;
  private static final long REPEAT_AFTER_MILLIS = 1000;

  private final EventBus bus;
  private final Loop loop;
  private final int frameBytes;
  private final int windowBytes;
  private final Predicate<String> present;
  private final BiConsumer<LoopAddress, List<WireMessage>> undelivered;
  private final Map<LoopAddress, Link> links = new HashMap<>();
  private final Counter malformed;

  /** Ids of nodes are never used again, so these are few: nodes that this one has seen leave. */
  private final Set<String> gone = new HashSet<>();

  private long epochs;
  private volatile long queuedBytes;

  /**
   * @param frameBytes what goes to a loop at once is cut into frames of about this size
   * @param windowBytes how much may be under way to one loop before its senders are slowed down
   * @param present whether the node of this id is in the cluster
   * @param undelivered gets what a node that left had not confirmed, on the loop
   */
  public EventBusLinks(
      Vertx vertx,
      Loop loop,
      int frameBytes,
      int windowBytes,
      Predicate<String> present,
      MeterRegistry meters,
      BiConsumer<LoopAddress, List<WireMessage>> undelivered) {
    this.bus = vertx.eventBus();
    this.loop = loop;
    this.frameBytes = frameBytes;
    this.windowBytes = windowBytes;
    this.present = present;
    this.undelivered = undelivered;
    this.malformed =
        Counter.builder("rookery.bus.malformed")
            .description("Messages and frames from other nodes that could not be read")
            .register(meters);
    Gauge.builder("rookery.bus.queued", this, links -> links.queuedBytes)
        .description("Bytes under way or waiting to other nodes")
        .baseUnit("bytes")
        .tag("loop", Integer.toString(loop.self().loop()))
        .register(meters);
    vertx.setPeriodic(TICK_MILLIS, id -> tick());
  }

  /** Starts to receive. */
  public Future<Void> open() {
    MessageConsumer<Buffer> consumer = bus.consumer(busAddress(loop.self()), this::receive);
    return consumer.completion();
  }

  private static String busAddress(LoopAddress address) {
    return BusNodes.busAddress(address.node(), address.loop());
  }

  @Override
  public void send(LoopAddress to, WireMessage message) {
    if (isGone(to.node())) {
      loop.context().runOnContext(v -> undelivered.accept(to, List.of(message)));
    } else {
      link(to).enqueue(message);
    }
  }

  private Link link(LoopAddress other) {
    Link link = links.get(other);
    if (link == null) {
      String address = busAddress(other);
      link =
          new Link(
              loop.self(),
              () -> ++epochs,
              frameBytes,
              windowBytes,
              bytes -> bus.send(address, bytes));
      links.put(other, link);
    }
    return link;
  }

  @Override
  public void flush() {
    long now = millis();
    for (Link link : links.values()) {
      link.flush(now);
    }
  }

  private void tick() {
    long now = millis();
    long queued = 0;
    for (Link link : links.values()) {
      link.flush(now);
      link.tick(now, REPEAT_AFTER_MILLIS);
      queued += link.queuedBytes();
    }
    queuedBytes = queued;
  }

  @Override
  public boolean congested() {
    for (Link link : links.values()) {
      if (link.congested()) {
        return true;
      }
    }
    return false;
  }

  /** Whether something is under way or waiting; a moment old. From any thread. */
  public boolean busy() {
    return queuedBytes > 0;
  }

  private void receive(Message<Buffer> message) {
    try {
      Frame frame = Frame.decode(message.body(), this::unreadable);
      if (isGone(frame.from().node())) {
        return;
      }
      Link link = link(frame.from());
      long now = millis();
      List<WireMessage> messages = link.receive(frame, now);
      loop.accept(frame.from(), messages);
      link.flush(now);
    } catch (WireFormatException e) {
      unreadable(e);
    }
  }

  /** It may have come back: others forgot it for a moment, and it noticed nothing. */
  private boolean isGone(String node) {
    if (gone.contains(node) && present.test(node)) {
      LOG.warn("node {} is back", node);
      gone.remove(node);
    }
    return gone.contains(node);
  }

  private void unreadable(RuntimeException reason) {
    malformed.increment();
    LOG.error("a message from another node cannot be read: {}", reason.toString());
  }

  private static long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  /** The node is gone for good: its links end. On the loop. */
  public void nodeLeft(String node) {
    gone.add(node);
    links
        .entrySet()
        .removeIf(
            entry -> {
              if (!entry.getKey().node().equals(node)) {
                return false;
              }
              undelivered.accept(entry.getKey(), entry.getValue().abandon());
              return true;
            });
  }
}

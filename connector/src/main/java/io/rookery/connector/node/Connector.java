package io.rookery.connector.node;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.cluster.Loop;
import io.rookery.cluster.Membership;
import io.rookery.cluster.Ownership;
import io.rookery.connector.ConnectorConfig;
import io.rookery.connector.ConnectorConfig.Listener;
import io.rookery.connector.stream.AddressBook;
import io.rookery.connector.stream.ConnectorLoop;
import io.rookery.connector.stream.ConnectorMetrics;
import io.rookery.connector.stream.Entrance;
import io.rookery.connector.tcp.TcpListeners;
import io.rookery.connector.tls.TlsContexts;
import io.rookery.protocol.wire.LoopAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The connector role of a node, wired by hand: one {@link ConnectorLoop} per event loop. */
public final class Connector {
  private static final long RESUME_MILLIS = 100;
  private static final long CHECK_MILLIS = 1000;
  private static final long RELEASE_MILLIS = 100;
  private static final int MAX_ENTERING = 20_000;

  private record Part(Loop loop, ConnectorLoop streams, TcpListeners listeners) {}

  private final Vertx vertx;
  private final ConnectorConfig config;
  private final Membership membership;
  private final Ownership ownership;
  private final TlsContexts tls;
  private final Clock clock;
  private final MeterRegistry meters;
  private final AddressBook addresses;
  private final SecureRandom random = new SecureRandom();
  private final List<Part> parts = new CopyOnWriteArrayList<>();
  private volatile boolean draining;

  public Connector(
      Vertx vertx,
      ConnectorConfig config,
      Membership membership,
      Ownership ownership,
      TlsContexts tls,
      Clock clock,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.config = config;
    this.membership = membership;
    this.ownership = ownership;
    this.tls = tls;
    this.clock = clock;
    this.meters = meters;
    this.addresses = new AddressBook(config.address(), clock);
    Gauge.builder("rookery.connector.draining", this, c -> c.draining ? c.size() : 0)
        .description("Streams that are still to be released; 0 unless the node goes down")
        .register(meters);
  }

  /** Puts a part of the connector on a loop; on the loop's context. */
  public void install(Loop loop) {
    ConnectorMetrics metrics = new ConnectorMetrics(meters, loop.self().loop());
    ConnectorLoop streams =
        new ConnectorLoop(
            loop,
            ownership,
            stream -> anyRouter(loop, stream),
            config,
            addresses,
            metrics,
            ids(),
            clock,
            task -> loop.context().runOnContext(v -> task.run()));
    loop.host(streams);
    vertx.setPeriodic(RESUME_MILLIS, id -> streams.resumePaused());
    vertx.setPeriodic(CHECK_MILLIS, id -> streams.checkTimes());
    Entrance entrance =
        new Entrance(
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
            MAX_ENTERING,
            config.timeouts().negotiation().toMillis() / 2,
            loop.self().loop(),
            meters);
    vertx.setPeriodic(Entrance.TICK_MILLIS, id -> entrance.tick());
    membership.onLeave(node -> loop.context().runOnContext(v -> streams.nodeLeft(node.id())));
    parts.add(
        new Part(
            loop,
            streams,
            new TcpListeners(
                vertx, loop.context(), config, streams, addresses, metrics, tls, entrance)));
  }

  /** This node if it is a router, so that nothing has to travel; otherwise one of the routers. */
  private LoopAddress anyRouter(Loop loop, long stream) {
    if (membership.self().router()) {
      return loop.self();
    }
    List<Membership.Node> routers =
        membership.nodes().stream().filter(Membership.Node::router).toList();
    if (routers.isEmpty()) {
      return null;
    }
    Membership.Node router = routers.get((int) (stream % routers.size()));
    return new LoopAddress(router.id(), (int) (stream / routers.size() % router.loops()));
  }

  /**
   * Opens the listeners on all loops.
   *
   * @return their ports, in the order of the configuration
   */
  public Future<List<Integer>> open() {
    Future<List<Integer>> opened = Future.succeededFuture(new ArrayList<>());
    for (Listener listener : config.listeners()) {
      opened =
          opened.compose(
              ports ->
                  open(listener)
                      .map(
                          port -> {
                            ports.add(port);
                            return ports;
                          }));
    }
    return opened;
  }

  /** The first loop may pick a free port; the others share it. */
  private Future<Integer> open(Listener listener) {
    Future<Integer> port = Future.succeededFuture(listener.port());
    for (Part part : parts) {
      port = port.compose(p -> on(part.loop, () -> part.listeners.open(listener, p)));
    }
    return port;
  }

  /**
   * Accepts nothing more and ends all streams, a few at a time: those who come back elsewhere at
   * once are the load of the other nodes. Completes when the connections are closed.
   *
   * @param pace time to spread the ends over
   * @param linger how long connections are waited for after that
   */
  public Future<Void> close(Duration pace, Duration linger) {
    draining = true;
    return Future.join(
            parts.stream().map(part -> on(part.loop, () -> close(part, pace, linger))).toList())
        .mapEmpty();
  }

  private int size() {
    return parts.stream().mapToInt(part -> part.streams.size()).sum();
  }

  private Future<Void> close(Part part, Duration pace, Duration linger) {
    Future<Void> closed = part.listeners.close(pace.plus(linger));
    int batch = (int) (part.streams.size() * RELEASE_MILLIS / Math.max(1, pace.toMillis())) + 1;
    return release(part, batch).compose(v -> closed);
  }

  private Future<Void> release(Part part, int batch) {
    part.streams.release(batch);
    return part.streams.size() == 0
        ? Future.succeededFuture()
        : vertx.timer(RELEASE_MILLIS, TimeUnit.MILLISECONDS).compose(v -> release(part, batch));
  }

  private static <T> Future<T> on(Loop loop, Callable<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    loop.context()
        .runOnContext(
            v -> {
              try {
                task.call().onComplete(promise);
              } catch (Exception e) {
                promise.fail(e);
              }
            });
    return promise.future();
  }

  private Supplier<String> ids() {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return () -> {
      byte[] bytes = new byte[12];
      random.nextBytes(bytes);
      return encoder.encodeToString(bytes);
    };
  }
}

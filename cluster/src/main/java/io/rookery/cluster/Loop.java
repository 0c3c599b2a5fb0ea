package io.rookery.cluster;

import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.protocol.wire.ConnectorInbox;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.RouterInbox;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop of this node: receives for the roles that live on it and is their {@link Bus}.
 *
 * <p>A message to the same loop is handled in the same tick, after what is being handled now; one
 * to another loop of this process passes by reference, and all of a tick together; one to another
 * node goes through that node's {@link Links}.
 */
public final class Loop implements Bus {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  private final ContextInternal context;
  private final LoopAddress self;
  private final ArrayDeque<WireMessage> queue = new ArrayDeque<>();
  private final LoopMetrics metrics;
  private Loop[] siblings = {this};
  private List<List<WireMessage>> outboxes = List.of();
  private Links links = Links.NONE;
  private RouterInbox router;
  private ConnectorInbox connector;
  private boolean draining;
  private boolean flushing;

  public Loop(Context context, LoopAddress self, MeterRegistry meters) {
    this.context = (ContextInternal) context;
    this.self = self;
    this.metrics = new LoopMetrics(meters, self.loop());
  }

  /** Introduces the loops of a process to each other; before any of them is used. */
  public static void introduce(List<Loop> loops) {
    Loop[] all = loops.toArray(new Loop[0]);
    for (Loop loop : all) {
      loop.siblings = all;
      loop.outboxes = new ArrayList<>();
      for (int i = 0; i < all.length; i++) {
        loop.outboxes.add(new ArrayList<>());
      }
    }
  }

  /** Sets what connects this loop with other nodes; before the loop is used. */
  public void connect(Links toOthers) {
    links = toOthers;
  }

  public void host(RouterInbox inbox) {
    router = inbox;
  }

  public void host(ConnectorInbox inbox) {
    connector = inbox;
  }

  public Context context() {
    return context;
  }

  @Override
  public LoopAddress self() {
    return self;
  }

  @Override
  public boolean congested() {
    return links.congested();
  }

  @Override
  public void send(LoopAddress to, WireMessage message) {
    if (!context.nettyEventLoop().inEventLoop()) {
      throw new IllegalStateException("not on loop " + self);
    }
    if (!to.node().equals(self.node())) {
      links.send(to, message);
      scheduleFlush();
    } else if (to.loop() != self.loop()) {
      outboxes.get(to.loop()).add(message);
      scheduleFlush();
    } else {
      queue.add(message);
      drain();
    }
  }

  /** Handles messages that came from another loop or node; on this loop's context. */
  public void accept(LoopAddress from, List<WireMessage> messages) {
    metrics.received(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      handle(from, messages.get(i));
      drain();
    }
  }

  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      WireMessage next;
      while ((next = queue.poll()) != null) {
        handle(self, next);
      }
    } finally {
      draining = false;
    }
  }

  private void handle(LoopAddress from, WireMessage message) {
    try {
      if (message instanceof ToRouter toRouter) {
        router.receive(from, toRouter);
      } else {
        ((ToConnector) message).deliver(from, connector);
      }
    } catch (RuntimeException e) {
      metrics.bug();
      LOG.error("bug: {} from {} was not handled", message.getClass().getSimpleName(), from, e);
    }
  }

  private void scheduleFlush() {
    if (!flushing) {
      flushing = true;
      // Runs when what is ready to be read has been read: one hand-over for the whole tick.
      context.runOnContext(this::flush);
    }
  }

  private void flush(Void ignored) {
    flushing = false;
    for (int i = 0; i < siblings.length; i++) {
      List<WireMessage> outbox = outboxes.get(i);
      if (!outbox.isEmpty()) {
        List<WireMessage> batch = List.copyOf(outbox);
        outbox.clear();
        Loop sibling = siblings[i];
        sibling.context.runOnContext(v -> sibling.accept(self, batch));
      }
    }
    links.flush();
  }
}

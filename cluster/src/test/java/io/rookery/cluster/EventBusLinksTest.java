package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.RouterInbox;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on one event bus, and what they believe of each other. */
@Timeout(60)
class EventBusLinksTest {
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Set<String> members = ConcurrentHashMap.newKeySet();
  private final Node a = new Node("a");
  private final Node b = new Node("b");

  private final class Node {
    private final BlockingQueue<Long> got = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> undelivered = new LinkedBlockingQueue<>();
    private final Loop loop;
    private EventBusLinks links;

    private Node(String name) {
      members.add(name);
      loop =
          new Loop(
              ((VertxInternal) vertx).createEventLoopContext(), new LoopAddress(name, 0), meters);
      Loop.introduce(List.of(loop));
      loop.host(
          (RouterInbox)
              Proxy.newProxyInstance(
                  EventBusLinksTest.class.getClassLoader(),
                  new Class<?>[] {RouterInbox.class},
                  (proxy, method, args) -> got.add(((ToRouter.SaslAbort) args[1]).stream())));
    }

    private void open() throws Exception {
      on(
          () -> {
            links =
                new EventBusLinks(
                    vertx, loop, 1000, 10_000, members::contains, meters, this::undelivered);
            loop.connect(links);
          });
      await(Future.<Void>future(p -> loop.context().runOnContext(v -> links.open().onComplete(p))));
    }

    private void undelivered(LoopAddress to, List<WireMessage> messages) {
      messages.forEach(message -> undelivered.add(((ToRouter.SaslAbort) message).stream()));
    }

    private void send(Node to, long number) throws Exception {
      on(() -> loop.send(to.loop.self(), new ToRouter.SaslAbort(number)));
    }

    /** Returns when what is under way has been counted again: after a tick of the links. */
    private void nextTick() throws Exception {
      await(
          Future.<Long>future(
              p -> loop.context().runOnContext(v -> vertx.setTimer(100, p::complete))));
    }

    private void on(Runnable task) throws Exception {
      await(
          Future.<Void>future(
              p ->
                  loop.context()
                      .runOnContext(
                          v -> {
                            task.run();
                            p.complete();
                          })));
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @BeforeEach
  void open() throws Exception {
    a.open();
    b.open();
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  /** Nothing that was sent is unconfirmed. */
  private void awaitQuiet() throws Exception {
    do {
      a.nextTick();
      b.nextTick();
    } while (a.links.busy() || b.links.busy());
  }

  private static void assertNext(long number, BlockingQueue<Long> queue) throws Exception {
    assertEquals(number, queue.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void whatIsForANodeThatIsGoneGoesToOthers() throws Exception {
    a.send(b, 1);
    assertNext(1, b.got);
    members.remove("b");
    awaitQuiet();
    a.on(() -> a.links.nodeLeft("b"));
    a.send(b, 2);
    assertNext(2, a.undelivered);
    b.send(a, 3);
    assertNull(a.got.poll(2, TimeUnit.SECONDS), "it was replaced");
  }

  @Test
  void aNodeThatWasForgottenIsHeardAgain() throws Exception {
    for (long number = 1; number <= 3; number++) {
      a.send(b, number);
      assertNext(number, b.got);
      b.send(a, number);
      assertNext(number, a.got);
    }
    awaitQuiet();
    a.on(() -> a.links.nodeLeft("b"));
    b.send(a, 4);
    assertNext(4, a.got);
    a.send(b, 4);
    assertNext(4, b.got);
  }

  @Test
  void rubbishIsCounted() throws Exception {
    vertx.eventBus().send("rookery/" + a.loop.self(), Buffer.buffer("?"));
    b.send(a, 1);
    assertNext(1, a.got);
    assertTrue(meters.counter("rookery.bus.malformed").count() > 0);
  }
}

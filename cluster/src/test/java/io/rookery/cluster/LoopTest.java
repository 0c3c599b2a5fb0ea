package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.RouterInbox;
import io.rookery.protocol.wire.ToRouter;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two loops of one process. */
class LoopTest {
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Loop first = loop(0);
  private final Loop second = loop(1);

  LoopTest() {
    Loop.introduce(List.of(first, second));
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Loop loop(int number) {
    return new Loop(
        ((VertxInternal) vertx).createEventLoopContext(), new LoopAddress("n", number), meters);
  }

  /** Gets the number of each message. */
  private static RouterInbox inbox(BiConsumer<LoopAddress, Long> receiver) {
    return (RouterInbox)
        Proxy.newProxyInstance(
            LoopTest.class.getClassLoader(),
            new Class<?>[] {RouterInbox.class},
            (proxy, method, args) -> {
              receiver.accept((LoopAddress) args[0], ((ToRouter.SaslAbort) args[1]).stream());
              return null;
            });
  }

  private static <T> T on(Loop loop, java.util.concurrent.Callable<T> task) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.context()
        .runOnContext(
            v -> {
              try {
                done.complete(task.call());
              } catch (Exception e) {
                done.completeExceptionally(e);
              }
            });
    return done.get(10, TimeUnit.SECONDS);
  }

  private static ToRouter.SaslAbort message(long number) {
    return new ToRouter.SaslAbort(number);
  }

  @Test
  void messagesToAnotherLoopKeepTheirOrder() throws Exception {
    CompletableFuture<List<Long>> all = new CompletableFuture<>();
    List<Long> got = new ArrayList<>();
    second.host(
        inbox(
            (from, number) -> {
              assertEquals(first.self(), from);
              got.add(number);
              if (got.size() == 10_000) {
                all.complete(got);
              }
            }));
    for (int tick = 0; tick < 100; tick++) {
      long start = tick * 100L;
      on(
          first,
          () -> {
            LongStream.range(start, start + 100)
                .forEach(i -> first.send(second.self(), message(i)));
            return null;
          });
    }
    assertEquals(LongStream.range(0, 10_000).boxed().toList(), all.get(10, TimeUnit.SECONDS));
  }

  /** What is sent in one tick arrives in one: nothing else of the receiver comes in between. */
  @Test
  void aTickIsHandedOverTogether() throws Exception {
    List<String> events = new ArrayList<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    second.host(
        inbox(
            (from, number) -> {
              events.add("message");
              second
                  .context()
                  .runOnContext(
                      v -> {
                        events.add("next tick");
                        if (number == 3) {
                          done.complete(null);
                        }
                      });
            }));
    on(
        first,
        () -> {
          LongStream.rangeClosed(1, 3).forEach(i -> first.send(second.self(), message(i)));
          return null;
        });
    done.get(10, TimeUnit.SECONDS);
    assertEquals(
        List.of("message", "message", "message", "next tick", "next tick", "next tick"), events);
  }

  /** A message to the own loop waits for what is being handled, but not for the next tick. */
  @Test
  void aLoopFinishesOneMessageBeforeTheNext() throws Exception {
    List<String> events = new ArrayList<>();
    first.host(
        inbox(
            (from, number) -> {
              events.add("start " + number);
              if (number < 3) {
                first.send(first.self(), message(number + 1));
              }
              events.add("end " + number);
            }));
    on(
        first,
        () -> {
          first.send(first.self(), message(1));
          events.add("tick ends");
          return null;
        });
    assertEquals(
        List.of("start 1", "end 1", "start 2", "end 2", "start 3", "end 3", "tick ends"), events);
  }

  @Test
  void aFailureStopsNeitherTheLoopNorItsCount() throws Exception {
    List<Long> got = new ArrayList<>();
    first.host(
        inbox(
            (from, number) -> {
              if (number == 1) {
                throw new IllegalStateException("expected by this test");
              }
              got.add(number);
            }));
    on(
        first,
        () -> {
          first.accept(second.self(), List.of(message(1), message(2)));
          return null;
        });
    assertEquals(List.of(2L), got);
    assertEquals(1, meters.counter("rookery.bugs", "loop", "0").count());
  }

  @Test
  void aLoopIsUsedFromItsOwnThreadOnly() {
    assertThrows(IllegalStateException.class, () -> first.send(second.self(), message(1)));
    assertThrows(
        Exception.class,
        () ->
            on(
                first,
                () -> {
                  first.send(new LoopAddress("another", 0), message(1));
                  return null;
                }));
  }
}

package io.rookery.standalone.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.cluster.Loop;
import io.rookery.cluster.Membership;
import io.rookery.protocol.wire.LoopAddress;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** The event loops of a node that do its work. */
final class Loops {
  private Loops() {}

  /** One loop per event-loop thread of this Vert.x, introduced to each other. */
  static List<Loop> create(Vertx vertx, Membership.Node self, MeterRegistry meters)
      throws Exception {
    Queue<Context> contexts = new ConcurrentLinkedQueue<>();
    Await.result(
        vertx.deployVerticle(
            () -> new ContextCatcher(contexts),
            new DeploymentOptions().setInstances(self.loops())));
    List<Loop> loops = new ArrayList<>();
    for (Context context : contexts) {
      loops.add(new Loop(context, new LoopAddress(self.id(), loops.size()), meters));
    }
    Loop.introduce(loops);
    return loops;
  }

  private static final class ContextCatcher extends VerticleBase {
    private final Queue<Context> contexts;

    ContextCatcher(Queue<Context> contexts) {
      this.contexts = contexts;
    }

    @Override
    public Future<?> start() {
      contexts.add(context);
      return Future.succeededFuture();
    }
  }

  /** Does something on each loop; waits until it is done on all. */
  static void onEach(List<Loop> loops, Consumer<Loop> task) throws Exception {
    for (Loop loop : loops) {
      Promise<Void> done = Promise.promise();
      loop.context()
          .runOnContext(
              v -> {
                try {
                  task.accept(loop);
                  done.complete();
                } catch (RuntimeException e) {
                  done.fail(e);
                }
              });
      Await.result(done.future());
    }
  }
}

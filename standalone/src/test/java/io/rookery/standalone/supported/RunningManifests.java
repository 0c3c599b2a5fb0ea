package io.rookery.standalone.supported;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cluster.Loop;
import io.rookery.cluster.SessionRecords;
import io.rookery.cluster.SoloNode;
import io.rookery.router.RouterConfig;
import io.rookery.router.extension.Manifest;
import io.rookery.router.session.Stores;
import io.rookery.router.shard.Router;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** The manifests of a router as it is put together to run. */
public final class RunningManifests {
  private static final int SECRET_BYTES = 32;
  private static final long WITHIN_SECONDS = 30;

  private RunningManifests() {}

  /**
   * @param version of the software
   */
  public static List<Manifest> of(RouterConfig config, String version) throws Exception {
    Vertx vertx = Vertx.vertx();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try {
      SoloNode node = new SoloNode("node", 1);
      Router router =
          new Router(
              vertx,
              config,
              untouchedStores(),
              node,
              node,
              SessionRecords.NONE,
              new byte[SECRET_BYTES],
              version,
              Clock.systemUTC(),
              meters);
      Loop loop = new Loop(vertx.getOrCreateContext(), node.ownerOf(0), meters);
      FutureTask<List<Manifest>> installed =
          new FutureTask<>(
              () -> {
                router.install(loop);
                return router.manifests();
              });
      loop.context().runOnContext(v -> installed.run());
      return installed.get(WITHIN_SECONDS, TimeUnit.SECONDS);
    } finally {
      vertx.close();
    }
  }

  /** A manifest is made without looking into a store. */
  private static Stores untouchedStores() throws ReflectiveOperationException {
    Class<?>[] types =
        Arrays.stream(Stores.class.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    Object[] stores = Arrays.stream(types).map(RunningManifests::untouched).toArray();
    return Stores.class.getConstructor(types).newInstance(stores);
  }

  private static Object untouched(Class<?> store) {
    return Proxy.newProxyInstance(
        store.getClassLoader(),
        new Class<?>[] {store},
        (proxy, method, arguments) -> {
          throw new AssertionError("a manifest needs " + method);
        });
  }
}

package io.rookery.standalone.service;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rookery.cluster.Arbiter;
import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.cluster.EventBusLinks;
import io.rookery.cluster.HazelcastNode;
import io.rookery.cluster.HazelcastRecords;
import io.rookery.cluster.Loop;
import io.rookery.cluster.Membership;
import io.rookery.cluster.Partitions;
import io.rookery.cluster.SessionRecords;
import io.rookery.cluster.SoloNode;
import io.rookery.connector.node.Connector;
import io.rookery.connector.tls.TlsContexts;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.router.session.Stores;
import io.rookery.router.shard.Router;
import io.rookery.standalone.cli.RunningService;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.ops.EventLoopLag;
import io.rookery.standalone.ops.EventLoopLoad;
import io.rookery.standalone.ops.Health;
import io.rookery.standalone.ops.OpsServer;
import io.rookery.standalone.ops.ProcessMetrics;
import io.rookery.standalone.ops.Readiness;
import io.rookery.storage.cassandra.CassandraStorage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node, in any role: brings its parts up one after the other, and down in the other order. What
 * can be wrong with the configuration is found before anything is opened; Cassandra and other nodes
 * are waited for, and until they are there the node is not ready.
 */
public final class Service implements RunningService {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);
  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration STREAMS_END_WITHIN = Duration.ofSeconds(5);
  private static final Duration LOAD_PERIOD = Duration.ofSeconds(5);
  private static final long RELOAD_MILLIS = 5000;
  private static final Duration RESIGN_WITHIN = Duration.ofSeconds(15);
  private static final Duration HAND_OVER_WITHIN = Duration.ofSeconds(5);
  private static final long HAND_OVER_MILLIS = 1000;
  private static final long ROUTER_POLL_MILLIS = 100;

  private final Config config;
  private final Role role;
  private final Clock clock = Clock.systemUTC();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ProcessMetrics processMetrics = new ProcessMetrics(meters);
  private final EventLoopLag lag = new EventLoopLag(meters);

  /** Apart from the loops that do the work: it answers also while those are busy. */
  private final Vertx opsVertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

  private final Administrator administrator = new Administrator();
  private final OpsServer ops;
  private final TlsContexts tls;
  private final Thread starter;
  private final Promise<Void> ended = Promise.promise();
  private final List<EventBusLinks> links = new CopyOnWriteArrayList<>();

  private volatile Database database;
  private volatile HazelcastNode member;
  private volatile Membership membership;
  private volatile Vertx vertx;
  private volatile Connector connector;
  private volatile boolean listening;
  private volatile boolean stopping;

  private Service(Config config) throws Exception {
    this.config = config;
    this.role = config.cluster().role();
    this.tls =
        role == Role.ROUTER
            ? null
            : Certificates.load(config.connector(), role == Role.STANDALONE, clock, meters);
    this.ops = new OpsServer(opsVertx, meters, readiness(), lag, this::ownerOf, administrator);
    this.starter = new Thread(this::bringUp, "start");
  }

  /**
   * Starts a node; blocks until the configuration is known to be good and the ops port is open.
   *
   * @throws Exception when it cannot be started; then nothing is left running
   */
  public static Service start(Config config) throws Exception {
    Service service = new Service(config);
    try {
      int port = Await.result(service.ops.listen(config.ops()));
      LOG.info("ops port {}:{}", config.ops().address(), port);
    } catch (Exception e) {
      Await.result(service.opsVertx.close());
      throw e;
    }
    service.starter.start();
    return service;
  }

  private void bringUp() {
    long begin = System.nanoTime();
    try {
      if (role != Role.CONNECTOR) {
        database = Database.open(opsVertx, config, meters);
      }
      membership = join();
      Partitions partitions = (Partitions) membership;
      Router router = null;
      List<Loop> loops = Loops.create(vertx, membership.self(), meters);
      EventLoopLoad load = new EventLoopLoad(opsVertx, meters, LOAD_PERIOD);
      for (Loop loop : loops) {
        String name = Integer.toString(loop.self().loop());
        lag.watch(name, loop.context());
        load.watch(name, loop.context());
      }
      if (database != null) {
        router = router(partitions);
        Loops.onEach(loops, router::install);
        administrator.open(database.storage(), partitions, loops.get(0));
      }
      if (tls != null) {
        connector =
            new Connector(vertx, config.connector(), membership, partitions, tls, clock, meters);
        Loops.onEach(loops, connector::install);
        opsVertx.setPeriodic(
            RELOAD_MILLIS, id -> opsVertx.executeBlocking(tls::reloadIfChanged, false));
      }
      if (member != null) {
        link(loops);
      }
      if (router != null) {
        router.open();
      }
      if (role == Role.ROUTER) {
        member.takePart();
        member.awaitBackups();
      }
      if (connector != null) {
        LOG.info("listening on ports {}", Await.result(connector.open()));
      }
      listening = true;
      LOG.info(
          "{} is ready after {} ms",
          config.cluster().node(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    } catch (Exception e) {
      if (!stopping) {
        LOG.error("cannot start: {}", e.getMessage(), e);
        ended.tryFail(e);
      }
    }
  }

  /** Completes when the cluster has gone on without this node, fails when it cannot be started. */
  Future<Void> ended() {
    return ended.future();
  }

  private Membership join() throws Exception {
    VertxOptions options =
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(config.cluster().eventLoops());
    if (role == Role.STANDALONE) {
      vertx = Vertx.builder().with(options).build();
      return new SoloNode(config.cluster().node(), config.cluster().eventLoops());
    }
    HazelcastNode joined = HazelcastNode.join(config.cluster(), arbiter(), meters);
    member = joined;
    joined.onFenced(ended::tryComplete);
    if (role == Role.ROUTER && !joined.hasRouter()) {
      joined.takePart(); // nobody else is there to hold data
    }
    while (!joined.hasRouter()) {
      // Vert.x opens a distributed map when it joins.
      Thread.sleep(ROUTER_POLL_MILLIS);
    }
    vertx = Await.result(joined.startVertx(options));
    return joined;
  }

  private Arbiter arbiter() {
    return database == null
        ? null
        : new StoredViews(database.storage().clusterViews(), config.cluster().name());
  }

  private void link(List<Loop> loops) throws Exception {
    for (Loop loop : loops) {
      Promise<Void> opened = Promise.promise();
      loop.context().runOnContext(v -> link(loop).onComplete(opened));
      Await.result(opened.future());
    }
  }

  private Future<Void> link(Loop loop) {
    HazelcastNode node = member;
    EventBusLinks toOthers =
        new EventBusLinks(
            vertx,
            loop,
            config.cluster().frameBytes(),
            Math.toIntExact(config.cluster().windowBytes()),
            id -> node.nodes().stream().anyMatch(other -> other.id().equals(id)),
            meters,
            (to, messages) -> Redirection.redirect(loop, node, messages));
    links.add(toOthers);
    loop.connect(toOthers);
    node.onLeave(left -> loop.context().runOnContext(v -> toOthers.nodeLeft(left.id())));
    return toOthers.open();
  }

  private Router router(Partitions partitions) throws Exception {
    CassandraStorage storage = database.storage();
    Stores stores =
        new Stores(
            storage.accounts(),
            storage.rosters(),
            storage.mailboxes(),
            storage.lastActivities(),
            storage.archivePolicies(),
            storage.blockLists(),
            storage.privateData(),
            storage.vcards(),
            storage.loginTokens(),
            storage.personalNodes(),
            storage.pushRegistrations(),
            storage.invitations(),
            storage.directory());
    byte[] secret = Await.result(storage.secrets().shared("sasl-decoy"));
    return new Router(
        vertx,
        config.router(),
        stores,
        membership,
        partitions,
        member == null ? SessionRecords.NONE : new HazelcastRecords(vertx, member, meters),
        secret,
        version(),
        clock,
        meters);
  }

  /** As in the manifest of the jar. */
  private static String version() {
    String version = Service.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private Optional<String> ownerOf(Jid address) {
    Membership nodes = membership;
    LoopAddress owner = nodes == null ? null : ((Partitions) nodes).ownerOf(address);
    return owner == null
        ? Optional.empty()
        : nodes.nodes().stream()
            .filter(node -> node.id().equals(owner.node()))
            .map(Membership.Node::name)
            .findFirst();
  }

  private Readiness readiness() {
    Map<String, Readiness.Check> checks = new LinkedHashMap<>();
    if (role != Role.CONNECTOR) {
      checks.put("storage", this::storageHealth);
    }
    if (role != Role.STANDALONE) {
      checks.put("cluster", this::clusterHealth);
    }
    checks.put("listeners", () -> health(listening && !stopping, "not open"));
    return new Readiness(checks, CHECK_TIMEOUT);
  }

  private Future<Health> clusterHealth() {
    HazelcastNode node = member;
    return node == null || node.mayAct()
        ? health(node != null && node.hasRouter(), "no router is there")
        : health(false, "fenced: the other routers may have gone on without this node");
  }

  private Future<Health> storageHealth() {
    Database opened = database;
    return opened == null
        ? health(false, "Cassandra has not answered yet")
        : opened.storage().ping().map(v -> Health.UP);
  }

  private static Future<Health> health(boolean up, String otherwise) {
    return Future.succeededFuture(up ? Health.UP : new Health.Down(otherwise));
  }

  @Override
  public Future<Void> stop() {
    stopping = true;
    starter.interrupt();
    Promise<Void> stopped = Promise.promise();
    Thread stopper =
        new Thread(
            () -> {
              try {
                bringDown();
                stopped.complete();
              } catch (Exception e) {
                stopped.fail(e);
              }
            },
            "stop");
    stopper.start();
    return stopped.future();
  }

  /** While the partitions move, and a little longer, this node is there to pass things on. */
  private void handOver() throws InterruptedException {
    member.resign(RESIGN_WITHIN);
    long deadline = System.nanoTime() + HAND_OVER_WITHIN.toNanos();
    do {
      Thread.sleep(HAND_OVER_MILLIS);
    } while (links.stream().anyMatch(EventBusLinks::busy) && System.nanoTime() - deadline < 0);
  }

  private void bringDown() throws Exception {
    starter.join();
    LOG.info("stopping");
    if (connector != null) {
      Await.result(connector.close(config.connector().timeouts().drain(), STREAMS_END_WITHIN));
    }
    if (member != null && member.mayAct() && vertx != null) {
      handOver();
    }
    if (vertx != null) {
      Await.result(vertx.close());
    }
    if (member != null) {
      member.leave();
    }
    if (database != null) {
      database.close();
    }
    processMetrics.close();
    Await.result(ops.close());
    Await.result(opsVertx.close());
    LOG.info("stopped");
  }
}

package io.rookery.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.Partition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.protocol.wire.LoopAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of a Hazelcast cluster. Routers are data members and own the partitions;
 * connectors are lite members, which know the owners without holding data. A router publishes
 * owners as far as they are in the {@link Agreement}; a connector, which only sends to them, at
 * once.
 */
public final class HazelcastNode implements Membership, Partitions {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastNode.class);
  private static final long TICK_MILLIS = 250;
  private static final Duration LEAVE_VIEW_WITHIN = Duration.ofSeconds(3);

  private final HazelcastInstance hazelcast;
  private final ClusterConfig config;
  private final Node self;
  private final ScheduledExecutorService thread;

  /** Null on a connector. */
  private final Agreement agreement;

  private final Departures departures = new Departures();
  private final List<Runnable> ownerListeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> leaving = new CompletableFuture<>();
  private final CompletableFuture<Void> fenced = new CompletableFuture<>();
  private volatile PartitionTable table = PartitionTable.EMPTY;

  private HazelcastNode(
      HazelcastInstance hazelcast, ClusterConfig config, Arbiter arbiter, MeterRegistry meters) {
    this.hazelcast = hazelcast;
    this.config = config;
    Node lite = MemberAttributes.node(hazelcast.getCluster().getLocalMember());
    this.self = new Node(lite.id(), lite.name(), !lite.connector(), lite.connector(), lite.loops());
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> new Thread(task, "membership"),
            new ThreadPoolExecutor.DiscardPolicy()); // what comes after the end is late
    this.agreement =
        self.connector()
            ? null
            : new Agreement(
                self.id(),
                arbiter,
                config.failureTimeout(),
                this::routersPresent,
                System::nanoTime,
                thread,
                this::fence);
    Gauge.builder("rookery.cluster.fenced", fenced, f -> f.isDone() ? 1 : 0)
        .description("1 when the other routers go on without this node")
        .register(meters);
  }

  /**
   * Joins the cluster, without taking part in its work yet; blocks until that has happened.
   *
   * @param arbiter not used by connectors
   * @throws IncompatibleNodeException when this node may not join
   */
  public static HazelcastNode join(ClusterConfig config, Arbiter arbiter, MeterRegistry meters) {
    return join(config, arbiter, meters, WireVersions.OURS);
  }

  static HazelcastNode join(
      ClusterConfig config, Arbiter arbiter, MeterRegistry meters, WireVersions wire) {
    int busPort = config.busPort() == 0 ? freePort(config.address()) : config.busPort();
    HazelcastInstance hazelcast =
        Hazelcast.newHazelcastInstance(HazelcastConfig.of(config, busPort, wire));
    try {
      Set<Member> members = hazelcast.getCluster().getMembers();
      for (Member member : members) {
        if (!MemberAttributes.wire(member).understand(wire)) {
          throw new IncompatibleNodeException(
              MemberAttributes.node(member).name(), MemberAttributes.wire(member), wire);
        }
      }
      HazelcastNode node = new HazelcastNode(hazelcast, config, arbiter, meters);
      node.listen();
      return node;
    } catch (RuntimeException e) {
      hazelcast.shutdown();
      throw e;
    }
  }

  /** Told to the others before the event bus listens; somebody else may take it until then. */
  private static int freePort(String address) {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port for the event bus on " + address, e);
    }
  }

  private void listen() {
    HazelcastEvents.listen(hazelcast, this);
    thread.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      if (agreement != null) {
        agreement.tick();
      }
      refresh();
    } catch (RuntimeException e) {
      if (hazelcast.getLifecycleService().isRunning()) {
        LOG.error("bug: the membership was not checked", e);
      }
    }
  }

  void joined(Member member) {
    LOG.info("node {} joined", MemberAttributes.node(member).name());
    if (!MemberAttributes.wire(member).understand(WireVersions.OURS)) {
      LOG.error(
          "node {} has another wire version, {}, than this one, {}: it is going to leave again",
          MemberAttributes.node(member).name(),
          MemberAttributes.wire(member),
          WireVersions.OURS);
    }
    changed();
  }

  void left(Member member) {
    Node node = MemberAttributes.node(member);
    LOG.info("node {} left", node.name());
    departures.add(node);
    changed();
  }

  /** Not to be waited for: may be called by any thread of Hazelcast. */
  void changed() {
    thread.execute(this::tick);
  }

  /** This node can only come back as another one. */
  void fence(String reason) {
    if (!leaving.isDone() && fenced.complete(null)) {
      LOG.error("fenced: {}; this node binds and routes nothing any more", reason);
    }
  }

  /** Reads the owners anew. */
  synchronized void refresh() {
    PartitionTable next = hasRouter() ? read() : PartitionTable.EMPTY;
    if (publishable(next) && !next.equals(table)) {
      table = next;
      ownerListeners.forEach(Runnable::run);
    }
    departures.settle(this::settled);
  }

  /** Events may be late, and a lite member is not sent all of them: this is called often. */
  private PartitionTable read() {
    List<Partition> partitions = new ArrayList<>(hazelcast.getPartitionService().getPartitions());
    partitions.sort(Comparator.comparingInt(Partition::getPartitionId));
    List<String> owners = new ArrayList<>(partitions.size());
    for (Partition partition : partitions) {
      Member owner = partition.getOwner();
      owners.add(owner == null ? null : owner.getUuid().toString());
    }
    return PartitionTable.of(owners, nodes());
  }

  private boolean publishable(PartitionTable next) {
    return agreement == null
        || next == PartitionTable.EMPTY
        || next.complete() && agreement.covers(next.nodes());
  }

  private boolean settled(Node gone) {
    boolean decided = agreement == null || !agreement.names(gone.id());
    return decided && !table.names(gone.id()) && (table.complete() || !hasRouter());
  }

  /** All that are to be routers, also those that are not yet, or not any more. */
  private Set<String> routersPresent() {
    return hazelcast.getCluster().getMembers().stream()
        .filter(MemberAttributes::routerByRole)
        .map(member -> member.getUuid().toString())
        .collect(Collectors.toSet());
  }

  @Override
  public LoopAddress ownerOf(int partition) {
    return mayAct() ? table.ownerOf(partition) : null;
  }

  /** False when this node is fenced, or has to find out whether it is. */
  public boolean mayAct() {
    return !fenced.isDone() && (agreement == null || agreement.mayAct());
  }

  @Override
  public Node self() {
    return self;
  }

  @Override
  public List<Node> nodes() {
    return hazelcast.getCluster().getMembers().stream().map(MemberAttributes::node).toList();
  }

  @Override
  public void onLeave(Consumer<Node> listener) {
    departures.listen(listener);
  }

  @Override
  public void onOwnersChanged(Runnable listener) {
    ownerListeners.add(listener);
  }

  @Override
  public void onLeaving(Runnable listener) {
    leaving.thenRunAsync(listener);
  }

  @Override
  public void onFenced(Runnable listener) {
    fenced.thenRunAsync(listener);
  }

  @Override
  public CompletionStage<Void> confirmed() {
    return agreement == null ? CompletableFuture.completedFuture(null) : agreement.confirmed();
  }

  /** True when some router is there that takes part. */
  public boolean hasRouter() {
    return nodes().stream().anyMatch(Node::router);
  }

  HazelcastInstance hazelcast() {
    return hazelcast;
  }

  /** Starts Vert.x with an event bus to the other nodes. */
  public Future<Vertx> startVertx(VertxOptions options) {
    int port = MemberAttributes.busPort(hazelcast.getCluster().getLocalMember());
    return Vertx.builder()
        .with(options.setEventBusOptions(BusOptions.of(config, port)))
        .withClusterManager(new BusNodes(hazelcast))
        .buildClustered();
  }

  /**
   * Takes part as a router: enters the view, then takes its share of the partitions. Blocks until
   * that has begun; the second call does nothing.
   */
  public void takePart() throws Exception {
    agreement.join().get();
    Duty.take(hazelcast);
    refresh();
  }

  /**
   * Blocks until every session record is where it belongs and has its backup. Until then the loss
   * of one more router may lose sessions, so this one should not count as started.
   */
  public void awaitBackups() throws InterruptedException {
    while (!hazelcast.getPartitionService().isClusterSafe()) {
      Thread.sleep(TICK_MILLIS);
    }
  }

  /**
   * Prepares to leave in order: gives the partitions to other routers, if there are any, and leaves
   * the view. Blocks, for no longer than about the limit.
   */
  public void resign(Duration limit) throws InterruptedException {
    leaving.complete(null);
    if (agreement != null) {
      Duty.resign(hazelcast, self.id(), () -> table, limit);
      Duty.await(agreement.leave(), LEAVE_VIEW_WITHIN);
    }
  }

  /** Leaves the cluster; blocks until the data is handed over, if it is not fenced. */
  public void leave() {
    leaving.complete(null);
    thread.shutdownNow();
    if (fenced.isDone()) {
      hazelcast.getLifecycleService().terminate();
    } else {
      hazelcast.shutdown();
    }
  }
}

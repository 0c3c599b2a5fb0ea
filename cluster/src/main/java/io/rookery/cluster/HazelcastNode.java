package io.rookery.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.ReplicaMigrationEvent;
import io.rookery.protocol.wire.LoopAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of a Hazelcast cluster. Routers are data members and own the partitions;
 * connectors are lite members, which know the owners without holding data.
 */
public final class HazelcastNode implements Membership, Partitions {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastNode.class);

  private final HazelcastInstance hazelcast;
  private final Node self;
  private final List<Consumer<Node>> leaveListeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> ownerListeners = new CopyOnWriteArrayList<>();
  private volatile PartitionTable table = PartitionTable.EMPTY;

  private HazelcastNode(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
    this.self = MemberAttributes.node(hazelcast.getCluster().getLocalMember());
  }

  /** Joins the cluster; blocks until that has happened. */
  public static HazelcastNode join(ClusterConfig config) {
    HazelcastNode node =
        new HazelcastNode(Hazelcast.newHazelcastInstance(HazelcastConfig.of(config)));
    node.listen();
    return node;
  }

  private void listen() {
    hazelcast
        .getCluster()
        .addMembershipListener(
            new MembershipListener() {
              @Override
              public void memberAdded(MembershipEvent event) {
                LOG.info("node {} joined", MemberAttributes.node(event.getMember()).name());
                refresh();
              }

              @Override
              public void memberRemoved(MembershipEvent event) {
                left(MemberAttributes.node(event.getMember()));
              }
            });
    hazelcast
        .getPartitionService()
        .addMigrationListener(
            new MigrationListener() {
              @Override
              public void migrationStarted(MigrationState state) {
                // the owners change one by one, each with an event of its own
              }

              @Override
              public void migrationFinished(MigrationState state) {
                refresh();
              }

              @Override
              public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
                refresh();
              }

              @Override
              public void replicaMigrationFailed(ReplicaMigrationEvent event) {
                refresh();
              }
            });
    refresh();
  }

  private void left(Node node) {
    LOG.info("node {} left", node.name());
    refresh();
    leaveListeners.forEach(listener -> listener.accept(node));
  }

  /**
   * Reads the owners anew. Also to be called about once a second: events may be late, and a lite
   * member is not sent all of them.
   */
  public synchronized void refresh() {
    PartitionTable next = hasRouter() ? read() : PartitionTable.EMPTY;
    if (!next.equals(table)) {
      table = next;
      ownerListeners.forEach(Runnable::run);
    }
  }

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

  @Override
  public LoopAddress ownerOf(int partition) {
    return table.ownerOf(partition);
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
    leaveListeners.add(listener);
  }

  @Override
  public void onOwnersChanged(Runnable listener) {
    ownerListeners.add(listener);
  }

  /** True when some router is there. */
  public boolean hasRouter() {
    return nodes().stream().anyMatch(Node::router);
  }

  /** For the clustered event bus. */
  public HazelcastInstance hazelcast() {
    return hazelcast;
  }

  /** Leaves the cluster; blocks until the data is handed over. */
  public void leave() {
    hazelcast.shutdown();
  }
}

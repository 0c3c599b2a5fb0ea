package io.rookery.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.ReplicaMigrationEvent;

/** What Hazelcast tells a node. */
final class HazelcastEvents implements MembershipListener, MigrationListener {
  private final HazelcastNode node;

  private HazelcastEvents(HazelcastNode node) {
    this.node = node;
  }

  static void listen(HazelcastInstance hazelcast, HazelcastNode node) {
    HazelcastEvents events = new HazelcastEvents(node);
    hazelcast.getCluster().addMembershipListener(events);
    hazelcast.getPartitionService().addMigrationListener(events);
    hazelcast.getLifecycleService().addLifecycleListener(events::lifecycle);
  }

  private void lifecycle(LifecycleEvent event) {
    switch (event.getState()) {
      case MERGING -> node.fence("it found a larger cluster and joins that");
      case SHUTTING_DOWN -> node.fence("Hazelcast stops");
      default -> node.changed();
    }
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    node.joined(event.getMember());
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    node.left(event.getMember());
  }

  @Override
  public void migrationStarted(MigrationState state) {
    // the owners change one by one, each with an event of its own
  }

  @Override
  public void migrationFinished(MigrationState state) {
    node.changed();
  }

  @Override
  public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
    node.changed();
  }

  @Override
  public void replicaMigrationFailed(ReplicaMigrationEvent event) {
    node.changed();
  }
}

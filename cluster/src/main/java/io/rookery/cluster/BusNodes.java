package io.rookery.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import io.vertx.core.Completable;
import io.vertx.core.VertxException;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;

/**
 * What the event bus asks of the cluster, answered from the list of members alone: an address on
 * the bus names the node that it is on, and the attributes of a node say where it listens. Nothing
 * of it is in a distributed map, which goes with the routers that hold it, and of which a node that
 * is alive is removed when others take it for dead (docs/adr/0011).
 */
final class BusNodes extends HazelcastClusterManager {
  private static final String ADDRESS_PREFIX = "rookery/";

  private final HazelcastInstance hazelcast;
  private final String self;
  private volatile NodeInfo info;

  BusNodes(HazelcastInstance hazelcast) {
    super(hazelcast);
    this.hazelcast = hazelcast;
    this.self = hazelcast.getCluster().getLocalMember().getUuid().toString();
  }

  /** Of something on the node of this id. */
  static String busAddress(String node, int loop) {
    return ADDRESS_PREFIX + node + "/" + loop;
  }

  @Override
  public String getNodeId() {
    return self;
  }

  @Override
  public List<String> getNodes() {
    return hazelcast.getCluster().getMembers().stream()
        .map(member -> member.getUuid().toString())
        .toList();
  }

  @Override
  public void setNodeInfo(NodeInfo own, Completable<Void> done) {
    info = own;
    done.succeed();
  }

  @Override
  public NodeInfo getNodeInfo() {
    return info;
  }

  @Override
  public void getNodeInfo(String node, Completable<NodeInfo> found) {
    for (Member member : hazelcast.getCluster().getMembers()) {
      if (member.getUuid().toString().equals(node)) {
        int port = MemberAttributes.busPort(member);
        found.succeed(new NodeInfo(member.getAddress().getHost(), port, null));
        return;
      }
    }
    found.fail(new VertxException("not a member of the cluster: " + node, true));
  }

  @Override
  public void addRegistration(String address, RegistrationInfo one, Completable<Void> done) {
    done.succeed();
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo one, Completable<Void> done) {
    done.succeed();
  }

  /** Ids of nodes are never used again: what this says of an address is true for ever. */
  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> found) {
    int end = address.lastIndexOf('/');
    found.succeed(
        address.startsWith(ADDRESS_PREFIX) && end > ADDRESS_PREFIX.length()
            ? List.of(
                new RegistrationInfo(address.substring(ADDRESS_PREFIX.length(), end), 1, false))
            : List.of());
  }

  /** There is nothing to clean up. */
  @Override
  public void memberAdded(MembershipEvent event) {}

  @Override
  public void memberRemoved(MembershipEvent event) {}

  @Override
  public void stateChanged(LifecycleEvent event) {}
}

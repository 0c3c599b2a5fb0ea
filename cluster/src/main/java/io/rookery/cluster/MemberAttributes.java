package io.rookery.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.MemberAttributeConfig;
import java.util.UUID;

/** How a node introduces itself to the others. */
final class MemberAttributes {
  private static final String NAME = "rookery.node";
  private static final String ROLE = "rookery.role";
  private static final String LOOPS = "rookery.loops";

  /** Where the cluster manager of Vert.x looks for the name it gives the node. */
  private static final String VERTX_NODE = "__vertx.nodeId";

  private MemberAttributes() {}

  static MemberAttributeConfig of(ClusterConfig config) {
    return new MemberAttributeConfig()
        .setAttribute(NAME, config.node())
        .setAttribute(ROLE, config.role().name())
        .setAttribute(LOOPS, Integer.toString(config.eventLoops()))
        .setAttribute(VERTX_NODE, UUID.randomUUID().toString());
  }

  static Membership.Node node(Member member) {
    String role = member.getAttribute(ROLE);
    String loops = member.getAttribute(LOOPS);
    return new Membership.Node(
        member.getUuid().toString(),
        member.getAttribute(NAME),
        !ClusterConfig.Role.CONNECTOR.name().equals(role),
        !ClusterConfig.Role.ROUTER.name().equals(role),
        loops == null ? 1 : Integer.parseInt(loops));
  }
}

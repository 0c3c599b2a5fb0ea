package io.rookery.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.MemberAttributeConfig;
import java.util.UUID;

/** How a node introduces itself to the others. */
final class MemberAttributes {
  private static final String NAME = "rookery.node";
  private static final String ROLE = "rookery.role";
  private static final String LOOPS = "rookery.loops";
  private static final String WRITTEN = "rookery.wire.written";
  private static final String OLDEST = "rookery.wire.oldest";

  /** Where the cluster manager of Vert.x looks for the name it gives the node. */
  private static final String VERTX_NODE = "__vertx.nodeId";

  private MemberAttributes() {}

  static MemberAttributeConfig of(ClusterConfig config, WireVersions wire) {
    return new MemberAttributeConfig()
        .setAttribute(NAME, config.node())
        .setAttribute(ROLE, config.role().name())
        .setAttribute(LOOPS, Integer.toString(config.eventLoops()))
        .setAttribute(WRITTEN, Integer.toString(wire.written()))
        .setAttribute(OLDEST, Integer.toString(wire.oldest()))
        .setAttribute(VERTX_NODE, UUID.randomUUID().toString());
  }

  /** Whether a member is made to be a router, also when it is not one yet or any more. */
  static boolean routerByRole(Member member) {
    return ClusterConfig.Role.ROUTER.name().equals(member.getAttribute(ROLE));
  }

  static WireVersions wire(Member member) {
    return new WireVersions(
        Integer.parseInt(member.getAttribute(WRITTEN)),
        Integer.parseInt(member.getAttribute(OLDEST)));
  }

  static Membership.Node node(Member member) {
    return new Membership.Node(
        member.getUuid().toString(),
        member.getAttribute(NAME),
        routerByRole(member) && !member.isLiteMember(),
        !routerByRole(member),
        Integer.parseInt(member.getAttribute(LOOPS)));
  }
}

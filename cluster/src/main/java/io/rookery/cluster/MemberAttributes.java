package io.rookery.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.MemberAttributeConfig;
import java.util.UUID;

/** How a node introduces itself to the others. */
final class MemberAttributes {
  private static final String NAME = "rookery.node";
  private static final String ROLE = "rookery.role";
  private static final String BUS_PORT = "rookery.bus.port";
  private static final String LOOPS = "rookery.loops";
  private static final String WRITTEN = "rookery.wire.written";
  private static final String OLDEST = "rookery.wire.oldest";

  /** The cluster manager of Vert.x wants it to be there. */
  private static final String VERTX_NODE = "__vertx.nodeId";

  private MemberAttributes() {}

  static MemberAttributeConfig of(ClusterConfig config, int busPort, WireVersions wire) {
    return new MemberAttributeConfig()
        .setAttribute(NAME, config.node())
        .setAttribute(ROLE, config.role().name())
        .setAttribute(BUS_PORT, Integer.toString(busPort))
        .setAttribute(LOOPS, Integer.toString(config.eventLoops()))
        .setAttribute(WRITTEN, Integer.toString(wire.written()))
        .setAttribute(OLDEST, Integer.toString(wire.oldest()))
        .setAttribute(VERTX_NODE, UUID.randomUUID().toString());
  }

  /** Whether a member is made to be a router, also when it is not one yet or any more. */
  static boolean routerByRole(Member member) {
    return ClusterConfig.Role.ROUTER.name().equals(member.getAttribute(ROLE));
  }

  /** Where the node listens for the event bus. */
  static int busPort(Member member) {
    return Integer.parseInt(member.getAttribute(BUS_PORT));
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

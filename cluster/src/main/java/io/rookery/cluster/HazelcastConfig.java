package io.rookery.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import io.rookery.cluster.ClusterConfig.Discovery;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Collectors;

/** Hazelcast's configuration from ours. */
final class HazelcastConfig {
  private HazelcastConfig() {}

  static Config of(ClusterConfig config, int busPort, WireVersions wire) {
    // Vert.x needs some maps of its own to be configured.
    Config hazelcast = ConfigUtil.loadConfig();
    hazelcast.setClusterName(config.name());
    hazelcast.setInstanceName(null);
    hazelcast.setLiteMember(true); // a router takes data when it is ready for it
    hazelcast.setMemberAttributeConfig(MemberAttributes.of(config, busPort, wire));
    hazelcast.setProperty("hazelcast.partition.count", Integer.toString(Partitions.COUNT));
    hazelcast.setProperty("hazelcast.phone.home.enabled", "false");
    hazelcast.setProperty("hazelcast.logging.type", "slf4j");
    hazelcast.setProperty("hazelcast.shutdownhook.enabled", "false");
    hazelcast.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    hazelcast.setProperty(
        "hazelcast.max.no.heartbeat.seconds",
        Long.toString(Math.max(1, config.failureTimeout().toSeconds())));
    hazelcast.setProperty("hazelcast.wait.seconds.before.join", "0");
    hazelcast.setProperty("hazelcast.socket.bind.any", "false");
    // A write waits for its backup until the node that has it answers, or is given up.
    hazelcast.setProperty(
        "hazelcast.operation.backup.timeout.millis",
        Long.toString(config.failureTimeout().plusSeconds(5).toMillis()));
    hazelcast.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
    hazelcast.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
    hazelcast.setProperty("hazelcast.graceful.shutdown.max.wait", "20");
    HazelcastRecords.configure(hazelcast);
    network(hazelcast.getAdvancedNetworkConfig(), config);
    return hazelcast;
  }

  /**
   * A port for members only. Hazelcast's port for all protocols has another fault: while a process
   * is stopped that others connect to, the thread that writes to it spins, and with it all that
   * others are sent by this thread stays behind, heartbeats included.
   */
  private static void network(AdvancedNetworkConfig network, ClusterConfig config) {
    ServerSocketEndpointConfig members =
        new ServerSocketEndpointConfig()
            .setPort(config.memberPort())
            .setPortAutoIncrement(false)
            .setPublicAddress(config.address() + ":" + config.memberPort());
    members.getInterfaces().setEnabled(true).addInterface(ip(config.address()));
    network.setEnabled(true).setMemberEndpointConfig(members);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    if (config.discovery() instanceof Discovery.Members asked) {
      join.getTcpIpConfig()
          .setEnabled(true)
          .setMembers(
              asked.members().stream()
                  .map(member -> member.getHostString() + ":" + member.getPort())
                  .collect(Collectors.toList()));
    } else if (config.discovery() instanceof Discovery.KubernetesDns dns) {
      join.getTcpIpConfig().setEnabled(false);
      join.getKubernetesConfig().setEnabled(true).setProperty("service-dns", dns.service());
    } else if (config.discovery() instanceof Discovery.KubernetesApi api) {
      join.getTcpIpConfig().setEnabled(false);
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("namespace", api.namespace())
          .setProperty("service-name", api.service())
          .setProperty("service-port", Integer.toString(config.memberPort()))
          // Otherwise it also asks for services and nodes, which it has no right to.
          .setProperty("expose-externally", "false");
    }
  }

  private static String ip(String address) {
    try {
      return InetAddress.getByName(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("cluster.address cannot be resolved: " + address, e);
    }
  }
}

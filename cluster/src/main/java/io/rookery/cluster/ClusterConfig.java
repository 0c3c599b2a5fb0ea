package io.rookery.cluster;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a node finds and talks to the others. Sizes are bytes.
 *
 * @param name nodes of different clusters never join
 * @param node unique in the cluster; stays the same over restarts where that is possible
 * @param address to bind and to be reached at by the other nodes
 * @param memberPort Hazelcast; default 5701
 * @param busPort event bus; default 5702, 0 for one that is free at the start
 * @param eventLoops threads that do the work; default one per processor
 * @param failureTimeout silence after which a node is taken for dead; default 5 s
 * @param frameBytes what is sent to a node in one event-loop tick is cut into frames of about this
 *     size; default 64 KiB
 * @param windowBytes sent to a node and not yet taken by it, then senders wait; default 8 MiB
 * @param busTls protects the event bus, on all nodes or on none
 */
public record ClusterConfig(
    String name,
    String node,
    Role role,
    String address,
    int memberPort,
    int busPort,
    Discovery discovery,
    int eventLoops,
    Duration failureTimeout,
    int frameBytes,
    long windowBytes,
    Optional<BusTls> busTls) {

  public ClusterConfig {
    require(!name.isEmpty() && !node.isEmpty() && !address.isEmpty(), "names are not empty");
    require(memberPort > 0 && memberPort <= 65535, "no such port: " + memberPort);
    require(busPort >= 0 && busPort <= 65535, "no such port: " + busPort);
    require(eventLoops > 0, "at least one event loop");
    require(failureTimeout.compareTo(Duration.ZERO) > 0, "a time-out is positive");
    require(frameBytes > 0 && windowBytes >= frameBytes, "a window holds at least one frame");
  }

  /** What a node does. Routers hold the cluster's data, connectors do not. */
  public enum Role {
    STANDALONE,
    CONNECTOR,
    ROUTER
  }

  /**
   * Mutual TLS between nodes; PEM files. Whoever has a certificate from these authorities is a
   * node: they should be for the cluster alone. Names in certificates do not matter.
   *
   * @param certificate of this node, with its chain
   * @param key of the certificate
   * @param trust the authorities
   */
  public record BusTls(Path certificate, Path key, Path trust) {}

  /** How the first other node is found. */
  public sealed interface Discovery {

    /**
     * Asks these members; a node may find itself among them.
     *
     * @param members unresolved host names and member ports; none for a cluster of one
     */
    record Members(List<InetSocketAddress> members) implements Discovery {
      public Members {
        members = List.copyOf(members);
      }
    }

    /**
     * Asks the DNS for the members behind a headless Kubernetes service.
     *
     * @param service its full name, such as {@code rookery.chat.svc.cluster.local}
     */
    record KubernetesDns(String service) implements Discovery {
      public KubernetesDns {
        require(!service.isEmpty(), "a service has a name");
      }
    }

    /**
     * Asks the API of Kubernetes for the members behind a service. The service account of the pod
     * may list the EndpointSlices of the namespace, and needs no other right.
     */
    record KubernetesApi(String namespace, String service) implements Discovery {
      public KubernetesApi {
        require(!namespace.isEmpty() && !service.isEmpty(), "a service has a name");
      }
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}

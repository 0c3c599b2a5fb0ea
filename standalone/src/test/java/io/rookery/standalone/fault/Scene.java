package io.rookery.standalone.fault;

import io.rookery.standalone.fault.client.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Where a fault happens: a cluster under load, and chance. */
record Scene(FaultCluster cluster, Fleet fleet, Random random) {
  private static final Duration READY_LIMIT = Duration.ofMinutes(3);
  private static final Duration FLOW_LIMIT = Duration.ofMinutes(2);

  /** What is expected did not happen in minutes. */
  static final class NotWholeException extends Exception {
    private static final long serialVersionUID = 1;

    NotWholeException(String message) {
      super(message);
    }
  }

  /** One of the routers. */
  String router() {
    return any(cluster.routers());
  }

  /** One of the connectors that have clients: often all are on one after the other was down. */
  String connector() {
    List<String> used =
        cluster.connectors().stream().filter(name -> cluster.proxy(name).isInUse()).toList();
    return any(used.isEmpty() ? cluster.connectors() : used);
  }

  /** In front of one of the connectors. */
  DroppingProxy proxy() {
    return cluster.proxy(connector());
  }

  private String any(List<String> names) {
    return names.get(random.nextInt(names.size()));
  }

  /** Lets the clients go on for a random time, in seconds. */
  void waits(int from, int to) throws InterruptedException {
    Thread.sleep(random.nextLong(1000L * from, 1000L * to));
  }

  /** Waits until all nodes are ready, all clients are in, and all flows flow. */
  void becomesWhole() throws InterruptedException, NotWholeException {
    if (!cluster.awaitReady(READY_LIMIT)) {
      throw new NotWholeException("nodes are not ready");
    }
    if (!fleet.awaitLive(FLOW_LIMIT)) {
      throw new NotWholeException("clients do not get in; refused: " + fleet.loginsRefused());
    }
    if (!fleet.awaitFlow(FLOW_LIMIT)) {
      throw new NotWholeException("messages do not get through");
    }
  }
}

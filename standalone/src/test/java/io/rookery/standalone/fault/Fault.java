package io.rookery.standalone.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The rows of the fault matrix: what is done to the cluster, and what that may cost. */
enum Fault {
  TCP_RESET(Contract.resumes(15), scene -> scene.proxy().reset()),
  TCP_SILENCE(Contract.resumes(40), scene -> scene.proxy().silence()),
  CONNECTOR_KILL(Contract.resumes(20), scene -> killed(scene, scene.connector())),
  CONNECTOR_DRAIN(Contract.resumes(20), scene -> restarted(scene, scene.connector())),
  ROUTER_KILL(Contract.resumes(30), scene -> killed(scene, scene.router())),
  ROUTER_LEAVES(Contract.resumes(20), scene -> restarted(scene, scene.router())),
  ROUTER_JOINS(Contract.resumes(20), Fault::joins),
  ROUTER_STOP(Contract.resumes(40), Fault::stopped),
  ROUTER_CUT(Contract.resumes(40), Fault::cut),
  ROUTER_PARTED(Contract.resumes(40), Fault::parted),
  HOST_LOSS(Contract.resumes(40), Fault::lost),
  CASSANDRA_NODE_DOWN(Contract.resumes(30), Fault::oneCassandra),
  CASSANDRA_DOWN(Contract.resumes(120), Fault::allCassandra),
  ROLLING_RESTART(Contract.resumes(30), Fault::rolling),
  ROLLING_UPGRADE(Contract.resumes(30), Fault::upgraded),
  CLUSTER_KILL(Contract.reconnects(180), Fault::everything);

  private final Contract contract;
  private final Injection injection;

  /** Does it, and undoes it: afterwards all nodes are there again, not necessarily ready. */
  private interface Injection {
    void into(Scene scene) throws Exception;
  }

  private interface Starter {
    void start(String node) throws Exception;
  }

  Fault(Contract contract, Injection injection) {
    this.contract = contract;
    this.injection = injection;
  }

  Contract contract() {
    return contract;
  }

  void inject(Scene scene) throws Exception {
    injection.into(scene);
  }

  /** As on the command line: {@code router-kill}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the network between nodes is cut. */
  boolean needsCuts() {
    return this == ROUTER_CUT || this == ROUTER_PARTED || this == HOST_LOSS;
  }

  /** Whether a quorum of Cassandra must be left. */
  boolean needsThreeCassandras() {
    return this == CASSANDRA_NODE_DOWN;
  }

  private static void killed(Scene scene, String node) throws Exception {
    scene.cluster().kill(node);
    scene.waits(2, 8);
    scene.cluster().start(node);
  }

  private static void restarted(Scene scene, String node) throws Exception {
    scene.cluster().terminate(node);
    scene.waits(2, 8);
    scene.cluster().start(node);
  }

  private static void joins(Scene scene) throws Exception {
    String spare = scene.cluster().spare();
    scene.cluster().start(spare);
    scene.becomesWhole();
    scene.waits(3, 8);
    scene.cluster().terminate(spare);
  }

  private static void stopped(Scene scene) throws Exception {
    String router = scene.router();
    scene.cluster().pause(router);
    scene.waits(60, 61);
    scene.cluster().proceed(router);
  }

  private static void cut(Scene scene) throws Exception {
    String router = scene.router();
    scene.cluster().hosts().cut(router);
    scene.waits(15, 30);
    scene.cluster().hosts().heal(router);
  }

  private static void parted(Scene scene) throws Exception {
    String router = scene.router();
    scene.cluster().hosts().part(router);
    scene.waits(15, 30);
    scene.cluster().hosts().heal(router);
  }

  private static void lost(Scene scene) throws Exception {
    List<String> all = scene.cluster().names();
    String node = all.get(scene.random().nextInt(all.size()));
    scene.cluster().hosts().cut(node);
    scene.cluster().kill(node);
    scene.waits(10, 20);
    scene.cluster().hosts().heal(node);
    scene.cluster().start(node);
  }

  private static void oneCassandra(Scene scene) throws Exception {
    scene.cluster().database().kill(scene.random().nextInt(scene.cluster().database().nodes()));
    scene.waits(10, 20);
    scene.cluster().database().start();
  }

  private static void allCassandra(Scene scene) throws Exception {
    scene.cluster().database().killAll();
    scene.waits(10, 30);
    scene.cluster().database().start();
  }

  private static void rolling(Scene scene) throws Exception {
    rolled(scene, scene.cluster()::start);
  }

  /** To the next release, and back to this one: most of the time both are at work. */
  private static void upgraded(Scene scene) throws Exception {
    rolled(scene, scene.cluster()::startNextRelease);
    rolled(scene, scene.cluster()::start);
  }

  private static void rolled(Scene scene, Starter start) throws Exception {
    List<String> all = new ArrayList<>(scene.cluster().names());
    Collections.shuffle(all, scene.random());
    for (String node : all) {
      scene.cluster().terminate(node);
      start.start(node);
      scene.becomesWhole();
    }
  }

  private static void everything(Scene scene) throws Exception {
    scene.cluster().killAll();
    scene.waits(1, 3);
    scene.cluster().start();
  }
}

package io.rookery.standalone.fault;

import java.util.List;

/** Where the nodes of a cluster run, and what can be done to the network between them. */
interface Hosts extends AutoCloseable {

  /** Makes a host for a node; gives its address. */
  String add(String node);

  /** Put in front of the command line of the node's process. */
  List<String> launcher(String node);

  /** Where every host reaches the process that runs the harness. */
  String harness();

  /** Whether the network can be cut. */
  boolean canCut();

  /** From now on nothing gets to the node or from it, and nobody is told. */
  void cut(String node);

  /** Nothing gets from the node to other nodes, but Cassandra is still there. */
  void part(String node);

  /** Undoes {@link #cut} and {@link #part}. */
  void heal(String node);

  @Override
  void close();

  /** All on 127.0.0.1. */
  static Hosts loopback() {
    return new Hosts() {
      @Override
      public String add(String node) {
        return "127.0.0.1";
      }

      @Override
      public List<String> launcher(String node) {
        return List.of();
      }

      @Override
      public String harness() {
        return "127.0.0.1";
      }

      @Override
      public boolean canCut() {
        return false;
      }

      @Override
      public void cut(String node) {
        throw new UnsupportedOperationException("loopback cannot be cut");
      }

      @Override
      public void part(String node) {
        throw new UnsupportedOperationException("loopback cannot be cut");
      }

      @Override
      public void heal(String node) {
        // It is never cut.
      }

      @Override
      public void close() {
        // There is nothing to take away.
      }
    };
  }
}

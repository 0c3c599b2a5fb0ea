package io.rookery.cluster;

import java.util.List;
import java.util.function.Consumer;

/** Which nodes are there. Safe to use from every thread. */
public interface Membership {

  /** A node of the cluster; {@code loops} is the number of its event loops. */
  record Node(String id, String name, boolean router, boolean connector, int loops) {}

  Node self();

  /** All nodes, this one included. */
  List<Node> nodes();

  /** Calls the listener, on some thread, with each node that leaves or dies from now on. */
  void onLeave(Consumer<Node> listener);

  /** Calls the listener, on some thread, whenever owners may have changed. */
  void onOwnersChanged(Runnable listener);
}

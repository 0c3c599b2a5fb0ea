package io.rookery.cluster;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Which nodes are there. Safe to use from every thread. */
public interface Membership {

  /** A node of the cluster; {@code loops} is the number of its event loops. */
  record Node(String id, String name, boolean router, boolean connector, int loops) {}

  Node self();

  /** All nodes, this one included. Who is about to join or leave is not a router there. */
  List<Node> nodes();

  /**
   * Calls the listener, on some thread, with each node that leaves or dies from now on, once what
   * it owned has other owners.
   */
  void onLeave(Consumer<Node> listener);

  /** Calls the listener, on some thread, whenever owners may have changed. */
  void onOwnersChanged(Runnable listener);

  /**
   * Calls the listener, on some thread, when this node begins to leave in order: what it owns moves
   * to others from now on, and it should not take anything new.
   */
  void onLeaving(Runnable listener);

  /**
   * Calls the listener, on some thread, when the others go on without this node, or when they had:
   * it owns nothing any more, and never will again under this id.
   */
  void onFenced(Runnable listener);

  /**
   * Asks whether this router still owns what it did: to be asked before something is tried again
   * that has failed, for others may have taken over meanwhile.
   *
   * @return completes, on some thread, when it does; never when it does not
   */
  CompletionStage<Void> confirmed();
}

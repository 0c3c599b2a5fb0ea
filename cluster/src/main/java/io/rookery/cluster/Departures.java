package io.rookery.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Nodes that Hazelcast does not see any more. Listeners are told once it is settled who owns what
 * they owned: what they had not confirmed is then given to somebody who is there.
 */
final class Departures {
  private final List<Consumer<Membership.Node>> listeners = new CopyOnWriteArrayList<>();
  private final List<Membership.Node> unsettled = new ArrayList<>();

  void listen(Consumer<Membership.Node> listener) {
    listeners.add(listener);
  }

  synchronized void add(Membership.Node node) {
    unsettled.add(node);
  }

  synchronized void settle(Predicate<Membership.Node> settled) {
    for (Iterator<Membership.Node> nodes = unsettled.iterator(); nodes.hasNext(); ) {
      Membership.Node node = nodes.next();
      if (settled.test(node)) {
        nodes.remove();
        listeners.forEach(listener -> listener.accept(node));
      }
    }
  }
}

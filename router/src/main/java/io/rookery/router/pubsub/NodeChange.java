package io.rookery.router.pubsub;

import java.util.Collection;
import java.util.List;

/**
 * What a client has done to a node.
 *
 * @param isOpen everybody may see it, or could while it was there
 * @param published id of an item that has come, null for none
 * @param retracted ids of items that have gone
 * @param isEmptied no item is left, or no node
 */
public record NodeChange(
    String node,
    boolean isOpen,
    String published,
    Collection<String> retracted,
    boolean isEmptied) {

  public NodeChange {
    retracted = List.copyOf(retracted);
  }

  static NodeChange published(Node node, String item) {
    return new NodeChange(node.name(), isOpen(node), item, List.of(), false);
  }

  static NodeChange retracted(Node node, String item) {
    return new NodeChange(node.name(), isOpen(node), null, List.of(item), false);
  }

  static NodeChange emptied(Node node) {
    return new NodeChange(node.name(), isOpen(node), null, List.of(), true);
  }

  private static boolean isOpen(Node node) {
    return node.config().value(ConfigField.ACCESS_MODEL).equals("open");
  }
}

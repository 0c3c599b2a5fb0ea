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
 * @param isClosed not everybody may see it any more
 */
public record NodeChange(
    String node,
    boolean isOpen,
    String published,
    Collection<String> retracted,
    boolean isEmptied,
    boolean isClosed) {

  public NodeChange {
    retracted = List.copyOf(retracted);
  }

  /** Something that was there is not any more. */
  public boolean removes() {
    return isEmptied || !retracted.isEmpty();
  }

  static NodeChange published(Node node, String item) {
    return new NodeChange(node.name(), isOpen(node), item, List.of(), false, false);
  }

  static NodeChange retracted(Node node, String item) {
    return new NodeChange(node.name(), isOpen(node), null, List.of(item), false, false);
  }

  static NodeChange emptied(Node node) {
    return new NodeChange(node.name(), isOpen(node), null, List.of(), true, false);
  }

  /** Its configuration has changed. */
  static NodeChange configured(Node before, Node after) {
    boolean closed = isOpen(before) && !isOpen(after);
    return new NodeChange(after.name(), isOpen(after), null, List.of(), false, closed);
  }

  private static boolean isOpen(Node node) {
    return node.config().value(ConfigField.ACCESS_MODEL).equals("open");
  }
}

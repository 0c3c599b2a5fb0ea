package io.rookery.standalone.portable;

import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.pubsub.PortableNodes;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.pubsub.StoredNode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of one account (XEP-0227, section 4.10). Configurations and items can come in any
 * order; of the items of a node, the last ones that fit are kept in memory until another node's
 * come.
 */
final class IncomingNodes {
  private static final byte[] NO_PAYLOAD = {};

  /** Items of a node that comes several times; those of more are not written. */
  private static final int MAX_WRITTEN = 5_000;

  private final Jid account;
  private final PortableNodes portable;
  private final PersonalNodes store;
  private final Map<String, Incoming> nodes = new LinkedHashMap<>();
  private final Map<String, StoredItem> items = new LinkedHashMap<>();
  private String itemsOf;
  private long itemBytes;

  IncomingNodes(Jid account, PortableNodes portable, PersonalNodes store) {
    this.account = account;
    this.portable = portable;
    this.store = store;
  }

  /** One node. */
  private static final class Incoming {
    private Element configure;
    private Element affiliations;
    private long position;

    /** Ids in the order of their publication. */
    private final Set<String> written = new LinkedHashSet<>();
  }

  /** Nothing when it was taken, otherwise why not. */
  String configuration(Element element) {
    Incoming node = node(element.attribute("node"));
    if (node == null) {
      return "a node without a name, or one too many";
    }
    if (element.is(Names.PUBSUB_OWNER, "configure")) {
      node.configure = element;
      return null;
    }
    if (element.is(Names.PUBSUB_OWNER, "affiliations")) {
      node.affiliations = element;
      return null;
    }
    return "<" + element.name() + "/> of a node";
  }

  private Incoming node(String name) {
    if (!PortableNodes.isName(name)
        || !nodes.containsKey(name) && nodes.size() >= portable.limits().nodes()) {
      return null;
    }
    return nodes.computeIfAbsent(name, n -> new Incoming());
  }

  /** Nothing when it was taken, otherwise why not. */
  String item(String name, Element item, Destination destination)
      throws TransferException, InterruptedException {
    Incoming node = node(name);
    if (node == null) {
      return "a node without a name, or one too many";
    }
    if (!name.equals(itemsOf)) {
      flush(destination);
      itemsOf = name;
    }
    String id = item.attribute("id");
    List<Element> payload = item.children();
    byte[] bytes = payload.isEmpty() ? NO_PAYLOAD : payload.get(0).toBytes();
    if (!item.is(Names.PUBSUB, "item")
        || !PortableNodes.isName(id)
        || payload.size() > 1
        || bytes.length > portable.limits().itemBytes()) {
      return "an item of " + name + " that is too large, or has no id or two payloads";
    }
    StoredItem replaced = items.remove(id);
    itemBytes += bytes.length - (replaced == null ? 0 : replaced.payload().length);
    items.put(id, new StoredItem(id, ++node.position, publisher(item), bytes));
    return dropped() ? "old items of " + name + ", which has too many" : null;
  }

  private boolean dropped() {
    boolean any = false;
    while (items.size() > portable.limits().items() || itemBytes > portable.limits().nodeBytes()) {
      itemBytes -= items.remove(items.keySet().iterator().next()).payload().length;
      any = true;
    }
    return any;
  }

  private Jid publisher(Element item) {
    String publisher = item.attribute("publisher");
    try {
      return publisher == null ? account : Jid.parse(publisher).bare();
    } catch (InvalidJidException e) {
      return account;
    }
  }

  private void flush(Destination destination) throws TransferException, InterruptedException {
    String name = itemsOf;
    for (StoredItem item : items.values()) {
      Set<String> written = nodes.get(name).written;
      if (written.size() < MAX_WRITTEN) {
        written.remove(item.id());
        written.add(item.id());
        destination.write(
            item.payload().length, () -> store.publish(account, name, item, List.of()));
      }
    }
    items.clear();
    itemBytes = 0;
  }

  /** Writes what is left. */
  void end(Destination destination) throws TransferException, InterruptedException {
    flush(destination);
    for (Map.Entry<String, Incoming> one : nodes.entrySet()) {
      StoredNode node = node(one.getKey(), one.getValue());
      destination.write(0, () -> store.putNode(account, node));
    }
  }

  private StoredNode node(String name, Incoming node) {
    return portable.node(name, node.configure, node.affiliations, account);
  }

  /** When all is written: removes what the configurations do not allow. */
  Future<Void> trim() {
    Future<Void> trimmed = Future.succeededFuture();
    for (Map.Entry<String, Incoming> one : nodes.entrySet()) {
      Collection<String> written = one.getValue().written;
      int max = portable.maxItems(node(one.getKey(), one.getValue()));
      if (written.size() > max) {
        List<String> tooOld = new ArrayList<>(written).subList(0, written.size() - max);
        trimmed = trimmed.compose(v -> store.retract(account, one.getKey(), tooOld));
      }
    }
    return trimmed;
  }
}

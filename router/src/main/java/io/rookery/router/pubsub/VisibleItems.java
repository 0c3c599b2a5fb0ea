package io.rookery.router.pubsub;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.xml.Element;
import io.rookery.router.extension.Relations;
import io.rookery.storage.pubsub.PersonalNodes;
import io.vertx.core.Future;
import java.util.List;

/**
 * What one user may see at the nodes of another, read by the server in his place: he learns nothing
 * that a request of his would not have told him.
 */
public final class VisibleItems {
  private final PersonalNodes store;
  private final Acquaintance acquaintance;

  /**
   * @param store {@link KnownNodes} only for accounts of which this loop is the owner
   */
  public VisibleItems(PersonalNodes store, Acquaintance acquaintance) {
    this.store = store;
    this.acquaintance = acquaintance;
  }

  /** As {@link #payload(Relations, String, String, Jid)}, of an account that is not loaded. */
  public Future<Element> payload(Jid owner, String node, String id, Jid reader) {
    return acquaintance
        .of(List.of(owner), reader)
        .compose(known -> payload(known.get(owner), node, id, reader));
  }

  /**
   * The payload of an item.
   *
   * @param reader bare address
   * @return null when there is none that the reader may see
   */
  public Future<Element> payload(Relations owner, String node, String id, Jid reader) {
    return store
        .nodes(owner.jid())
        .compose(
            all -> {
              boolean visible =
                  all.stream()
                      .filter(stored -> stored.name().equals(node))
                      .anyMatch(stored -> Access.allows(owner, Node.of(stored), reader));
              return visible && !owner.isBlocked(reader)
                  ? store.items(owner.jid(), node, List.of(id)).map(ServerPublications::payload)
                  : Future.succeededFuture();
            });
  }
}

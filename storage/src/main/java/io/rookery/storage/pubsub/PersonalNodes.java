package io.rookery.storage.pubsub;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The nodes of accounts and the items published to them (XEP-0163). Only the owner of the account
 * writes, one change after the other. The writer keeps nodes and items few enough to be read as a
 * whole.
 */
public interface PersonalNodes {

  /** All nodes of an account, without their items. */
  Future<List<StoredNode>> nodes(Jid owner);

  /** The same of several accounts, in a few requests: of those that have nodes. */
  Future<Map<Jid, List<StoredNode>>> nodes(Collection<Jid> owners);

  /** Writes a new node, or a node's new configuration and affiliations. */
  Future<Void> putNode(Jid owner, StoredNode node);

  /** Removes a node with its items. */
  Future<Void> deleteNode(Jid owner, String node);

  /** What there is at a node, in the order of publication. */
  Future<List<ItemEntry>> index(Jid owner, String node);

  /** All items of a node, in the order of publication. */
  Future<List<StoredItem>> items(Jid owner, String node);

  /**
   * All items of the nodes of that name of several accounts, in a few requests. For nodes that have
   * an item or two.
   */
  Future<Map<Jid, List<StoredItem>>> items(Collection<Jid> owners, String node);

  /** Those of the items that exist, in the order of publication. */
  Future<List<StoredItem>> items(Jid owner, String node, Collection<String> ids);

  /**
   * Writes an item, in the place of one with the same id.
   *
   * @param instead ids of items that go as it comes: all of this becomes visible together
   */
  Future<Void> publish(Jid owner, String node, StoredItem item, Collection<String> instead);

  /** Removes items. */
  Future<Void> retract(Jid owner, String node, Collection<String> ids);

  /** Removes all items of a node. */
  Future<Void> purge(Jid owner, String node);

  /** Removes everything of the user (account removal). */
  Future<Void> delete(Jid owner);
}

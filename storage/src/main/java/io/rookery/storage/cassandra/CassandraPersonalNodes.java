package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.reflect.GenericType;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.pubsub.ItemEntry;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.pubsub.StoredNode;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One partition for the nodes of an account, one for the items of each node. */
record CassandraPersonalNodes(
    Requests requests,
    Query nodes,
    Query nodesOfMany,
    Query putNode,
    Query deleteNode,
    Query deleteNodes,
    Query index,
    Query all,
    Query allOfMany,
    Query some,
    Query publish,
    Query retract,
    Query purge)
    implements PersonalNodes {
  private static final GenericType<Map<String, List<String>>> CONFIG =
      GenericType.mapOf(GenericType.STRING, GenericType.listOf(GenericType.STRING));
  private static final String OF_NODE = " FROM %s.personal_items WHERE owner = ? AND node = ?";

  static Future<PersonalNodes> prepare(Requests requests) {
    Future<Query> nodes =
        requests.prepareRead(
            "nodes_load",
            "SELECT node, config, affiliations, subscriptions FROM %s.personal_nodes"
                + " WHERE owner = ?");
    Future<Query> nodesOfMany =
        requests.prepareRead(
            "nodes_load_many",
            "SELECT owner, node, config, affiliations, subscriptions FROM %s.personal_nodes"
                + " WHERE owner IN ?");
    Future<Query> putNode =
        requests.prepareWrite(
            "node_put",
            "INSERT INTO %s.personal_nodes (owner, node, config, affiliations, subscriptions)"
                + " VALUES (?, ?, ?, ?, ?)");
    Future<Query> deleteNode =
        requests.prepareWrite(
            "node_delete", "DELETE FROM %s.personal_nodes WHERE owner = ? AND node = ?");
    Future<Query> deleteNodes =
        requests.prepareWrite("nodes_delete", "DELETE FROM %s.personal_nodes WHERE owner = ?");
    Future<Query> index =
        requests.prepareRead("items_index", "SELECT id, position, publisher, bytes" + OF_NODE);
    String items = "SELECT id, position, publisher, payload" + OF_NODE;
    Future<Query> all = requests.prepareRead("items_load", items);
    Future<Query> allOfMany =
        requests.prepareRead(
            "items_load_many",
            "SELECT owner, id, position, publisher, payload FROM %s.personal_items"
                + " WHERE owner IN ? AND node = ?");
    Future<Query> some = requests.prepareRead("items_find", items + " AND id IN ?");
    Future<Query> publish =
        requests.prepareWrite(
            "item_publish",
            "INSERT INTO %s.personal_items (owner, node, id, position, publisher, bytes, payload)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)");
    Future<Query> retract =
        requests.prepareWrite("items_retract", "DELETE" + OF_NODE + " AND id IN ?");
    Future<Query> purge = requests.prepareWrite("items_purge", "DELETE" + OF_NODE);
    return Future.all(
            List.of(
                nodes,
                nodesOfMany,
                putNode,
                deleteNode,
                deleteNodes,
                index,
                all,
                allOfMany,
                some,
                publish,
                retract,
                purge))
        .map(
            ready ->
                new CassandraPersonalNodes(
                    requests,
                    nodes.result(),
                    nodesOfMany.result(),
                    putNode.result(),
                    deleteNode.result(),
                    deleteNodes.result(),
                    index.result(),
                    all.result(),
                    allOfMany.result(),
                    some.result(),
                    publish.result(),
                    retract.result(),
                    purge.result()));
  }

  @Override
  public Future<List<StoredNode>> nodes(Jid owner) {
    return nodes.all(CassandraPersonalNodes::node, owner.toString());
  }

  @Override
  public Future<Map<Jid, List<StoredNode>>> nodes(Collection<Jid> owners) {
    return ManyOwners.read(nodesOfMany, CassandraPersonalNodes::node, owners);
  }

  private static StoredNode node(Row row) {
    return new StoredNode(
        row.getString("node"),
        row.get("config", CONFIG),
        byAddress(row, "affiliations"),
        byAddress(row, "subscriptions"));
  }

  /** Empty for nothing stored. */
  private static Map<Jid, String> byAddress(Row row, String column) {
    Map<Jid, String> all = new HashMap<>();
    row.getMap(column, String.class, String.class)
        .forEach((jid, value) -> all.put(Jid.parse(jid), value));
    return all;
  }

  private static Map<String, String> byText(Map<Jid, String> all) {
    Map<String, String> texts = new HashMap<>();
    all.forEach((jid, value) -> texts.put(jid.toString(), value));
    return texts;
  }

  @Override
  public Future<Void> putNode(Jid owner, StoredNode node) {
    return putNode.write(
        owner.toString(),
        node.name(),
        node.config(),
        byText(node.affiliations()),
        byText(node.subscriptions()));
  }

  /** The items first: should it break off, there still is a node to delete them with. */
  @Override
  public Future<Void> deleteNode(Jid owner, String node) {
    return purge(owner, node).compose(v -> deleteNode.write(owner.toString(), node));
  }

  @Override
  public Future<List<ItemEntry>> index(Jid owner, String node) {
    return index
        .all(
            row ->
                new ItemEntry(
                    row.getString("id"),
                    row.getLong("position"),
                    Jid.parse(row.getString("publisher")),
                    row.getInt("bytes")),
            owner.toString(),
            node)
        .map(
            entries -> {
              entries.sort(Comparator.comparingLong(ItemEntry::position));
              return entries;
            });
  }

  @Override
  public Future<List<StoredItem>> items(Jid owner, String node) {
    return sorted(all.all(CassandraPersonalNodes::item, owner.toString(), node));
  }

  @Override
  public Future<Map<Jid, List<StoredItem>>> items(Collection<Jid> owners, String node) {
    return ManyOwners.read(allOfMany, CassandraPersonalNodes::item, owners, node)
        .map(
            all -> {
              all.values()
                  .forEach(items -> items.sort(Comparator.comparingLong(StoredItem::position)));
              return all;
            });
  }

  @Override
  public Future<List<StoredItem>> items(Jid owner, String node, Collection<String> ids) {
    return sorted(some.all(CassandraPersonalNodes::item, owner.toString(), node, List.copyOf(ids)));
  }

  private static StoredItem item(Row row) {
    return new StoredItem(
        row.getString("id"),
        row.getLong("position"),
        Jid.parse(row.getString("publisher")),
        Bytes.array(row.getByteBuffer("payload")));
  }

  private static Future<List<StoredItem>> sorted(Future<List<StoredItem>> items) {
    return items.map(
        all -> {
          all.sort(Comparator.comparingLong(StoredItem::position));
          return all;
        });
  }

  @Override
  public Future<Void> publish(Jid owner, String node, StoredItem item, Collection<String> instead) {
    Object[] values = {
      owner.toString(),
      node,
      item.id(),
      item.position(),
      item.publisher().toString(),
      item.payload().length,
      ByteBuffer.wrap(item.payload())
    };
    return instead.isEmpty()
        ? publish.write(values)
        : requests.executeTogether(
            publish,
            publish.bind(values),
            retract.bind(owner.toString(), node, List.copyOf(instead)));
  }

  @Override
  public Future<Void> retract(Jid owner, String node, Collection<String> ids) {
    return retract.write(owner.toString(), node, List.copyOf(ids));
  }

  @Override
  public Future<Void> purge(Jid owner, String node) {
    return purge.write(owner.toString(), node);
  }

  @Override
  public Future<Void> delete(Jid owner) {
    return nodes(owner)
        .compose(
            all ->
                Future.all(all.stream().map(node -> purge(owner, node.name())).toList())
                    .compose(v -> deleteNodes.write(owner.toString())));
  }
}

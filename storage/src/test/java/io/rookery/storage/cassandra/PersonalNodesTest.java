package io.rookery.storage.cassandra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.blocking.BlockList;
import io.rookery.storage.pubsub.ItemEntry;
import io.rookery.storage.pubsub.PersonalNodes;
import io.rookery.storage.pubsub.StoredItem;
import io.rookery.storage.pubsub.StoredNode;
import io.rookery.storage.roster.RosterItem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PersonalNodesTest {
  @RegisterExtension static final CassandraServer SERVER = new CassandraServer();

  private static final Vertx VERTX = Vertx.vertx();
  private static CassandraStorage storage;

  private final Jid user = Jid.of(UUID.randomUUID().toString(), "example.org", null);
  private final PersonalNodes nodes = storage.personalNodes();

  @BeforeAll
  static void open() throws Exception {
    StorageConfig config = StorageConfig.singleNode(SERVER.contactPoint(), SERVER.freshKeyspace());
    storage = get(CassandraStorage.open(VERTX, config, new SimpleMeterRegistry()));
  }

  @AfterAll
  static void close() throws Exception {
    get(storage.close());
    get(VERTX.close());
  }

  private StoredItem item(String id, long position, String payload) {
    return new StoredItem(id, position, user, payload.getBytes(UTF_8));
  }

  private List<String> texts(Future<List<StoredItem>> items) throws Exception {
    return get(items).stream()
        .map(item -> item.id() + " " + new String(item.payload(), UTF_8))
        .toList();
  }

  @Test
  void aNodeIsKeptAsItWas() throws Exception {
    Jid friend = Jid.parse("romeo@montague.example");
    StoredNode plain = new StoredNode("a", Map.of(), Map.of(), Map.of());
    StoredNode other =
        new StoredNode(
            "b",
            Map.of("f", List.of("1", "2"), "g", List.of()),
            Map.of(friend, "member"),
            Map.of(friend.withResource("orchard"), "pending"));
    get(nodes.putNode(user, plain));
    get(nodes.putNode(user, other));
    assertEquals(Set.of(plain, other), Set.copyOf(get(nodes.nodes(user))));
    StoredNode changed = new StoredNode("b", Map.of(), Map.of(), Map.of());
    get(nodes.putNode(user, changed));
    assertEquals(Set.of(plain, changed), Set.copyOf(get(nodes.nodes(user))));
  }

  @Test
  void itemsComeInTheOrderOfPublication() throws Exception {
    get(nodes.publish(user, "n", item("z", 1, "first"), List.of()));
    get(nodes.publish(user, "n", item("a", 2, ""), List.of()));
    get(nodes.publish(user, "n", item("z", 3, "again"), List.of()));
    assertEquals(List.of("a ", "z again"), texts(nodes.items(user, "n")));
    assertEquals(List.of("z again"), texts(nodes.items(user, "n", List.of("z", "unknown"))));
    assertEquals(
        List.of(new ItemEntry("a", 2, user, 0), new ItemEntry("z", 3, user, 5)),
        get(nodes.index(user, "n")));
  }

  @Test
  void oneItemComesInThePlaceOfOthers() throws Exception {
    for (int i = 1; i <= 4; i++) {
      get(nodes.publish(user, "n", item("i" + i, i, "x"), List.of()));
    }
    get(nodes.publish(user, "n", item("i5", 5, "y"), List.of("i1", "i2")));
    assertEquals(List.of("i3 x", "i4 x", "i5 y"), texts(nodes.items(user, "n")));
    get(nodes.retract(user, "n", List.of("i4")));
    assertEquals(List.of("i3 x", "i5 y"), texts(nodes.items(user, "n")));
    get(nodes.purge(user, "n"));
    assertEquals(List.of(), get(nodes.items(user, "n")));
  }

  @Test
  void ofManyAccountsAtOnceOnlyThoseWithNodesAreThere() throws Exception {
    List<Jid> many = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      many.add(Jid.of(user.local() + "-" + i, "example.org", null));
    }
    Jid first = many.get(3);
    Jid other = many.get(140); // in another request
    StoredNode node = new StoredNode("a", Map.of(), Map.of(user, "member"), Map.of());
    get(nodes.putNode(first, node));
    get(nodes.putNode(other, node));
    get(nodes.publish(other, "a", item("z", 1, "first"), List.of()));
    get(nodes.publish(other, "a", item("b", 2, "second"), List.of()));
    get(nodes.publish(other, "b", item("c", 3, "elsewhere"), List.of()));
    assertEquals(Map.of(first, List.of(node), other, List.of(node)), get(nodes.nodes(many)));
    Map<Jid, List<StoredItem>> items = get(nodes.items(many, "a"));
    assertEquals(Set.of(other), items.keySet());
    assertEquals(List.of("z", "b"), items.get(other).stream().map(StoredItem::id).toList());
    assertEquals(Map.of(), get(nodes.nodes(List.of())));
  }

  @Test
  void whatOneIsToManyAccounts() throws Exception {
    Jid friend = Jid.of("friend-" + user.local(), "example.org", null);
    RosterItem item =
        new RosterItem(
            user, null, RosterItem.Subscription.FROM, false, false, null, false, Set.of("Friends"));
    get(storage.rosters().put(friend, item, 1));
    get(storage.blockLists().save(friend, new BlockList(Set.of(user))));
    List<Jid> many = List.of(friend, user);
    assertEquals(Map.of(friend, item), get(storage.rosters().items(many, user)));
    assertEquals(Map.of(), get(storage.rosters().items(many, friend)));
    assertEquals(Map.of(friend, new BlockList(Set.of(user))), get(storage.blockLists().of(many)));
  }

  @Test
  void nothingIsLeftOfAUserOrANode() throws Exception {
    for (String node : List.of("a", "b", "c")) {
      get(nodes.putNode(user, new StoredNode(node, Map.of(), Map.of(), Map.of())));
      get(nodes.publish(user, node, item("i", 1, "x"), List.of()));
    }
    get(nodes.deleteNode(user, "a"));
    assertEquals(List.of(), get(nodes.items(user, "a")));
    assertEquals(2, get(nodes.nodes(user)).size());
    get(nodes.delete(user));
    assertEquals(List.of(), get(nodes.nodes(user)));
    assertEquals(List.of(), get(nodes.items(user, "b")));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}

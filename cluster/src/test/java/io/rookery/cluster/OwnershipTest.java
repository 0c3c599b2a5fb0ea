package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.LoopAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OwnershipTest {
  private static final int PARTITIONS = 271;
  private static final int USERS = 40_000;
  private static final List<Membership.Node> NODES =
      List.of(node("a", true, 2), node("b", true, 3), node("c", false, 2));
  private static final PartitionTable TABLE =
      PartitionTable.of(
          IntStream.range(0, PARTITIONS).mapToObj(i -> i % 2 == 0 ? "a" : "b").toList(), NODES);

  private static Membership.Node node(String id, boolean router, int loops) {
    return new Membership.Node(id, id, router, !router, loops);
  }

  private static Stream<Jid> users() {
    return IntStream.range(0, USERS).mapToObj(i -> Jid.parse("user" + i + "@capulet.example"));
  }

  /** Everybody within a tenth of an even share. */
  private static void assertEven(
      Function<Jid, LoopAddress> owner, Map<LoopAddress, Double> shares) {
    Map<LoopAddress, Long> users =
        users().collect(Collectors.groupingBy(owner, Collectors.counting()));
    assertEquals(shares.keySet(), users.keySet());
    shares.forEach(
        (loop, share) ->
            assertEquals(share * USERS, users.get(loop), share * USERS / 10, loop.toString()));
  }

  @Test
  void usersSpreadOverTheLoopsOfTheOwners() {
    assertEven(
        TABLE::ownerOf,
        Map.of(
            new LoopAddress("a", 0), 1 / 4d,
            new LoopAddress("a", 1), 1 / 4d,
            new LoopAddress("b", 0), 1 / 6d,
            new LoopAddress("b", 1), 1 / 6d,
            new LoopAddress("b", 2), 1 / 6d));
    SoloNode solo = new SoloNode("solo", 3);
    assertEven(
        solo::ownerOf,
        IntStream.range(0, 3)
            .boxed()
            .collect(Collectors.toMap(i -> new LoopAddress(solo.self().id(), i), i -> 1 / 3d)));
  }

  @Test
  void theResourceDoesNotMatter() {
    users()
        .limit(100)
        .forEach(
            user -> assertEquals(TABLE.ownerOf(user), TABLE.ownerOf(user.withResource("orchard"))));
  }

  @Test
  void thePartitionOfAnAddressIsItsOwners() {
    users()
        .limit(1000)
        .forEach(
            user -> {
              String owner = PartitionTable.partitionOf(user, PARTITIONS) % 2 == 0 ? "a" : "b";
              assertEquals(owner, TABLE.ownerOf(user).node());
            });
  }

  @Test
  void thereIsNoOwnerWithoutARouter() {
    Jid juliet = Jid.parse("juliet@capulet.example");
    assertNull(PartitionTable.EMPTY.ownerOf(juliet));
    assertNull(PartitionTable.of(List.of("gone"), NODES).ownerOf(juliet));
  }

  @Test
  void tablesWithTheSameOwnersAreEqual() {
    assertEquals(PartitionTable.of(List.of("a"), NODES), PartitionTable.of(List.of("a"), NODES));
    assertTrue(
        !PartitionTable.of(List.of("a"), NODES).equals(PartitionTable.of(List.of("b"), NODES)));
  }
}

package io.rookery.router.shard;

import io.rookery.cluster.Membership;
import io.rookery.cluster.Partitions;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.router.login.Owner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Nodes and owners as the test says. */
final class Table implements Membership, Partitions {
  static final LoopAddress OTHER = new LoopAddress("other", 0);
  static final LoopAddress THIRD = new LoopAddress("third", 0);
  static final int JULIETS = Partitions.of(Owner.JULIET);

  final List<Node> nodes = new ArrayList<>();
  private final LoopAddress[] owners = new LoopAddress[Partitions.COUNT];

  Table() {
    nodes.add(self());
    Arrays.fill(owners, OTHER);
  }

  static Node router(String id) {
    return new Node(id, id, true, false, 1);
  }

  void owner(LoopAddress owner) {
    owners[JULIETS] = owner;
  }

  @Override
  public LoopAddress ownerOf(int partition) {
    return owners[partition];
  }

  @Override
  public Node self() {
    return router(Owner.SELF.node());
  }

  @Override
  public List<Node> nodes() {
    return nodes;
  }

  @Override
  public void onLeave(Consumer<Node> listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onOwnersChanged(Runnable listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onLeaving(Runnable listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onFenced(Runnable listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> confirmed() {
    return CompletableFuture.completedFuture(null);
  }
}

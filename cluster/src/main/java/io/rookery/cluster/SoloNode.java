package io.rookery.cluster;

import io.rookery.protocol.wire.LoopAddress;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A cluster of one: this process has both roles and owns everything. */
public final class SoloNode implements Membership, Partitions {
  private final Node self;
  private final LoopAddress[] loops;

  public SoloNode(String name, int loopCount) {
    self = new Node(UUID.randomUUID().toString(), name, true, true, loopCount);
    loops = new LoopAddress[loopCount];
    for (int i = 0; i < loopCount; i++) {
      loops[i] = new LoopAddress(self.id(), i);
    }
  }

  @Override
  public Node self() {
    return self;
  }

  @Override
  public List<Node> nodes() {
    return List.of(self);
  }

  @Override
  public void onLeave(Consumer<Node> listener) {
    // nobody else is here to leave
  }

  @Override
  public void onOwnersChanged(Runnable listener) {
    // the owner never changes
  }

  @Override
  public void onLeaving(Runnable listener) {
    // there is nobody to leave it to
  }

  @Override
  public void onFenced(Runnable listener) {
    // there are no others
  }

  @Override
  public LoopAddress ownerOf(int partition) {
    return loops[PartitionTable.loopOf(partition, loops.length)];
  }

  @Override
  public CompletionStage<Void> confirmed() {
    return CompletableFuture.completedFuture(null);
  }
}

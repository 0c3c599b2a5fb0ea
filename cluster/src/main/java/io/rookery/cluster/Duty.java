package io.rookery.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a router takes and gives back its share of the partitions. Blocking. */
final class Duty {
  private static final Logger LOG = LoggerFactory.getLogger(Duty.class);
  private static final long AGAIN_MILLIS = 100;

  private Duty() {}

  static void take(HazelcastInstance hazelcast) throws InterruptedException {
    while (hazelcast.getCluster().getLocalMember().isLiteMember()) {
      try {
        hazelcast.getCluster().promoteLocalLiteMember();
      } catch (IllegalStateException e) {
        LOG.warn("the cluster cannot give this node partitions yet: {}", e.getMessage());
        Thread.sleep(AGAIN_MILLIS);
      }
    }
  }

  /** Gives all partitions away; the last router keeps them. */
  static void resign(
      HazelcastInstance hazelcast, String self, Supplier<PartitionTable> table, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    if (hazelcast.getCluster().getLocalMember().isLiteMember() || !others(hazelcast)) {
      return;
    }
    await(CompletableFuture.runAsync(hazelcast.getCluster()::demoteLocalDataMember), limit);
    while (table.get().names(self) && System.nanoTime() - deadline < 0) {
      Thread.sleep(AGAIN_MILLIS); // until it is also published
    }
    LOG.info("this router {}", table.get().names(self) ? "still owns accounts" : "owns nothing");
  }

  private static boolean others(HazelcastInstance hazelcast) {
    return hazelcast.getCluster().getMembers().stream()
        .anyMatch(member -> !member.isLiteMember() && !member.localMember());
  }

  static void await(CompletableFuture<Void> step, Duration limit) throws InterruptedException {
    try {
      step.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("leaving was not orderly: {}", e.toString());
    }
  }
}

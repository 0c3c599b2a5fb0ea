package io.rookery.standalone.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A second opinion on faults: Smack, reconnecting by itself, notices no more than a pause. */
class SmackFaultsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int INTERVAL_MILLIS = 200;

  @Test
  void twoUsersGoOnTalking() throws Exception {
    try (FaultCluster cluster =
        new FaultCluster(Path.of("target", "smack-faults").toAbsolutePath(), 1, Hosts.loopback())) {
      cluster.start();
      assertTrue(cluster.awaitReady(Duration.ofMinutes(5)));
      try (DroppingProxy balancer = new DroppingProxy(cluster.starttls());
          Correspondent romeo = new Correspondent("romeo", balancer.address());
          Correspondent juliet = new Correspondent("juliet", balancer.address())) {
        assertTrue(romeo.canResume() && juliet.canResume());
        befriend(romeo, juliet);
        talkWhile(romeo, juliet, () -> everythingHappens(cluster, romeo, juliet));
        assertReceivedOnce(romeo, juliet);
        assertReceivedOnce(juliet, romeo);
        assertTrue(romeo.resumptions() > 0 && juliet.resumptions() > 0);
        assertTrue(romeo.canResume() && juliet.canResume());
      }
    }
  }

  private interface Happening {
    void happens() throws Exception;
  }

  private static void befriend(Correspondent one, Correspondent other) throws Exception {
    one.roster().createItemAndRequestSubscription(other.address(), "other", new String[0]);
    other.roster().createItemAndRequestSubscription(one.address(), "one", new String[0]);
    await(() -> one.roster().getPresence(other.address()).isAvailable());
    await(() -> other.roster().getPresence(one.address()).isAvailable());
    one.expectsNobodyToLeave();
    other.expectsNobodyToLeave();
  }

  private static void talkWhile(Correspondent one, Correspondent other, Happening happening)
      throws Exception {
    ScheduledExecutorService talk = Executors.newSingleThreadScheduledExecutor();
    try {
      talk.scheduleAtFixedRate(
          () -> {
            one.sendsNext(other.address());
            other.sendsNext(one.address());
          },
          0,
          INTERVAL_MILLIS,
          TimeUnit.MILLISECONDS);
      happening.happens();
    } finally {
      talk.shutdown();
      assertTrue(talk.awaitTermination(1, TimeUnit.MINUTES));
    }
  }

  private static void everythingHappens(
      FaultCluster cluster, Correspondent one, Correspondent other) throws Exception {
    flow(one, other);
    for (String node : List.of("connector-0", "connector-1", "router-0")) {
      cluster.kill(node);
      flow(one, other);
      cluster.start(node);
      assertTrue(cluster.awaitReady(LIMIT));
      flow(one, other);
    }
    for (String node : cluster.names()) {
      cluster.terminate(node);
      cluster.start(node);
      assertTrue(cluster.awaitReady(LIMIT));
      flow(one, other);
    }
  }

  /** Waits until what is sent from now on arrives, both ways. */
  private static void flow(Correspondent one, Correspondent other) throws InterruptedException {
    int ones = one.sent();
    int others = other.sent();
    await(() -> other.received().contains(Integer.toString(ones)));
    await(() -> one.received().contains(Integer.toString(others)));
  }

  private static void assertReceivedOnce(Correspondent sender, Correspondent recipient)
      throws InterruptedException {
    String last = Integer.toString(sender.sent() - 1);
    await(() -> recipient.received().contains(last));
    assertEquals(
        IntStream.range(0, sender.sent()).mapToObj(Integer::toString).toList(),
        recipient.received());
    assertEquals(List.of(), recipient.surprises());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not within " + LIMIT);
      Thread.sleep(100);
    }
  }
}

package io.rookery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Routers with one arbiter, a network that can split, and a clock of the test. */
class AgreementTest {
  private static final Duration FAILURE_TIMEOUT = Duration.ofSeconds(5);
  private static final long STEP = 10;
  private static final long TICK = 250;

  private final MemoryArbiter arbiter = new MemoryArbiter();
  private final Map<String, Router> routers = new LinkedHashMap<>();
  private long now;

  private final class Router {
    private final String id;
    private final long offset = routers.size() * 40L;
    private final Agreement agreement;
    private Set<String> reachable = new TreeSet<>();
    private boolean alive = true;
    private boolean hung;
    private String fenced;

    private Router(String id) {
      this.id = id;
      agreement =
          new Agreement(
              id,
              arbiter,
              FAILURE_TIMEOUT,
              () -> Set.copyOf(reachable),
              () -> now * 1_000_000,
              Runnable::run,
              reason -> fenced = reason);
    }

    /** Whether it acts for the accounts it would own as one of those it sees. */
    private boolean acts() {
      return alive
          && !hung
          && agreement.mayAct()
          && agreement.names(id)
          && agreement.covers(reachable);
    }
  }

  private Router start(String id) {
    Router router = new Router(id);
    routers.put(id, router);
    router.agreement.join();
    return router;
  }

  /** Who is in a group sees exactly the others of it. */
  private void network(List<Set<String>> groups) {
    groups.forEach(group -> group.forEach(id -> routers.get(id).reachable = group));
  }

  private void run(long millis) {
    for (long end = now + millis; now < end; now += STEP) {
      for (Router router : routers.values()) {
        if (router.alive && !router.hung && (now + router.offset) % TICK == 0) {
          router.agreement.tick();
        }
      }
      assertNoTwoTruths();
    }
  }

  /** Two that act see each other: what one owns the other does not. */
  private void assertNoTwoTruths() {
    for (Router a : routers.values()) {
      for (Router b : routers.values()) {
        assertTrue(
            !a.acts() || !b.acts() || a.reachable.equals(b.reachable),
            () -> a.id + " and " + b.id + " at " + now);
      }
    }
  }

  private List<Router> cluster(String... ids) {
    for (String id : ids) {
      start(id);
    }
    network(List.of(Set.of(ids)));
    run(3000);
    assertEquals(Set.of(ids), arbiter.view().members());
    assertTrue(routers.values().stream().allMatch(Router::acts));
    return List.copyOf(routers.values());
  }

  private void kill(Router router) {
    router.alive = false;
    Set<String> rest = new TreeSet<>(router.reachable);
    rest.remove(router.id);
    network(List.of(rest));
  }

  @Test
  void aMajorityGoesOnAtOnce() {
    List<Router> all = cluster("a", "b", "c");
    kill(all.get(0));
    assertFalse(all.get(1).acts(), "the loss is undecided");
    run(1500);
    assertTrue(all.get(1).acts() && all.get(2).acts());
    assertEquals(Set.of("b", "c"), arbiter.view().members());
  }

  @Test
  void theLastOfTwoGoesOnAfterAPause() {
    List<Router> all = cluster("a", "b");
    kill(all.get(0));
    run(1400);
    assertEquals(Set.of("a", "b"), arbiter.view().members());
    run(1200);
    assertTrue(all.get(1).acts());
  }

  @Test
  void theSmallerSideOfASplitIsFenced() {
    List<Router> all = cluster("a", "b", "c");
    network(List.of(Set.of("a"), Set.of("b", "c")));
    run(2000);
    assertTrue(all.get(0).fenced != null && !all.get(0).acts());
    assertTrue(all.get(1).acts() && all.get(2).acts());
    run(20_000);
    assertTrue(all.get(1).acts() && all.get(2).acts());
  }

  /** It still sees the others, for example because of a longer time-out. */
  @Test
  void whoNoticesASplitLateStopsBeforeTheOthersGoOn() {
    List<Router> all = cluster("a", "b", "c");
    all.get(1).reachable = Set.of("b", "c");
    all.get(2).reachable = Set.of("b", "c");
    run(5000);
    assertTrue(all.get(0).fenced != null);
    assertTrue(all.get(1).acts() && all.get(2).acts());
  }

  @Test
  void oneOfTwoEqualSidesWins() {
    List<Router> all = cluster("a", "b", "c", "d");
    network(List.of(Set.of("a", "c"), Set.of("b", "d")));
    run(8000);
    assertEquals(2, all.stream().filter(Router::acts).count());
    assertEquals(2, all.stream().filter(router -> router.fenced != null).count());
  }

  @Test
  void withoutTheArbiterOwnersStayAsTheyAre() {
    List<Router> all = cluster("a", "b", "c");
    arbiter.down(true);
    run(20_000);
    assertTrue(all.stream().allMatch(Router::acts));
    kill(all.get(0));
    run(20_000);
    assertFalse(all.get(1).acts(), "nobody takes over");
    assertTrue(all.get(1).agreement.names("a"));
    arbiter.down(false);
    run(1500);
    assertTrue(all.get(1).acts() && all.get(2).acts());
  }

  @Test
  void whoHungOwnsNothingUntilItKnowsThatItWasNotReplaced() {
    List<Router> all = cluster("a", "b");
    Router hung = all.get(0);
    hung.hung = true;
    run(6000);
    hung.hung = false;
    arbiter.down(true);
    assertFalse(hung.acts(), "at once, before its own next check");
    run(3000);
    assertFalse(hung.acts());
    arbiter.down(false);
    run(500);
    assertTrue(hung.acts());
    assertEquals(null, hung.fenced);
  }

  @Test
  void whoHungAndWasReplacedIsFenced() {
    List<Router> all = cluster("a", "b");
    Router hung = all.get(0);
    hung.hung = true;
    all.get(1).reachable = Set.of("b");
    run(60_000);
    assertTrue(all.get(1).acts());
    hung.hung = false;
    assertFalse(hung.acts());
    run(500);
    assertTrue(hung.fenced != null && !hung.acts());
  }

  @Test
  void whoLeavesInOrderIsNotWaitedFor() {
    List<Router> all = cluster("a", "b");
    assertFalse(all.get(0).agreement.leave().isDone());
    run(500);
    assertTrue(all.get(0).agreement.leave().isDone());
    assertEquals(null, all.get(0).fenced);
    kill(all.get(0));
    run(700);
    assertTrue(all.get(1).acts());
  }

  @Test
  void aDeadClusterIsTakenOverButNotALivingOneThatIsOutOfReach() {
    List<Router> all = cluster("a", "b");
    Router late = start("c");
    network(List.of(Set.of("c"), Set.of("a", "b")));
    run(60_000);
    assertFalse(late.acts());
    assertTrue(all.get(0).acts() && all.get(1).acts());
    all.forEach(router -> router.alive = false);
    run(5000);
    assertFalse(late.acts());
    run(3000);
    assertTrue(late.acts());
  }

  @Test
  void anOutageOfTheArbiterDoesNotMakeTheLivingLookDead() {
    List<Router> all = cluster("a", "b");
    Router late = start("c");
    network(List.of(Set.of("c"), Set.of("a", "b")));
    run(3000);
    arbiter.down(true);
    run(60_000);
    arbiter.down(false);
    run(3000);
    assertFalse(late.acts());
    assertTrue(all.get(0).acts() && all.get(1).acts());
  }
}

package io.rookery.router.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final Deque<Promise<String>> running = new ArrayDeque<>();
  private long now = 1000;
  private final Admission admission = new Admission(() -> now, 0, new SimpleMeterRegistry());

  private Future<String> login() {
    return admission.admit(
        () -> {
          Promise<String> work = Promise.promise();
          running.add(work);
          return work.future();
        });
  }

  private List<Future<String>> logins(int count) {
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(login());
    }
    return all;
  }

  private void answer(long after) {
    now += after;
    running.poll().complete("found");
  }

  @Test
  void othersWaitForTheirTurn() {
    List<Future<String>> all = logins(40);
    assertEquals(32, running.size());
    answer(1);
    assertTrue(all.get(0).succeeded());
    assertEquals(32, running.size(), "the next one took its place");
    while (!running.isEmpty()) {
      answer(1);
    }
    assertTrue(all.stream().allMatch(Future::succeeded));
  }

  @Test
  void aSlowStoreIsAskedLess() {
    logins(500);
    for (int i = 0; i < 30; i++) {
      answer(200);
      admission.check();
    }
    assertTrue(running.size() <= 4, () -> running.size() + " at a time");
  }

  @Test
  void whoWaitsTooLongIsRefused() {
    List<Future<String>> all = logins(33);
    now += 9000;
    admission.check();
    assertInstanceOf(Admission.OverloadedException.class, all.get(32).cause());
  }

  @Test
  void onlySoManyWait() {
    List<Future<String>> all = logins(2033);
    assertTrue(all.get(2032).failed());
    assertTrue(!all.get(2031).isComplete());
  }
}

package io.rookery.cluster;

import io.rookery.cluster.Arbiter.View;
import io.rookery.cluster.ViewRules.Phase;
import io.rookery.cluster.ViewRules.Situation;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A router's part in agreeing on the view: reads it, follows {@link ViewRules}, and knows whether
 * this router may act for the accounts it owns. Lives on one thread; what is public to other
 * threads says so.
 */
final class Agreement {
  private static final Logger LOG = LoggerFactory.getLogger(Agreement.class);
  private static final Duration POLL = Duration.ofMillis(400);
  private static final Duration HURRY = Duration.ofMillis(200);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  /**
   * Longer than two readings are apart: who was taken out knows it before others act in its place.
   */
  private static final Duration SETTLE = Duration.ofMillis(700);

  /** What other threads may see. */
  private record Agreed(View view, long from) {}

  private final String self;
  private final Arbiter arbiter;
  private final long failureNanos;
  private final Supplier<Set<String>> present;
  private final LongSupplier nanoTime;
  private final Executor thread;
  private final Consumer<String> fence;
  private final CompletableFuture<Void> joined = new CompletableFuture<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();

  private volatile Agreed agreed;
  private volatile boolean suspended;
  private volatile long checkedAt;
  private Phase phase;
  private boolean asking;
  private long askedAt;
  private long suspendedAt;
  private boolean answered = true;
  private boolean waiting;
  private long unchangedSince;
  private Set<String> missing = Set.of();
  private long missingSince;
  private final List<Unconfirmed> unconfirmed = new ArrayList<>();

  private record Unconfirmed(CompletableFuture<Void> answer, long since) {}

  /**
   * @param failureTimeout a node that stood still for so long may have been replaced
   * @param present see {@link Situation#present}
   * @param thread runs everything one after the other
   * @param fence called with the reason when the view turned out not to contain this router
   */
  Agreement(
      String self,
      Arbiter arbiter,
      Duration failureTimeout,
      Supplier<Set<String>> present,
      LongSupplier nanoTime,
      Executor thread,
      Consumer<String> fence) {
    this.self = self;
    this.arbiter = arbiter;
    this.failureNanos = failureTimeout.toNanos();
    this.present = present;
    this.nanoTime = nanoTime;
    this.thread = thread;
    this.fence = fence;
    this.phase = Phase.LEFT;
    this.checkedAt = nanoTime.getAsLong();
    this.askedAt = checkedAt - ANSWER_WITHIN.toNanos();
    this.agreed = new Agreed(View.NONE, checkedAt);
  }

  /** Completes when the view contains this router. Any thread. */
  CompletableFuture<Void> join() {
    thread.execute(() -> phase = phase == Phase.LEFT && !joined.isDone() ? Phase.JOINING : phase);
    return joined;
  }

  /** Completes when the view does not contain this router any more. Any thread. */
  CompletableFuture<Void> leave() {
    thread.execute(
        () -> {
          phase = phase == Phase.LEFT ? Phase.LEFT : Phase.LEAVING;
          if (phase == Phase.LEFT) {
            left.complete(null);
          }
        });
    return left;
  }

  /** False while this router may have been replaced without knowing it. Any thread. */
  boolean mayAct() {
    return !suspended && nanoTime.getAsLong() - checkedAt < failureNanos;
  }

  /**
   * Completes once the view has been read after this call and contains this router; never when it
   * does not. Any thread.
   */
  CompletableFuture<Void> confirmed() {
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    long now = nanoTime.getAsLong();
    thread.execute(() -> unconfirmed.add(new Unconfirmed(confirmed, now)));
    return confirmed;
  }

  private void confirm() {
    if (phase == Phase.MEMBER && !suspended) {
      unconfirmed.removeIf(one -> askedAt - one.since >= 0 && one.answer.complete(null));
    }
  }

  /** Whether the view names this node. Any thread. */
  boolean names(String node) {
    return agreed.view.members().contains(node);
  }

  /** Whether these owners may be acted on: the view is decided and names them all. Any thread. */
  boolean covers(Collection<String> owners) {
    Agreed now = agreed;
    return nanoTime.getAsLong() - now.from >= 0
        && now.view.members().containsAll(owners)
        && present.get().containsAll(now.view.members());
  }

  /** To be called a few times a second, and at once when Hazelcast's members have changed. */
  void tick() {
    long now = nanoTime.getAsLong();
    if (now - checkedAt >= failureNanos) {
      LOG.warn(
          "this node stood still for {} ms; it owns nothing until it has read the view",
          TimeUnit.NANOSECONDS.toMillis(now - checkedAt));
      suspended = true;
      suspendedAt = now;
    }
    checkedAt = now;
    notice(now);
    boolean hurry =
        suspended
            || !missing.isEmpty()
            || !unconfirmed.isEmpty()
            || phase == Phase.JOINING
            || phase == Phase.LEAVING;
    if (!asking && now - askedAt >= (hurry ? HURRY : POLL).toNanos()) {
      askedAt = now;
      ask(arbiter::current, this::read);
    }
  }

  private void notice(long now) {
    Set<String> gone = situation(now).missing();
    if (!gone.equals(missing)) {
      missing = gone;
      missingSince = now;
      if (!gone.isEmpty() && phase == Phase.MEMBER) {
        LOG.warn("routers {} vanished", gone);
      }
    }
  }

  private Situation situation(long now) {
    return new Situation(
        self,
        phase,
        agreed.view,
        present.get(),
        Duration.ofNanos(now - missingSince),
        Duration.ofNanos(now - unchangedSince));
  }

  /** One question at a time, answered on the thread; no answer within the time is a failure. */
  private <T> void ask(Supplier<Future<T>> question, Consumer<T> handler) {
    asking = true;
    Future.succeededFuture()
        .compose(v -> question.get())
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .whenCompleteAsync(
            (answer, failure) -> {
              asking = false;
              if (failure == null) {
                handler.accept(answer);
              } else {
                failed(failure);
              }
            },
            thread);
  }

  private void read(Optional<View> current) {
    long now = nanoTime.getAsLong();
    if (!answered) {
      LOG.info("the view can be read again");
      answered = true;
      unchangedSince = now; // who stands behind it could not renew it either
    }
    adopt(current.orElse(View.NONE), now);
    Optional<View> next = ViewRules.next(situation(now));
    if (next.isPresent()) {
      ask(
          () -> arbiter.install(agreed.view.epoch(), next.get()),
          installed -> installed(next.get(), installed));
    } else if (phase == Phase.JOINING && !waiting) {
      waiting = true;
      LOG.warn("routers {} are not to be seen; waiting until they are, or are gone", missing);
    }
  }

  private void installed(View next, boolean installed) {
    if (installed) {
      adopt(next, nanoTime.getAsLong());
    }
  }

  /** What was asked for may have happened or not: the next answer tells. */
  private void failed(Throwable failure) {
    if (answered) {
      LOG.warn("no answer about the view, owners stay as they are: {}", failure.toString());
      answered = false;
    }
  }

  private void adopt(View view, long now) {
    View before = agreed.view;
    if (view.epoch() != before.epoch()) {
      unchangedSince = now;
      long from =
          view.members().containsAll(before.members()) ? agreed.from : now + SETTLE.toNanos();
      agreed = new Agreed(view, from);
      if (!view.members().equals(before.members())) {
        LOG.info("view {}: routers {}", view.epoch(), view.members());
      }
    }
    notice(now);
    place(view);
  }

  private void place(View view) {
    boolean member = view.members().contains(self);
    if (phase == Phase.JOINING && member) {
      phase = Phase.MEMBER;
      joined.complete(null);
    } else if (phase == Phase.LEAVING && !member) {
      phase = Phase.LEFT;
      left.complete(null);
    } else if (phase == Phase.MEMBER && !member) {
      phase = Phase.LEFT;
      suspended = true;
      suspendedAt = Long.MAX_VALUE;
      fence.accept("view " + view.epoch() + " does not contain it");
    }
    if (suspended && askedAt - suspendedAt >= 0 && suspendedAt != Long.MAX_VALUE) {
      LOG.info("nobody replaced this node while it stood still");
      suspended = false;
    }
    confirm();
  }
}

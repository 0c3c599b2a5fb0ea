package io.rookery.cluster;

import io.rookery.cluster.Arbiter.View;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a router does about the agreed view, from what it knows. Routers enter and leave the view by
 * their own doing; those that vanished are taken out by the others, the larger side first.
 */
final class ViewRules {
  /** With the time until it is acted on, a smaller side needs about 2 s per missing router. */
  static final Duration PAUSE_PER_MISSING = Duration.ofMillis(1500);

  /** A view is installed anew that often: so it can be seen that somebody stands behind it. */
  static final Duration RENEWAL = Duration.ofSeconds(2);

  /** Nobody stands behind a view that has not changed for so long. */
  static final Duration ABANDONED = Duration.ofSeconds(6);

  /** Each gives the one before it so much time to do what one of them must do. */
  private static final Duration TURN = Duration.ofMillis(500);

  private ViewRules() {}

  enum Phase {
    /** Wants to be in the view. */
    JOINING,
    MEMBER,
    /** Wants to be out of it; owns nothing any more. */
    LEAVING,
    LEFT
  }

  /**
   * What a router knows at one moment.
   *
   * @param present ids of the routers that it is in one Hazelcast cluster with, its own included
   * @param missingFor since when the same members of the view have not been present
   * @param unchangedFor since when the view has been read without a change
   */
  record Situation(
      String self,
      Phase phase,
      View view,
      Set<String> present,
      Duration missingFor,
      Duration unchangedFor) {

    Set<String> missing() {
      Set<String> missing = new HashSet<>(view.members());
      missing.removeAll(present);
      return missing;
    }

    /** How many that could do the same come before this one. */
    int turn() {
      return (int)
          view.members().stream()
              .filter(id -> present.contains(id) && id.compareTo(self) < 0)
              .count();
    }
  }

  /** The next view if there should be another one now. */
  static Optional<View> next(Situation s) {
    return switch (s.phase) {
      case JOINING -> join(s);
      case MEMBER -> stay(s);
      case LEAVING ->
          Optional.of(s.view.without(Set.of(s.self)))
              .filter(next -> s.view.members().contains(s.self));
      case LEFT -> Optional.empty();
    };
  }

  private static Optional<View> join(Situation s) {
    Set<String> missing = s.missing();
    if (s.view.members().contains(s.self)) {
      return Optional.empty();
    } else if (missing.isEmpty() || missing.size() < s.view.members().size()) {
      return Optional.of(s.view.with(s.self));
    }
    Duration pause = longer(ABANDONED, PAUSE_PER_MISSING.multipliedBy(missing.size()));
    return s.unchangedFor.compareTo(pause) < 0
        ? Optional.empty()
        : Optional.of(s.view.next(Set.of(s.self)));
  }

  private static Optional<View> stay(Situation s) {
    Set<String> missing = s.missing();
    Duration turn = TURN.multipliedBy(s.turn());
    if (!s.view.members().contains(s.self)) {
      return Optional.empty();
    } else if (missing.isEmpty()) {
      return s.unchangedFor.compareTo(RENEWAL.plus(turn)) < 0
          ? Optional.empty()
          : Optional.of(s.view.next(s.view.members()));
    }
    boolean majority = 2 * missing.size() < s.view.members().size();
    Duration pause = majority ? Duration.ZERO : PAUSE_PER_MISSING.multipliedBy(missing.size());
    return s.missingFor.compareTo(pause.plus(turn)) < 0
        ? Optional.empty()
        : Optional.of(s.view.without(missing));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}

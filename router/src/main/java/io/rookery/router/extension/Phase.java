package io.rookery.router.extension;

/** The order of hooks; within a phase it is the order of the composition root. */
public enum Phase {
  /** May refuse. A guard that fails refuses: a broken block list must not let messages through. */
  GUARD,
  /** Adds to the stanza or removes from it. */
  STAMP,
  /** Keeps it, or what it says. */
  ARCHIVE,
  /**
   * Copies messages: sees them as they were delivered, kept or sent, and can neither change nor
   * stop them. Not for those that nobody got, nor for one that is known to be a repetition.
   */
  FANOUT
}

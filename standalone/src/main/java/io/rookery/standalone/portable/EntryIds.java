package io.rookery.standalone.portable;

import java.time.Instant;

/**
 * The ids that messages of one account get in its log. They depend on what the file says only, so
 * that an import that is repeated, or that of a later file of the same server, writes the same
 * entries again.
 *
 * <p>An id has its time in the upper 48 bits. The others are counted in the order of the file, of
 * messages of one time: many servers tell whole seconds. Archived ones have 0 to 0x7fff, those out
 * of order 0x8000 and more, those that wait for delivery and are not archived 0xc000 and more.
 */
final class EntryIds {
  private static final int OUT_OF_ORDER = 0x8000;
  private static final int WAITING = 0xc000;

  private final long latest;
  private long archiveMillis;
  private long lastArchived;
  private long waitingMillis;
  private long lastWaiting;
  private long greatest;

  /**
   * @param now nothing is later than this
   */
  EntryIds(Instant now) {
    this.latest = now.toEpochMilli();
  }

  /**
   * @param given what the archive calls the message, null for nothing
   * @param hash of the message
   */
  long archived(String given, Instant stamp, int hash) {
    long millis = millis(stamp);
    long own = own(given, millis);
    if (own != 0) {
      return seen(own);
    }
    if (millis < archiveMillis) {
      return seen(millis << 16 | OUT_OF_ORDER | hash & 0x3fff);
    }
    archiveMillis = millis;
    lastArchived = Math.max(millis << 16, lastArchived + 1);
    return seen(lastArchived);
  }

  /**
   * @param given as in {@link #archived}
   */
  long waiting(String given, Instant stamp, int hash) {
    long millis = millis(stamp);
    long own = own(given, millis);
    if (own != 0) {
      return seen(own);
    }
    if (millis < waitingMillis) {
      return seen(millis << 16 | WAITING | hash & 0x3fff);
    }
    waitingMillis = millis;
    lastWaiting = Math.max(millis << 16 | WAITING, lastWaiting + 1);
    return seen(lastWaiting);
  }

  /** Greatest of all ids so far, 0 for none. */
  long greatest() {
    return greatest;
  }

  private long seen(long id) {
    greatest = Math.max(greatest, id);
    return id;
  }

  private long millis(Instant stamp) {
    long millis = stamp.isBefore(Instant.EPOCH) ? 1 : stamp.toEpochMilli();
    return Math.max(1, Math.min(latest, millis));
  }

  /** An id that this service gave. */
  private static long own(String given, long millis) {
    if (given == null || !given.matches("[1-9]\\d{0,18}")) {
      return 0;
    }
    try {
      long id = Long.parseLong(given);
      return id >>> 16 == millis ? id : 0;
    } catch (NumberFormatException tooGreat) {
      return 0;
    }
  }
}

package io.rookery.router.directory;

import io.rookery.router.extension.AccountKey;
import java.time.Duration;

/**
 * How often a user may search: some times in a row, and then once in a while, so that nobody copies
 * the directory. Of all sessions together, because he can have as many as he likes.
 */
final class SearchAllowance {
  static final AccountKey<SearchAllowance> KEY = AccountKey.lasting(SearchAllowance::new);

  /** Searches in a row. */
  static final int AT_ONCE = 20;

  /** After that one each. */
  static final Duration EACH = Duration.ofSeconds(30);

  /** When all that has been used is there again, in milliseconds since 1970. */
  private long restored;

  /** Uses one; false when none is left. */
  boolean take(long nowMillis) {
    long each = EACH.toMillis();
    long used = Math.max(0, restored - nowMillis);
    if (used > (AT_ONCE - 1) * each) {
      return false;
    }
    restored = nowMillis + used + each;
    return true;
  }
}

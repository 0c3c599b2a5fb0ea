package io.rookery.router.extension;

import java.util.function.Supplier;

/**
 * Names what an extension keeps with an account in memory: what it has read of its store, for
 * example. It goes when nothing is left to do for the account, or another owner takes it over; it
 * must be possible to make it anew from the store.
 */
public final class AccountKey<T> {
  private final Supplier<T> first;

  /**
   * @param first makes the value when it is asked for the first time
   */
  public AccountKey(Supplier<T> first) {
    this.first = first;
  }

  public T initial() {
    return first.get();
  }
}

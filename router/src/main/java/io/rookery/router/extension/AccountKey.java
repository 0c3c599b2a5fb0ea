package io.rookery.router.extension;

import java.util.function.Supplier;

/**
 * Names what an extension keeps with an account in memory: what it has read of its store, for
 * example. It goes when nothing is left to do for the account, unless it is a {@link #lasting} one,
 * or another owner takes it over; it must be possible to make it anew from the store.
 */
public final class AccountKey<T> {
  private final Supplier<T> first;
  private final boolean lasting;

  /**
   * @param first makes the value when it is asked for the first time
   */
  public AccountKey(Supplier<T> first) {
    this(first, false);
  }

  private AccountKey(Supplier<T> first, boolean lasting) {
    this.first = first;
    this.lasting = lasting;
  }

  /**
   * For what is small and asked for also while the user is away: it stays with the account while it
   * is in memory.
   */
  public static <T> AccountKey<T> lasting(Supplier<T> first) {
    return new AccountKey<>(first, true);
  }

  public boolean isLasting() {
    return lasting;
  }

  public T initial() {
    return first.get();
  }
}

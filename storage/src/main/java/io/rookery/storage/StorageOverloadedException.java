package io.rookery.storage;

/**
 * Storage has more to do than it may queue; nothing was done. Try again later, or tell the client.
 */
public final class StorageOverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what is not possible now
   */
  public StorageOverloadedException(String what) {
    super(what + ": too much is waiting", null, false, false);
  }
}

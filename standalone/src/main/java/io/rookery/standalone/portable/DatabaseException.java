package io.rookery.standalone.portable;

/** The database did not do what it was asked for, not even when asked again. */
final class DatabaseException extends TransferException {
  private static final long serialVersionUID = 1L;

  DatabaseException(Throwable cause) {
    super("the database failed: " + cause, cause);
  }
}

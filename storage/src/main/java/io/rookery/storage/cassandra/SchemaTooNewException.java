package io.rookery.storage.cassandra;

/** The database was made by a newer release; retrying is of no use. */
public final class SchemaTooNewException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SchemaTooNewException(int found, int known) {
    super("the database has schema version " + found + ", this release knows " + known);
  }
}

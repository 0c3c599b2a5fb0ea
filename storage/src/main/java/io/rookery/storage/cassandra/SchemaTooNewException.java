package io.rookery.storage.cassandra;

/** The database was changed by a newer release so that this one cannot work with it any more. */
public final class SchemaTooNewException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SchemaTooNewException(int found, int compatible, int known) {
    super(
        "the database has schema version %d and needs a release that knows %d; this one knows %d"
            .formatted(found, compatible, known));
  }
}

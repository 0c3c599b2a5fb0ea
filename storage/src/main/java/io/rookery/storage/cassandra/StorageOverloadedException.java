package io.rookery.storage.cassandra;

import io.vertx.core.VertxException;

/** More requests than the bounded queue takes: slow down, nothing was sent. */
public final class StorageOverloadedException extends VertxException {
  private static final long serialVersionUID = 1;

  StorageOverloadedException(Throwable cause) {
    super("too many requests to storage", cause, true);
  }
}

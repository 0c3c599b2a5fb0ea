package io.rookery.storage.secret;

import io.vertx.core.Future;

/** Random values that all nodes of a service have in common and that outlive restarts. */
public interface SharedSecrets {

  /** 32 random bytes: whoever asks first makes them, everybody gets the same. */
  Future<byte[]> shared(String name);
}

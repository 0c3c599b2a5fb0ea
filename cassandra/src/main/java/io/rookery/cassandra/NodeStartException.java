package io.rookery.cassandra;

import java.io.IOException;

/** A node did not start; the message says why, as far as the child process told. */
public final class NodeStartException extends IOException {
  private static final long serialVersionUID = 1;

  NodeStartException(String message) {
    super(message);
  }
}

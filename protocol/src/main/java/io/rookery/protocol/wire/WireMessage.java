package io.rookery.protocol.wire;

/**
 * What nodes say to each other. A message in the same JVM passes by reference; {@link WireCodec}
 * gives it bytes when it leaves the process.
 */
public sealed interface WireMessage permits ToRouter, ToConnector {

  /** Roughly what the message occupies, in bytes: what queues between nodes are bounded by. */
  default int weight() {
    return 100;
  }
}

package io.rookery.protocol.wire;

/**
 * What nodes say to each other. A message in the same JVM passes by reference; {@link WireCodec}
 * gives it bytes when it leaves the process.
 */
public sealed interface WireMessage permits ToRouter, ToConnector {

  /** What stands for the kind of message in its bytes. */
  WireType type();

  /** Writes the fields, in the order in which {@link #type()} reads them. */
  void write(WireWriter w);

  /** Roughly what the message occupies, in bytes: what queues between nodes are bounded by. */
  default int weight() {
    return 100;
  }
}

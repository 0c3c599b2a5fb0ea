package io.rookery.cluster;

/** This node must not join: it and a node that is there cannot read each other's messages. */
public final class IncompatibleNodeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  IncompatibleNodeException(String node, WireVersions theirs, WireVersions ours) {
    super(
        "node %s speaks wire version %d (reads from %d), this node %d (reads from %d): not joining"
            .formatted(node, theirs.written(), theirs.oldest(), ours.written(), ours.oldest()));
  }
}

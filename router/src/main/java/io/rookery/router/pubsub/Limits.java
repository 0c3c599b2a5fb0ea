package io.rookery.router.pubsub;

/**
 * How much an account may keep. An answer with all items of a node is one stanza, so what a node
 * holds is bounded in bytes, too.
 *
 * @param nodes of an account
 * @param items of a node; what {@code max} stands for
 * @param itemBytes of one payload
 * @param nodeBytes of all payloads of a node; the oldest items go first
 */
public record Limits(int nodes, int items, int itemBytes, int nodeBytes) {
  public static final Limits USUAL = new Limits(200, 1000, 128 << 10, 1 << 20);

  public Limits {
    if (nodes < 1 || items < 1 || itemBytes < 1 || nodeBytes < itemBytes) {
      throw new IllegalArgumentException("limits do not fit together");
    }
  }
}

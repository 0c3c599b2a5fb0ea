package io.rookery.cluster;

import io.rookery.protocol.wire.WireCodec;

/**
 * Which wire versions a node writes and reads.
 *
 * @param written the newest it knows
 * @param oldest it still reads
 */
record WireVersions(int written, int oldest) {
  static final WireVersions OURS = new WireVersions(WireCodec.VERSION, Frame.OLDEST_VERSION);

  /** Whether each reads what the other writes. */
  boolean understand(WireVersions other) {
    return reads(other.written) && other.reads(written);
  }

  private boolean reads(int version) {
    return version >= oldest && version <= written;
  }
}

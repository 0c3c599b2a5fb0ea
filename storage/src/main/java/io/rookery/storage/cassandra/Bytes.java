package io.rookery.storage.cassandra;

import java.nio.ByteBuffer;

/** From the driver's type of a blob. */
final class Bytes {
  private Bytes() {}

  static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}

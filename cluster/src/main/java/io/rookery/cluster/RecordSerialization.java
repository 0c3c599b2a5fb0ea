package io.rookery.cluster;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/**
 * Makes what Hazelcast reads from other nodes. The numbers are part of what nodes of different
 * versions say to each other: none is ever changed or used again.
 */
final class RecordSerialization implements DataSerializableFactory {
  static final int FACTORY = 5222;
  static final int SESSION_KEY = 1;
  static final int RECORD_WRITE = 2;

  @Override
  public IdentifiedDataSerializable create(int typeId) {
    return switch (typeId) {
      case SESSION_KEY -> new SessionKey();
      case RECORD_WRITE -> new RecordWrite();
      default -> throw new IllegalArgumentException("no such type: " + typeId);
    };
  }
}

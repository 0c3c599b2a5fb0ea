package io.rookery.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.partition.PartitionAware;
import java.io.IOException;

/**
 * The key of a session's record. Hazelcast places it by the landmark alone, a number that is known
 * to fall into the partition of the address.
 *
 * <p>Its bytes are the landmark (4, big-endian) and the full address as Hazelcast writes a string.
 * Keys are compared as bytes by nodes of all versions: nothing may ever be added.
 */
final class SessionKey implements PartitionAware<Integer>, IdentifiedDataSerializable {
  private int landmark;
  private String session;

  /** For Hazelcast, which fills it by {@link #readData}. */
  SessionKey() {}

  SessionKey(int landmark, String session) {
    this.landmark = landmark;
    this.session = session;
  }

  String session() {
    return session;
  }

  @Override
  public Integer getPartitionKey() {
    return landmark;
  }

  @Override
  public int getFactoryId() {
    return RecordSerialization.FACTORY;
  }

  @Override
  public int getClassId() {
    return RecordSerialization.SESSION_KEY;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeInt(landmark);
    out.writeString(session);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    landmark = in.readInt();
    session = in.readString();
  }
}

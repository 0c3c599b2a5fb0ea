package io.rookery.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Puts or removes a record unless one with a greater version is there; runs where the record is,
 * and again where its backup is. A record is stored as its version (8 bytes, big-endian) and the
 * router's bytes.
 *
 * <p>Its own bytes are the version (8), and the record as it will be stored as a byte array, null
 * to remove it. Fields may be added at the end only, and nodes that do not know them must do.
 */
final class RecordWrite
    implements EntryProcessor<SessionKey, byte[], Boolean>, IdentifiedDataSerializable {
  private static final long serialVersionUID = 1;

  private long version;
  private byte[] record;

  /** For Hazelcast, which fills it by {@link #readData}. */
  RecordWrite() {}

  private RecordWrite(long version, byte[] record) {
    this.version = version;
    this.record = record;
  }

  static RecordWrite put(long version, byte[] bytes) {
    return new RecordWrite(
        version,
        ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(version).put(bytes).array());
  }

  static RecordWrite remove(long version) {
    return new RecordWrite(version, null);
  }

  static long version(byte[] record) {
    return ByteBuffer.wrap(record).getLong();
  }

  @Override
  public Boolean process(Map.Entry<SessionKey, byte[]> entry) {
    byte[] stored = entry.getValue();
    if (stored != null && version(stored) > version) {
      return false;
    }
    if (stored != null || record != null) {
      entry.setValue(record); // null removes it
    }
    return true;
  }

  @Override
  public int getFactoryId() {
    return RecordSerialization.FACTORY;
  }

  @Override
  public int getClassId() {
    return RecordSerialization.RECORD_WRITE;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeLong(version);
    out.writeByteArray(record);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    version = in.readLong();
    record = in.readByteArray();
  }
}

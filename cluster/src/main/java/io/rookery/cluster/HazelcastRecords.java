package io.rookery.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.query.Predicates;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@link SessionRecords} in a Hazelcast map with one synchronous backup. A write is done when the
 * backup has it; when a backup does not answer, once its node has been given up.
 */
public final class HazelcastRecords implements SessionRecords {
  private static final String MAP = "rookery.sessions";

  private final Vertx vertx;
  private final IMap<SessionKey, byte[]> map;
  private final int[] landmarks;
  private final Timer writes;
  private final Counter refused;

  public HazelcastRecords(Vertx vertx, HazelcastNode node, MeterRegistry meters) {
    this.vertx = vertx;
    this.map = node.hazelcast().getMap(MAP);
    this.landmarks = landmarks(node.hazelcast());
    this.writes =
        Timer.builder("rookery.records.write")
            .description("From the write of a session record until its backup has it")
            .publishPercentileHistogram()
            .register(meters);
    this.refused =
        Counter.builder("rookery.records.refused")
            .description("Writes of session records by a node that had lost the account")
            .register(meters);
    Gauge.builder("rookery.records", map, m -> m.getLocalMapStats().getOwnedEntryCount())
        .description("Session records of the accounts of this node")
        .register(meters);
  }

  static void configure(Config hazelcast) {
    // Statistics of the map as a whole stay on: they cost a counter, and the gauge needs them.
    hazelcast.addMapConfig(
        new MapConfig(MAP)
            .setBackupCount(1)
            .setAsyncBackupCount(0)
            .setInMemoryFormat(InMemoryFormat.BINARY)
            .setPerEntryStatsEnabled(false)
            .setMergePolicyConfig(new MergePolicyConfig(DiscardMergePolicy.class.getName(), 100)));
    hazelcast
        .getSerializationConfig()
        .addDataSerializableFactory(RecordSerialization.FACTORY, new RecordSerialization());
  }

  /** For each partition the least number that Hazelcast puts there: the same on all nodes. */
  private static int[] landmarks(HazelcastInstance hazelcast) {
    PartitionService partitions = hazelcast.getPartitionService();
    int[] landmarks = new int[Partitions.COUNT];
    Arrays.fill(landmarks, -1);
    for (int number = 0, found = 0; found < landmarks.length; number++) {
      int partition = partitions.getPartition(number).getPartitionId();
      if (landmarks[partition] < 0) {
        landmarks[partition] = number;
        found++;
      }
    }
    return landmarks;
  }

  @Override
  public Future<Boolean> put(Jid session, long version, byte[] bytes) {
    return write(session, RecordWrite.put(version, bytes));
  }

  @Override
  public Future<Boolean> remove(Jid session, long version) {
    return write(session, RecordWrite.remove(version));
  }

  private Future<Boolean> write(Jid session, RecordWrite write) {
    long begin = System.nanoTime();
    return submit(new SessionKey(landmarks[Partitions.of(session)], session.toString()), write)
        .onSuccess(
            done -> {
              writes.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
              if (!done) {
                refused.increment();
              }
            });
  }

  private Future<Boolean> submit(SessionKey key, RecordWrite write) {
    try {
      return Future.fromCompletionStage(map.submitToKey(key, write), vertx.getOrCreateContext());
    } catch (HazelcastInstanceNotActiveException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<List<Stored>> read(int partition) {
    return vertx.executeBlocking(() -> query(partition), false);
  }

  private List<Stored> query(int partition) {
    return map
        .entrySet(Predicates.partitionPredicate(landmarks[partition], Predicates.alwaysTrue()))
        .stream()
        .map(HazelcastRecords::stored)
        .toList();
  }

  private static Stored stored(Map.Entry<SessionKey, byte[]> entry) {
    byte[] record = entry.getValue();
    return new Stored(
        Jid.parse(entry.getKey().session()),
        RecordWrite.version(record),
        Arrays.copyOfRange(record, Long.BYTES, record.length));
  }
}

package io.rookery.router.session;

import io.rookery.cluster.Partitions;
import io.rookery.cluster.SessionRecords;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.wire.SessionRecord;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Records in memory, with the rule of versions; fails when it is told to. */
public final class MemoryRecords implements SessionRecords {
  public final Map<Jid, Stored> stored = new HashMap<>();
  public final List<Jid> writes = new ArrayList<>();
  public int failing;

  @Override
  public Future<Boolean> put(Jid session, long version, byte[] bytes) {
    writes.add(session);
    if (failing > 0) {
      failing--;
      return Future.failedFuture("the backup does not answer");
    }
    if (isStale(session, version)) {
      return Future.succeededFuture(false);
    }
    stored.put(session, new Stored(session, version, bytes));
    return Future.succeededFuture(true);
  }

  private boolean isStale(Jid session, long version) {
    return stored.containsKey(session) && stored.get(session).version() > version;
  }

  @Override
  public Future<Boolean> remove(Jid session, long version) {
    if (failing > 0) {
      failing--;
      return Future.failedFuture("the backup does not answer");
    }
    if (isStale(session, version)) {
      return Future.succeededFuture(false);
    }
    stored.remove(session);
    return Future.succeededFuture(true);
  }

  @Override
  public Future<List<Stored>> read(int partition) {
    return Future.succeededFuture(
        stored.values().stream().filter(s -> Partitions.of(s.session()) == partition).toList());
  }

  public SessionRecord record(Jid session) {
    return SessionRecord.parse(stored.get(session).bytes());
  }
}

package io.rookery.cluster;

import io.rookery.protocol.jid.Jid;
import io.vertx.core.Future;
import java.util.List;

/**
 * Where the owner of an account writes what must survive it: one record per session, kept by the
 * owner's node and, before a write is done, by one more router. When a router is lost or partitions
 * move, the records are in the memory of the new owner.
 *
 * <p>What is in a record is the router's business. Futures complete on the caller's context.
 */
public interface SessionRecords {

  /**
   * A stored record.
   *
   * @param session the full address
   * @param version as it was written
   */
  record Stored(Jid session, long version, byte[] bytes) {}

  /**
   * Writes a record unless one with a greater version is there.
   *
   * @return done when another router has it, too; false when it was refused: somebody else owns the
   *     account by now
   */
  Future<Boolean> put(Jid session, long version, byte[] bytes);

  /** Removes a record unless one with a greater version is there; false when it was refused. */
  Future<Boolean> remove(Jid session, long version);

  /** All records of a partition that this node owns. */
  Future<List<Stored>> read(int partition);

  /** For a process that shares nothing with others: what it knows ends with it. */
  SessionRecords NONE =
      new SessionRecords() {
        @Override
        public Future<Boolean> put(Jid session, long version, byte[] bytes) {
          return Future.succeededFuture(true);
        }

        @Override
        public Future<Boolean> remove(Jid session, long version) {
          return Future.succeededFuture(true);
        }

        @Override
        public Future<List<Stored>> read(int partition) {
          return Future.succeededFuture(List.of());
        }
      };
}

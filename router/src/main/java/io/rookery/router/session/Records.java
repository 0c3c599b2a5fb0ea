package io.rookery.router.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rookery.cluster.SessionRecords;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what has changed of the sessions of one loop to their records, the changes of a moment as
 * one: a login changes a session several times.
 */
public final class Records {
  private static final Logger LOG = LoggerFactory.getLogger(Records.class);

  private final SessionRecords store;
  private final Counter refused;
  private final Counter failed;
  private List<Session> changed = new ArrayList<>();
  private Promise<Void> written = Promise.promise();

  public Records(SessionRecords store, MeterRegistry meters) {
    this.store = store;
    this.refused =
        Counter.builder("rookery.router.stale.writes")
            .description("Session records that this router may not write any more")
            .register(meters);
    this.failed =
        Counter.builder("rookery.router.record.failures")
            .description("Writes of session records that failed; all but removals are tried again")
            .register(meters);
  }

  /** The session is not what its record says; completes when the record is right again. */
  public Future<Void> changed(Session session) {
    if (store == SessionRecords.NONE) {
      return Future.succeededFuture();
    }
    if (!session.isDirty()) {
      session.dirty(true);
      changed.add(session);
    }
    return written.future();
  }

  /** Completes when the record tells all there is of the session; at once when it does already. */
  public Future<Void> written(Session session) {
    return session.isDirty() ? written.future() : Future.succeededFuture();
  }

  /** To be called some twenty times a second, and when somebody waits. */
  public void flush() {
    if (changed.isEmpty()) {
      return;
    }
    List<Session> batch = changed;
    Promise<Void> done = written;
    changed = new ArrayList<>();
    written = Promise.promise();
    Future.all(batch.stream().map(this::write).toList()).<Void>mapEmpty().onComplete(done);
  }

  private Future<Void> write(Session session) {
    session.dirty(false);
    if (session.hasEnded()) {
      return Future.succeededFuture();
    }
    return store
        .put(session.jid(), session.nextVersion(), session.record().toBytes())
        .onSuccess(accepted -> stale(session, accepted))
        .<Void>mapEmpty()
        .recover(failure -> again(session, failure));
  }

  private void stale(Session session, boolean accepted) {
    if (!accepted) {
      refused.increment();
      LOG.warn("the record of {} belongs to another router by now", session.jid());
    }
  }

  /** The record must not stay wrong; the next flush tries once more. */
  private Future<Void> again(Session session, Throwable failure) {
    failed.increment();
    LOG.warn("the record of {} could not be written: {}", session.jid(), failure.toString());
    return changed(session);
  }

  /** The session has ended. */
  public void remove(Session session) {
    session.ended();
    if (store != SessionRecords.NONE) {
      store
          .remove(session.jid(), session.nextVersion())
          .onSuccess(accepted -> stale(session, accepted))
          .onFailure(failure -> leftBehind(session, failure));
    }
  }

  /** The account's next owner finds that there is no such stream, and ends the session again. */
  private void leftBehind(Session session, Throwable failure) {
    failed.increment();
    LOG.warn("the record of {} could not be removed: {}", session.jid(), failure.toString());
  }
}

package io.rookery.storage.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the database to this release's schema. Any number of processes may do that at a time: the
 * one that gets the lock row applies what is missing, the others wait. A lock whose holder has died
 * expires.
 *
 * <p>A database that is newer than this release is left as it is, and used as long as its
 * migrations say that this release can work with it: during a rolling upgrade, old nodes start too.
 */
final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
  private static final Duration DDL_TIMEOUT = Duration.ofSeconds(30);
  private static final int LOCK_SECONDS = 120;
  private static final Duration POLL = Duration.ofMillis(200);

  private final Vertx vertx;
  private final CqlSession session;
  private final StorageConfig config;
  private final Schema schema;
  private final UUID self;

  Migrations(Vertx vertx, CqlSession session, StorageConfig config, Schema schema, UUID self) {
    this.vertx = vertx;
    this.session = session;
    this.config = config;
    this.schema = schema;
    this.self = self;
  }

  /**
   * Fails with {@link SchemaTooNewException} when the database is too far ahead of this release.
   */
  Future<Void> run() {
    return prepareKeyspace()
        .compose(done -> found())
        .compose(
            found ->
                found >= schema.version()
                    ? Future.<Void>succeededFuture()
                    : lock().compose(locked -> migrate().eventually(this::unlock)));
  }

  private Future<Void> prepareKeyspace() {
    boolean complete =
        session
            .getMetadata()
            .getKeyspace(config.keyspace())
            .flatMap(keyspace -> keyspace.getTable("schema_migrations"))
            .flatMap(migrations -> migrations.getColumn("compatible"))
            .isPresent();
    if (complete) {
      return Future.succeededFuture();
    }
    String replication =
        config.replication().entrySet().stream()
            .map(copies -> ", '" + copies.getKey() + "': " + copies.getValue())
            .collect(Collectors.joining());
    String create =
        "CREATE KEYSPACE IF NOT EXISTS "
            + config.keyspace()
            + " WITH replication = {'class': 'NetworkTopologyStrategy'"
            + replication
            + "}";
    return execute(SimpleStatement.newInstance(create).setTimeout(DDL_TIMEOUT))
        .compose(created -> changeSchema(bookkeeping()));
  }

  /** With ids made from the names: created by two processes at a time they are the same tables. */
  private List<String> bookkeeping() {
    return List.of(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
            + " (component text, version int, name text, PRIMARY KEY (component, version))"
            + withId("schema_migrations"),
        "CREATE TABLE IF NOT EXISTS schema_lock (component text PRIMARY KEY, holder uuid)"
            + withId("schema_lock"),
        "ALTER TABLE schema_migrations ADD IF NOT EXISTS compatible int");
  }

  private String withId(String table) {
    byte[] name = (config.keyspace() + "." + table).getBytes(StandardCharsets.UTF_8);
    return " WITH ID = " + UUID.nameUUIDFromBytes(name);
  }

  /** The version of the database. */
  private Future<Integer> found() {
    SimpleStatement select =
        statement(
            "SELECT max(version), max(compatible) FROM schema_migrations"
                + " WHERE component = 'rookery'",
            config.reads());
    return execute(select)
        .compose(
            rows -> {
              Row newest = rows.one(); // nulls, read as 0, when there is none
              return checked(newest.getInt(0), newest.getInt(1));
            });
  }

  private Future<Integer> checked(int found, int compatible) {
    int known = schema.version();
    if (compatible > known) {
      return Future.failedFuture(new SchemaTooNewException(found, compatible, known));
    }
    if (found > known) {
      LOG.info(
          "Keyspace {} has schema version {}, newer than {} of this release and compatible with it",
          config.keyspace(),
          found,
          known);
    }
    return Future.succeededFuture(found);
  }

  private Future<Void> lock() {
    SimpleStatement insert =
        statement(
            "INSERT INTO schema_lock (component, holder) VALUES ('rookery', ?)"
                + " IF NOT EXISTS USING TTL "
                + LOCK_SECONDS,
            config.writes(),
            self);
    return execute(insert)
        .compose(
            result ->
                result.wasApplied() || self.equals(result.one().getUuid("holder"))
                    ? Future.succeededFuture()
                    : vertx.timer(POLL.toMillis(), TimeUnit.MILLISECONDS).compose(tick -> lock()));
  }

  private Future<Void> unlock() {
    return execute(
            statement(
                "DELETE FROM schema_lock WHERE component = 'rookery' IF holder = ?",
                config.writes(),
                self))
        .mapEmpty();
  }

  private Future<Void> migrate() {
    return found()
        .compose(
            found -> {
              Future<Void> done = Future.succeededFuture();
              int known = schema.version();
              for (Schema.Migration next :
                  schema.migrations().subList(Math.min(found, known), known)) {
                done = done.compose(before -> apply(next));
              }
              return done;
            });
  }

  private Future<Void> apply(Schema.Migration migration) {
    LOG.info("Schema migration {} of keyspace {}", migration.name(), config.keyspace());
    return extendLock()
        .compose(held -> changeSchema(migration.statements()))
        .compose(
            changed ->
                execute(
                    statement(
                        "INSERT INTO schema_migrations (component, version, compatible, name)"
                            + " VALUES ('rookery', ?, ?, ?)",
                        config.writes(),
                        migration.version(),
                        migration.compatible(),
                        migration.name())))
        .mapEmpty();
  }

  private Future<Void> extendLock() {
    SimpleStatement update =
        statement(
            "UPDATE schema_lock USING TTL "
                + LOCK_SECONDS
                + " SET holder = ? WHERE component = 'rookery' IF holder = ?",
            config.writes(),
            self,
            self);
    return execute(update)
        .compose(
            result ->
                result.wasApplied()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new IllegalStateException("lost the schema lock")));
  }

  /** One after the other, each known to every node before the next. */
  private Future<Void> changeSchema(List<String> statements) {
    Future<Void> done = Future.succeededFuture();
    for (String cql : statements) {
      SimpleStatement change = statement(cql, config.writes()).setTimeout(DDL_TIMEOUT);
      done = done.compose(before -> execute(change)).compose(Migrations::agreed);
    }
    return done;
  }

  private static Future<Void> agreed(AsyncResultSet result) {
    return result.getExecutionInfo().isSchemaInAgreement()
        ? Future.succeededFuture()
        : Future.failedFuture(
            new IllegalStateException("Cassandra's nodes do not agree on the schema"));
  }

  private SimpleStatement statement(String cql, ConsistencyLevel level, Object... values) {
    return SimpleStatement.newInstance(cql, values)
        .setKeyspace(config.keyspace())
        .setConsistencyLevel(level);
  }

  private Future<AsyncResultSet> execute(SimpleStatement statement) {
    return Future.fromCompletionStage(session.executeAsync(statement), vertx.getOrCreateContext());
  }
}

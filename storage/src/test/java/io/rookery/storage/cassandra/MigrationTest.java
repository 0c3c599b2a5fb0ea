package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MigrationTest {
  private static final List<String> RELEASED =
      Schema.current().migrations().stream().map(Schema.Migration::name).toList();

  @RegisterExtension static final CassandraServer SERVER = new CassandraServer();

  private static final Vertx VERTX = Vertx.vertx();
  private static CqlSession cql;

  private final StorageConfig config =
      StorageConfig.singleNode(SERVER.contactPoint(), SERVER.freshKeyspace());

  @BeforeAll
  static void connect() {
    cql =
        CqlSession.builder()
            .addContactPoint(SERVER.contactPoint())
            .withLocalDatacenter("datacenter1")
            .build();
  }

  @AfterAll
  static void close() throws Exception {
    cql.close();
    get(VERTX.close());
  }

  @Test
  void processesStartingAtATimeMigrateOnce() throws Exception {
    List<Future<CassandraStorage>> opened = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      opened.add(open(Schema.current()));
    }
    get(Future.join(opened));
    for (Future<CassandraStorage> storage : opened) {
      get(storage.result().ping());
      get(storage.result().close());
    }
    assertEquals(RELEASED, applied());
    assertEquals(
        List.of(), cql.execute("SELECT * FROM " + config.keyspace() + ".schema_lock").all());
  }

  @Test
  void onlyWhatIsMissingIsAppliedInOrder() throws Exception {
    get(get(open(Schema.current())).close());
    get(get(open(withTwoMore())).close());
    assertEquals(released("later-table", "later-column"), applied());
    cql.execute("SELECT extra FROM " + config.keyspace() + ".later");
  }

  @Test
  void aNewerDatabaseIsUsedWhileItsMigrationsAllowIt() throws Exception {
    get(get(open(withTwoMore())).close());
    CassandraStorage older = get(open(Schema.current()));
    get(older.ping());
    get(older.close());
    assertEquals(released("later-table", "later-column"), applied());
  }

  @Test
  void aNewerDatabaseThatThisReleaseCannotWorkWithIsRefused() throws Exception {
    List<Schema.Migration> migrations = new ArrayList<>(withTwoMore().migrations());
    int column = RELEASED.size() + 2;
    migrations.add(
        migration(column + 1, column, "contract", "ALTER TABLE later DROP IF EXISTS id2"));
    migrations.add(
        migration(column + 2, 1, "harmless", "ALTER TABLE later ADD IF NOT EXISTS a int"));
    get(get(open(new Schema(migrations))).close());
    ExecutionException refused =
        assertThrows(ExecutionException.class, () -> get(open(Schema.current())));
    assertInstanceOf(SchemaTooNewException.class, refused.getCause());
    assertEquals(
        "the database has schema version %d and needs a release that knows %d; this one knows %d"
            .formatted(column + 2, column, column - 2),
        refused.getCause().getMessage());
    get(get(open(withTwoMore())).close());
  }

  @Test
  void aMigrationThatFailedIsTriedAgainAtTheNextStart() throws Exception {
    List<Schema.Migration> broken = new ArrayList<>(Schema.current().migrations());
    broken.add(
        migration(
            RELEASED.size() + 1,
            1,
            "later-table",
            "CREATE TABLE IF NOT EXISTS later (id int PRIMARY KEY)",
            "?"));
    assertThrows(ExecutionException.class, () -> get(open(new Schema(broken))));
    assertEquals(RELEASED, applied());
    get(get(open(withTwoMore())).close());
    assertEquals(released("later-table", "later-column"), applied());
  }

  private static List<String> released(String... more) {
    List<String> names = new ArrayList<>(RELEASED);
    names.addAll(List.of(more));
    return names;
  }

  private static Schema withTwoMore() {
    List<Schema.Migration> migrations = new ArrayList<>(Schema.current().migrations());
    int last = RELEASED.size();
    migrations.add(
        migration(
            last + 1, 1, "later-table", "CREATE TABLE IF NOT EXISTS later (id int PRIMARY KEY)"));
    migrations.add(
        migration(last + 2, 1, "later-column", "ALTER TABLE later ADD IF NOT EXISTS extra int"));
    return new Schema(migrations);
  }

  private static Schema.Migration migration(
      int version, int compatible, String name, String... statements) {
    return new Schema.Migration(version, compatible, name, List.of(statements));
  }

  private Future<CassandraStorage> open(Schema schema) {
    return CassandraStorage.open(VERTX, config, new SimpleMeterRegistry(), schema);
  }

  private List<String> applied() {
    return cql
        .execute("SELECT name FROM " + config.keyspace() + ".schema_migrations")
        .all()
        .stream()
        .map((Row row) -> row.getString(0))
        .toList();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}

package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.directory.Directory;
import io.rookery.storage.directory.DirectoryEntry;
import io.rookery.storage.directory.DirectoryField;
import io.rookery.storage.directory.SearchTerm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DirectoryTest {
  @RegisterExtension static final CassandraServer SERVER = new CassandraServer();

  private static final Vertx VERTX = Vertx.vertx();
  private static StorageConfig config;
  private static CassandraStorage storage;

  private final Directory directory = storage.directory();
  private final String domain = UUID.randomUUID() + ".example";
  private final Jid juliet = Jid.of("juliet", domain, null);
  private final Jid tybalt = Jid.of("tybalt", domain, null);

  @BeforeAll
  static void open() throws Exception {
    config = StorageConfig.singleNode(SERVER.contactPoint(), SERVER.freshKeyspace());
    storage = get(CassandraStorage.open(VERTX, config, new SimpleMeterRegistry()));
  }

  @AfterAll
  static void close() throws Exception {
    get(storage.close());
    get(VERTX.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static DirectoryEntry entry(Jid owner, String first, String last, String email) {
    return new DirectoryEntry(
        owner,
        Map.of(
            DirectoryField.FIRST, List.of(first),
            DirectoryField.LAST, List.of(last),
            DirectoryField.EMAIL, List.of(email)));
  }

  private List<Jid> search(DirectoryField field, String text) throws Exception {
    return search(domain, field, text, 10);
  }

  private List<Jid> search(String where, DirectoryField field, String text, int max)
      throws Exception {
    return get(directory.search(where, new SearchTerm(field, SearchTerm.key(text)), max));
  }

  private void keep() throws Exception {
    get(directory.put(entry(juliet, "Juliet", "Capulet", "Juliet@example.org")));
    get(directory.put(entry(tybalt, "Ty", "capulet", "tybalt@example.org")));
  }

  @Test
  void anEntryIsKeptAsItWas() throws Exception {
    keep();
    DirectoryEntry mine = entry(juliet, "Juliet", "Capulet", "Juliet@example.org");
    assertEquals(Optional.of(mine), get(directory.find(juliet)));
    assertEquals(
        Map.of(juliet, mine), get(directory.find(List.of(juliet, Jid.of("nobody", domain, null)))));
    DirectoryEntry nameless = new DirectoryEntry(tybalt, Map.of());
    get(directory.put(nameless));
    assertEquals(Optional.of(nameless), get(directory.find(tybalt)));
  }

  @Test
  void longTermsFindWhatBeginsWithThem() throws Exception {
    keep();
    assertEquals(List.of(juliet, tybalt), search(DirectoryField.LAST, "CAP"));
    assertEquals(List.of(juliet, tybalt), search(DirectoryField.LAST, " Capulet "));
    assertEquals(List.of(), search(DirectoryField.LAST, "capulets"));
    assertEquals(List.of(), search(DirectoryField.LAST, "caq"));
    assertEquals(List.of(juliet), search(DirectoryField.USER, "juli"));
    assertEquals(List.of(), search(DirectoryField.FIRST, "capulet"));
    assertEquals(1, search(domain, DirectoryField.LAST, "cap", 1).size());
    assertEquals(List.of(), search("other.example", DirectoryField.LAST, "cap", 10));
  }

  @Test
  void shortTermsAndAddressesFindWhatIsTheSame() throws Exception {
    keep();
    assertEquals(List.of(tybalt), search(DirectoryField.FIRST, "ty"));
    assertEquals(List.of(), search(DirectoryField.FIRST, "ju"));
    assertEquals(List.of(), search(DirectoryField.FIRST, "j"));
    assertEquals(List.of(juliet), search(DirectoryField.EMAIL, "juliet@EXAMPLE.org"));
    assertEquals(List.of(), search(DirectoryField.EMAIL, "juliet@example"));
  }

  /** Also beyond the characters that have a code of 16 bits. */
  @Test
  void charactersOfAllKindsAreFound() throws Exception {
    get(directory.put(entry(juliet, "李", "𝒥𝒰𝐋IET", "ＪＵＬＩＥＴ@example.org")));
    assertEquals(List.of(juliet), search(DirectoryField.FIRST, "李"));
    assertEquals(List.of(juliet), search(DirectoryField.LAST, "jul"));
    assertEquals(List.of(juliet), search(DirectoryField.EMAIL, "juliet@example.org"));
    get(directory.put(entry(tybalt, "😀😀😀😀", "x", "y")));
    assertEquals(List.of(tybalt), search(DirectoryField.FIRST, "😀😀😀"));
  }

  @Test
  void whatIsNotTrueAnyMoreIsNotFound() throws Exception {
    keep();
    get(directory.put(entry(juliet, "Juliet", "Montague", "j@example.org")));
    assertEquals(List.of(tybalt), search(DirectoryField.LAST, "capulet"));
    assertEquals(List.of(juliet), search(DirectoryField.LAST, "montague"));
    assertEquals(List.of(), search(DirectoryField.EMAIL, "juliet@example.org"));
    get(directory.delete(juliet));
    get(directory.delete(juliet));
    assertTrue(get(directory.find(juliet)).isEmpty());
    assertEquals(List.of(), search(DirectoryField.LAST, "montague"));
    assertEquals(List.of(), search(DirectoryField.USER, "juliet"));
    get(directory.delete(tybalt));
    try (CqlSession cql = Sessions.connect(config).toCompletableFuture().get()) {
      assertTrue(
          cql.execute("SELECT domain FROM " + config.keyspace() + ".directory_keys").all().stream()
              .noneMatch(row -> domain.equals(row.getString(0))),
          "rows are left");
    }
  }
}

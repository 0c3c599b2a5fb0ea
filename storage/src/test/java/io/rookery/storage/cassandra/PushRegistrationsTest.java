package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.push.PushProgress;
import io.rookery.storage.push.PushRegistration;
import io.rookery.storage.push.PushRegistrations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PushRegistrationsTest {
  @RegisterExtension static final CassandraServer SERVER = new CassandraServer();

  private static final Vertx VERTX = Vertx.vertx();
  private static CassandraStorage storage;

  private final Jid user = Jid.of(UUID.randomUUID().toString(), "example.org", null);
  private final PushRegistrations registrations = storage.pushRegistrations();

  @BeforeAll
  static void open() throws Exception {
    StorageConfig config = StorageConfig.singleNode(SERVER.contactPoint(), SERVER.freshKeyspace());
    storage = get(CassandraStorage.open(VERTX, config, new SimpleMeterRegistry()));
  }

  @AfterAll
  static void close() throws Exception {
    get(storage.close());
    get(VERTX.close());
  }

  private static PushRegistration registration(String node) {
    return new PushRegistration(
        Jid.parse("push.example"),
        node,
        "phone",
        "agent",
        "<x xmlns='jabber:x:data'/>",
        Instant.ofEpochMilli(1_700_000_000_123L),
        PushProgress.NONE);
  }

  private Set<PushRegistration> stored() throws Exception {
    return Set.copyOf(get(registrations.load(user)));
  }

  @Test
  void aRegistrationIsKeptAsItWas() throws Exception {
    PushRegistration one = registration("a");
    PushRegistration withoutNode = registration("");
    get(registrations.put(user, one));
    get(registrations.put(user, withoutNode));
    assertEquals(Set.of(one, withoutNode), stored());
    PushRegistration told =
        one.with(new PushProgress(3, "push-1", Instant.ofEpochMilli(1_700_000_000_456L), 2));
    get(registrations.update(user, told));
    assertEquals(Set.of(told, withoutNode), stored());
    get(registrations.put(user, one));
    assertEquals(Set.of(one, withoutNode), stored());
  }

  @Test
  void whatIsRemovedIsGone() throws Exception {
    get(registrations.put(user, registration("a")));
    get(registrations.put(user, registration("b")));
    get(registrations.put(user, registration("c")));
    get(registrations.remove(user, List.of(registration("a"), registration("c"))));
    assertEquals(Set.of(registration("b")), stored());
    get(registrations.delete(user));
    assertEquals(Set.of(), stored());
  }

  @Test
  void aLateUpdateMakesNoRegistration() throws Exception {
    get(registrations.put(user, registration("a")));
    get(registrations.remove(user, List.of(registration("a"))));
    get(registrations.update(user, registration("a")));
    assertEquals(Set.of(), stored());
  }

  @Test
  void whoWaitsIsFoundByThePartition() throws Exception {
    Jid other = Jid.of(UUID.randomUUID().toString(), "example.org", null);
    get(registrations.waits(3, user));
    get(registrations.waits(3, user));
    get(registrations.waits(3, other));
    get(registrations.waits(4, other));
    assertEquals(Set.of(user, other), Set.copyOf(get(registrations.waiting(3))));
    get(registrations.waitsNoMore(3, other));
    assertEquals(List.of(user), get(registrations.waiting(3)));
    assertEquals(List.of(other), get(registrations.waiting(4)));
    assertEquals(List.of(), get(registrations.waiting(5)));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}

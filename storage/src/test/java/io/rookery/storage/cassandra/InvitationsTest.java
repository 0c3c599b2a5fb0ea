package io.rookery.storage.cassandra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.cassandra.CassandraServer;
import io.rookery.protocol.jid.Jid;
import io.rookery.storage.invitation.Invitation;
import io.rookery.storage.invitation.Invitations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InvitationsTest {
  private static final Duration KEEP = Duration.ofHours(1);

  @RegisterExtension static final CassandraServer SERVER = new CassandraServer();

  private static final Vertx VERTX = Vertx.vertx();
  private static CassandraStorage storage;

  private final Jid inviter = user();
  private final Invitations invitations = storage.invitations();

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

  private static Jid user() {
    return Jid.of(UUID.randomUUID().toString(), "example.org", null);
  }

  private Invitation invitation(Jid account) {
    byte[] token = UUID.randomUUID().toString().substring(0, 32).getBytes();
    Instant expires = Instant.ofEpochSecond(1_900_000_000);
    return new Invitation(token, inviter, account, true, account == null, expires, null);
  }

  private Invitation found(Invitation invitation) throws Exception {
    return get(invitations.find(invitation.token())).orElse(null);
  }

  @Test
  void anInvitationIsKeptAsItWas() throws Exception {
    Invitation open = invitation(null);
    Invitation named = invitation(user());
    assertTrue(get(invitations.put(open, KEEP)));
    assertTrue(get(invitations.put(named, KEEP)));
    for (Invitation one : List.of(open, named)) {
      Invitation found = found(one);
      assertArrayEquals(one.token(), found.token());
      assertEquals(one.toString(), found.toString());
      assertEquals(one.registers(), found.registers());
      assertEquals(one.subscribes(), found.subscribes());
      assertEquals(one.expires(), found.expires());
    }
    assertEquals(2, get(invitations.count(inviter)));
    assertEquals(0, get(invitations.count(user())));
    assertTrue(get(invitations.find(new byte[32])).isEmpty());
  }

  @Test
  void anAddressIsKeptForOneOnly() throws Exception {
    Invitation first = invitation(user());
    assertTrue(get(invitations.put(first, KEEP)));
    assertFalse(get(invitations.put(invitation(first.account()), KEEP)));
    assertArrayEquals(first.token(), get(invitations.reservation(first.account())).orElseThrow());
    assertEquals(1, get(invitations.count(inviter)));
    get(invitations.remove(first));
    assertTrue(get(invitations.reservation(first.account())).isEmpty());
    assertTrue(get(invitations.put(invitation(first.account()), KEEP)));
  }

  @Test
  void ofManyClaimsOneSucceeds() throws Exception {
    Invitation invitation = invitation(null);
    get(invitations.put(invitation, KEEP));
    List<Future<Boolean>> claims = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      claims.add(invitations.claim(invitation, user(), KEEP));
    }
    get(Future.join(claims));
    assertEquals(1, claims.stream().filter(Future::result).count());
  }

  @Test
  void aClaimIsForWhoHasItUntilItIsGivenUp() throws Exception {
    Invitation invitation = invitation(null);
    get(invitations.put(invitation, KEEP));
    Jid juliet = user();
    assertTrue(get(invitations.claim(found(invitation), juliet, KEEP)));
    assertEquals(juliet, found(invitation).claim());
    assertTrue(get(invitations.claim(found(invitation), juliet, KEEP)), "again");
    assertFalse(get(invitations.claim(found(invitation), user(), KEEP)));
    assertFalse(get(invitations.claim(invitation, user(), KEEP)), "as it was before");
    get(invitations.release(invitation, user()));
    assertEquals(juliet, found(invitation).claim(), "not another's");
    get(invitations.release(invitation, juliet));
    assertNull(found(invitation).claim());
    assertTrue(get(invitations.claim(invitation, user(), KEEP)));
  }

  @Test
  void whatIsGoneCannotBeClaimed() throws Exception {
    Invitation invitation = invitation(null);
    get(invitations.put(invitation, KEEP));
    get(invitations.remove(invitation));
    assertNull(found(invitation));
    assertFalse(get(invitations.claim(invitation, user(), KEEP)));
    get(invitations.release(invitation, user()));
    assertNull(found(invitation));
    assertEquals(0, get(invitations.count(inviter)));
  }

  @Test
  void nothingIsLeftOfAnInviter() throws Exception {
    Invitation open = invitation(null);
    Invitation named = invitation(user());
    get(invitations.put(open, KEEP));
    get(invitations.put(named, KEEP));
    get(invitations.delete(inviter));
    assertEquals(0, get(invitations.count(inviter)));
    assertNull(found(open));
    assertNull(found(named));
    assertTrue(get(invitations.reservation(named.account())).isEmpty());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}

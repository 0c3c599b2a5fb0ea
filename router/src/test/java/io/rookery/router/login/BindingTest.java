package io.rookery.router.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaError;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.BindRequest;
import io.rookery.protocol.wire.ClientDescription;
import io.rookery.protocol.wire.LoopAddress;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.ResourceConflict;
import io.rookery.router.archive.ArchiveEnds;
import io.rookery.router.client.ClientRecords;
import io.rookery.router.extension.BindHandler;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.SessionKey;
import io.rookery.router.mailbox.Archiving;
import io.rookery.router.mailbox.Mailbox;
import io.rookery.router.routing.RecordedBus;
import io.rookery.router.sasl.HashedToken;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.account.Account;
import io.rookery.storage.mailbox.MailboxEntry;
import io.rookery.storage.token.KnownClient;
import io.rookery.storage.token.LoginToken;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 6120, section 7, where sessions wait to be resumed. */
class BindingTest {
  private static final LoopAddress CONNECTOR = new LoopAddress("connector2", 0);
  private static final int MAX_SESSIONS = 2;

  private final Owner owner = new Owner("capulet.example");
  private final Mailbox mailbox =
      new Mailbox(
          owner.accounts, owner.stores, owner.retries, owner.clock, 1 << 20, 0, owner.meters);
  private Set<String> archived = Set.of();
  private final Map<String, BindHandler> handlers = new HashMap<>();
  private final List<Effect> done = new ArrayList<>();
  private BindRequest request;
  private List<WireMessage> answers;
  private final Session phone = owner.managed("phone", 1);

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void bind(String resource, ResourceConflict conflict) {
    RouterConfig config =
        new RouterConfig(
            Map.of("capulet.example", RouterConfig.Archive.OFF),
            new RouterConfig.Registration(false, 1, Duration.ofMinutes(1)),
            Map.of(),
            4096,
            MAX_SESSIONS,
            1,
            1,
            conflict,
            new RouterConfig.Resumption(Duration.ofMinutes(5), 100, 100_000),
            List.of(),
            RouterConfig.ExternalServices.NONE,
            RouterConfig.Push.NOTHING,
            Duration.ofDays(60),
            Set.of(),
            new RouterConfig.Invitations(RouterConfig.Inviters.OFF, Duration.ofDays(7), 20),
            false,
            0,
            RouterConfig.Anonymous.NOBODY);
    owner.bus.taken();
    new Binding(
            owner.bus,
            owner.accounts,
            owner.sessionEnd,
            owner.resumption,
            new InlineFeatures(wish -> handlers.get(wish.name()), (account, e) -> done.addAll(e)),
            new ArchiveEnds(owner.log, mailbox, archived),
            new ClientRecords(owner.stores.loginTokens(), Duration.ofDays(60), owner.clock),
            config,
            () -> "made",
            new Admission(() -> 0, 0, owner.meters),
            owner.records,
            owner.clock,
            new SecureRandom())
        .bind(CONNECTOR, new ToRouter.Bind(9, Owner.JULIET, resource, "192.0.2.1", request));
  }

  private ToConnector.Bound bindInline(BindRequest asked) {
    request = asked;
    bind(null, ResourceConflict.REPLACE);
    answers = owner.bus.taken().stream().map(RecordedBus.Sent::message).toList();
    return answer(ToConnector.Bound.class);
  }

  private <T> T answer(Class<T> type) {
    return answers.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  private static BindRequest tagged(String tag) {
    return new BindRequest(tag, null, false, false, 0, null);
  }

  private StanzaError.Condition refused() {
    return owner.taken(ToConnector.BindRefused.class).get(0).error().condition();
  }

  private void disconnect(Session session) {
    owner.resumption.disconnected(owner.account(), session);
  }

  /** Somebody has authenticated, and is turned out before he binds. */
  @Test
  void whoIsTurnedOutMustStillHaveAnAccount() {
    owner.accounts.turnedOut(Owner.JULIET);
    bind("laptop", ResourceConflict.REFUSE);
    assertEquals(1, owner.taken(ToConnector.Bound.class).size(), "it has been enabled again");
    owner.disabled = true;
    bind("tablet", ResourceConflict.REFUSE);
    assertEquals(StanzaError.Condition.NOT_ALLOWED, refused());
  }

  /** A client has logged in with its token, which is taken from it before it binds. */
  @Test
  void whoseTokenHasBeenTakenBeginsNoSession() {
    MemoryTokens tokens = (MemoryTokens) owner.stores.loginTokens();
    byte[] password = HashedToken.digest(new Account(Owner.JULIET, Owner.KEYS, Instant.EPOCH));
    long now = owner.clock.now;
    Instant expires = Instant.ofEpochMilli(now).plusSeconds(60);
    tokens.tokens.add(new LoginToken("agent", now, "HT", new byte[1], password, expires, 0));
    request = byToken("agent");
    owner.accounts.turnedOut(Owner.JULIET);
    bind(null, ResourceConflict.REPLACE);
    assertEquals(1, owner.taken(ToConnector.Bound.class).size(), "it was another's");
    tokens.revoke(Owner.JULIET, "agent");
    bind(null, ResourceConflict.REPLACE);
    assertEquals(StanzaError.Condition.NOT_ALLOWED, refused());
    tokens.tokens.add(new LoginToken("agent", now, "HT", new byte[1], new byte[32], expires, 0));
    bind(null, ResourceConflict.REPLACE);
    assertEquals(StanzaError.Condition.NOT_ALLOWED, refused(), "of another password");
    owner.clock.now += Duration.ofHours(1).toMillis();
    bind(null, ResourceConflict.REPLACE);
    assertEquals(1, owner.taken(ToConnector.Bound.class).size(), "it has been for long");
  }

  @Test
  void whoIsTurnedOutWhileTheAccountIsLoadedBeginsNoSession() {
    Promise<Void> loaded = Promise.promise();
    owner.accounts.hold(owner.account(), "the test", loaded.future());
    request = byToken("agent");
    bind(null, ResourceConflict.REPLACE);
    owner.accounts.turnedOut(Owner.JULIET);
    loaded.complete();
    assertEquals(StanzaError.Condition.NOT_ALLOWED, refused());
  }

  private static BindRequest byToken(String client) {
    ClientDescription description = new ClientDescription(null, null, true);
    return new BindRequest(null, client, false, false, 0, null, description);
  }

  @Test
  void aResourceInUseIsReplacedOrRefused() {
    bind("phone", ResourceConflict.REFUSE);
    assertEquals(StanzaError.Condition.CONFLICT, refused());
    bind("phone", ResourceConflict.REPLACE);
    assertEquals(1, owner.taken(ToConnector.EndStream.class).get(0).stream());
    assertTrue(owner.account().session("phone").isOn(CONNECTOR, 9));
    owner.records.flush();
    assertEquals(9, owner.stored.record(phone.jid()).stream());
  }

  @Test
  void aSessionThatWaitsIsNoConflict() {
    disconnect(phone);
    bind("phone", ResourceConflict.REFUSE);
    assertEquals(1, owner.taken(ToConnector.Bound.class).size());
    assertEquals(1, owner.accounts.sessions());
    assertTrue(phone.hasEnded());
  }

  @Test
  void theOneThatHasWaitedLongestMakesRoom() {
    Session laptop = owner.managed("laptop", 2);
    bind("tablet", ResourceConflict.REPLACE);
    assertEquals(StanzaError.Condition.RESOURCE_CONSTRAINT, refused());
    disconnect(laptop);
    owner.clock.now += 1000;
    disconnect(phone);
    bind("tablet", ResourceConflict.REPLACE);
    assertTrue(laptop.hasEnded());
    assertFalse(phone.hasEnded());
    assertEquals(
        List.of("phone", "tablet"),
        owner.account().sessions().stream().map(session -> session.jid().resource()).toList());
  }

  @Test
  void aTagIsAPartOfTheResource() {
    assertEquals("Lute/made", bindInline(tagged("Lute")).session().resource());
  }

  @Test
  void aTagThatMakesNoResourceIsLeftOut() {
    assertEquals("made", bindInline(tagged("x".repeat(1024))).session().resource());
    assertEquals("made", bindInline(tagged("bell\u0007")).session().resource());
  }

  @Test
  void aSessionIsManagedFromItsFirstStanza() {
    ToConnector.Bound bound = bindInline(new BindRequest(null, null, true, true, 60, null));
    Session session = owner.account().session("made");
    assertEquals(session.outbox().id(), bound.inline().id());
    assertEquals(60, bound.inline().maxSeconds());
    assertEquals(bound.inline().id(), answer(ToConnector.AcksEnabled.class).id());
    assertEquals(session.outbox().id(), owner.stored.record(session.jid()).id());
  }

  @Test
  void whoDoesNotWantToResumeIsTheOnlyOneToKnowTheSession() {
    ToConnector.Bound bound = bindInline(new BindRequest(null, null, true, false, 0, null));
    assertTrue(bound.inline().managed());
    assertNull(bound.inline().id());
    assertFalse(owner.account().session("made").isResumable());
  }

  @Test
  void anEarlierSessionOfTheSameClientEnds() {
    bindInline(new BindRequest("one", "agent", true, true, 0, null));
    Session one = owner.account().session("one/made");
    disconnect(one);
    bindInline(new BindRequest("two", "agent", false, false, 0, null));
    assertTrue(one.hasEnded());
    assertFalse(phone.hasEnded());
    assertEquals(2, owner.accounts.sessions());
  }

  @Test
  void extensionsDoWhatTheyAreAskedFor() {
    SessionKey<Boolean> flag = SessionKey.flag("flag");
    handlers.put(
        "enable",
        (session, wish) -> {
          Effect on = new Effect.SetState<>(session.jid(), flag, true);
          return new BindHandler.Answer(Element.of("urn:x", "enabled"), List.of(on));
        });
    handlers.put(
        "bug",
        (session, wish) -> {
          throw new IllegalStateException("expected by the test");
        });
    String xml =
        "<bind xmlns='urn:xmpp:bind:0'><unknown xmlns='urn:y'/><bug xmlns='urn:x'/>"
            + "<enable xmlns='urn:x'/></bind>";
    ToConnector.Bound bound =
        bindInline(new BindRequest(null, null, false, false, 0, xml.getBytes(UTF_8)));
    assertEquals("<enabled xmlns='urn:x'/>", new String(bound.inline().features(), UTF_8));
    assertEquals(List.of(new Effect.SetState<>(bound.session(), flag, true)), done);
  }

  // The archive (XEP-0386, section 3.2).

  private static final String NOTHING = "<metadata xmlns='urn:xmpp:mam:2'/>";

  private Archiving.Kept archive(String id) {
    return owner.archiving.received(owner.account(), message(id), Archiving.Taker.CLIENT, 0);
  }

  private static Stanza message(String id) {
    Element body = Element.of("jabber:client", "body", id);
    return Stanza.of(StanzaType.MESSAGE_CHAT, Given.ROMEO, Owner.JULIET, id, body);
  }

  private String metadata(int first, int last) {
    return "<metadata xmlns='urn:xmpp:mam:2'>%s%s</metadata>"
        .formatted(position("start", first), position("end", last));
  }

  private String position(String name, int index) {
    MailboxEntry entry = owner.log.entries.get(index);
    return "<%s id='%d' timestamp='%s'/>".formatted(name, entry.id(), entry.time());
  }

  private static String told(ToConnector.Bound bound) {
    byte[] features = bound.inline().features();
    return features == null ? null : new String(features, UTF_8);
  }

  @Test
  void aClientLearnsTheEndsOfItsArchive() {
    archived = Set.of("capulet.example");
    assertEquals(NOTHING, told(bindInline(tagged("a"))));
    archive("1");
    owner.clock.now += 5;
    archive("2");
    archive("3");
    owner.log.archiveReads = 0;
    assertEquals(metadata(0, 2), told(bindInline(new BindRequest("a", "x", true, true, 0, null))));
    assertEquals(2, owner.log.archiveReads);
  }

  @Test
  void theArchiveIsReadForNobodyElse() {
    archive("1");
    assertNull(told(bindInline(tagged("a")))); // of another domain
    archived = Set.of("capulet.example");
    request = null;
    bind("phone", ResourceConflict.REPLACE);
    assertNull(owner.taken(ToConnector.Bound.class).get(0).inline());
    assertEquals(0, owner.log.archiveReads);
  }

  @Test
  void whatIsBeingWrittenIsInTheArchive() {
    archived = Set.of("capulet.example");
    owner.log.held = true;
    archive("1");
    request = tagged("a");
    bind(null, ResourceConflict.REPLACE);
    assertEquals(List.of(), owner.taken(ToConnector.Bound.class));
    owner.accounts.run(
        Owner.JULIET, LiveAccount.Level.NOTHING, account -> done.add(new Effect.SetPhoto("late")));
    assertEquals(List.of(), done, "waits for the session");
    owner.log.appends.get(0).complete();
    assertEquals(metadata(0, 0), told(owner.taken(ToConnector.Bound.class).get(0)));
    assertEquals(1, done.size());
  }

  @Test
  void aReadingThatIsTooOldIsDoneAgain() {
    archived = Set.of("capulet.example");
    archive("1");
    Promise<Void> loaded = Promise.promise();
    owner.accounts.hold(owner.account(), "the test", loaded.future());
    owner.accounts.run(
        Owner.JULIET,
        LiveAccount.Level.ROSTER,
        account -> owner.archiving.received(account, message("2"), Archiving.Taker.CLIENT, 0));
    request = tagged("a");
    bind(null, ResourceConflict.REPLACE);
    assertEquals(2, owner.log.archiveReads);
    loaded.complete();
    assertEquals(metadata(0, 1), told(owner.taken(ToConnector.Bound.class).get(0)));
    assertEquals(4, owner.log.archiveReads);
  }

  @Test
  void anArchiveThatCannotBeReadIsNoObstacle() {
    archived = Set.of("capulet.example");
    owner.log.failing = true;
    assertNull(told(bindInline(tagged("a"))));
  }

  // The client (XEP-0494).

  @Test
  void theClientIsRemembered() {
    ClientDescription lute = new ClientDescription("Lute", null, true);
    bindInline(new BindRequest(null, "agent", true, true, 0, null, lute));
    Instant now = owner.clock.instant();
    assertEquals(
        List.of(new KnownClient("agent", "Lute", null, now, now, false)),
        owner.stores.loginTokens().clients(Owner.JULIET).result());
    owner.records.flush();
    Map<String, String> state = owner.stored.record(owner.account().session("made").jid()).state();
    assertEquals("agent", state.get("user-agent"));
    assertEquals("Lute", state.get("user-agent-software"));
    assertEquals("1", state.get("by-token"));
  }
}

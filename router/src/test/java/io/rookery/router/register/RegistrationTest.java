package io.rookery.router.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.login.MemoryTokens;
import io.rookery.router.login.PasswordWork;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.router.session.Given;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.token.LoginToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0077: request in, reply and effects out. */
class RegistrationTest {
  private static final String NS = Registration.NS;
  private static final Jid JULIET = Given.JULIET;

  private final Vertx vertx = Vertx.vertx();
  private final Known accounts = new Known();
  private final MemoryTokens tokens = new MemoryTokens();

  @AfterEach
  void close() {
    vertx.close();
  }

  private static final class Known implements Accounts {
    private final Map<Jid, Account> byJid = new HashMap<>();

    @Override
    public Future<Boolean> create(Account account) {
      return Future.succeededFuture(byJid.putIfAbsent(account.jid(), account) == null);
    }

    @Override
    public Future<Optional<Account>> find(Jid jid) {
      return Future.succeededFuture(Optional.ofNullable(byJid.get(jid)));
    }

    @Override
    public Future<Boolean> changeKeys(Jid jid, Map<ScramKeys.Hash, ScramKeys> keys) {
      Account old = byJid.get(jid);
      return Future.succeededFuture(
          old != null && byJid.put(jid, new Account(jid, keys, old.created())) != null);
    }

    @Override
    public Future<Boolean> addKeys(Account known, ScramKeys added) {
      throw new AssertionError("nobody adds keys here");
    }

    @Override
    public Future<Boolean> delete(Jid jid) {
      throw new AssertionError("removal is an effect");
    }

    @Override
    public Future<List<Jid>> list(String domain, Jid after, int limit) {
      throw new AssertionError("nobody lists accounts here");
    }
  }

  private Registration registration(boolean enabled, int perAddress) {
    RouterConfig config =
        new RouterConfig(
            Map.of("capulet.example", RouterConfig.Archive.OFF),
            new RouterConfig.Registration(enabled, perAddress, Duration.ofMinutes(10)),
            Map.of(),
            4096,
            1,
            1,
            1,
            RouterConfig.ResourceConflict.REPLACE,
            new RouterConfig.Resumption(Duration.ofMinutes(5), 100, 100_000),
            List.of(),
            RouterConfig.ExternalServices.NONE,
            RouterConfig.Push.NOTHING,
            Duration.ofDays(60));
    return new Registration(
        accounts,
        tokens,
        new PasswordKeys(new SecureRandom(), 4096),
        new PasswordWork(vertx.createSharedWorkerExecutor("passwords", 1), 10),
        new RegistrationLimit(perAddress, Duration.ofMinutes(10), Clock.systemUTC()),
        config,
        Clock.systemUTC());
  }

  private static Element query(String... namesAndValues) {
    Element query = Element.of(NS, "query");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      query = query.with(Element.of(NS, namesAndValues[i], namesAndValues[i + 1]));
    }
    return query;
  }

  private static String outcome(Future<IqReply> reply) throws Exception {
    IqReply done = reply.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    return done.error() == null ? "ok" : done.error().condition().xmlName();
  }

  private static String anonymous(Registration registration, Element query) throws Exception {
    Stanza iq = Stanza.of(StanzaType.IQ_SET, null, null, "1", query);
    return outcome(registration.anonymous("capulet.example", iq, "192.0.2.1"));
  }

  private Future<IqReply> own(StanzaType type, Element query) {
    Stanza iq = Stanza.of(type, JULIET.withResource("a"), null, "1", query);
    return new IqDispatcher(new Extensions(List.of(registration(false, 1))))
        .answer(iq, IqTarget.OWN_ACCOUNT, Given.account(JULIET, true), null);
  }

  @ParameterizedTest
  @CsvSource({
    "juliet, secret, ok",
    "JULIET, secret, ok",
    "ju@liet, secret, not-acceptable",
    "'', secret, not-acceptable",
    "juliet, '', not-acceptable",
    "nurse, secret, conflict",
  })
  void signingUp(String username, String password, String expected) throws Exception {
    accounts.create(
        new Account(Jid.parse("nurse@capulet.example"), Map.of(), java.time.Instant.EPOCH));
    Element query = query("username", username, "password", password);
    assertEquals(expected, anonymous(registration(true, 5), query));
    assertEquals(expected.equals("ok"), accounts.byJid.containsKey(JULIET));
  }

  @Test
  void keysAreKeptForEveryHash() throws Exception {
    anonymous(registration(true, 5), query("username", "juliet", "password", "secret"));
    assertEquals(ScramKeys.Hash.values().length, accounts.byJid.get(JULIET).keys().size());
  }

  @Test
  void registrationCanBeOff() throws Exception {
    Element query = query("username", "juliet", "password", "secret");
    assertEquals("service-unavailable", anonymous(registration(false, 5), query));
    assertEquals("bad-request", anonymous(registration(true, 5), Element.of("urn:x", "query")));
    assertTrue(accounts.byJid.isEmpty());
  }

  @Test
  void anAddressHasItsShareOnly() throws Exception {
    Registration registration = registration(true, 1);
    assertEquals("ok", anonymous(registration, query("username", "a", "password", "x")));
    assertEquals(
        "resource-constraint", anonymous(registration, query("username", "b", "password", "x")));
  }

  @ParameterizedTest
  @CsvSource({
    "juliet, new, ok",
    "Juliet, new, ok",
    "romeo, new, not-allowed",
    "juliet, '', not-acceptable",
  })
  void changingThePassword(String username, String password, String expected) throws Exception {
    accounts.create(new Account(JULIET, Map.of(), java.time.Instant.EPOCH));
    tokens.tokens.add(new LoginToken("agent", 1, "HT", new byte[1], new byte[1], null, 0));
    Element query = query("username", username, "password", password);
    assertEquals(expected, outcome(own(StanzaType.IQ_SET, query)));
    assertEquals(expected.equals("ok"), !accounts.byJid.get(JULIET).keys().isEmpty());
    assertEquals(expected.equals("ok"), tokens.tokens.isEmpty());
  }

  @Test
  void removalIsAnEffectOnTheOwnAccount() throws Exception {
    Future<IqReply> reply = own(StanzaType.IQ_SET, query("remove", ""));
    assertEquals("ok", outcome(reply));
    assertEquals(List.of(new Effect.RemoveAccount(JULIET)), reply.result().effects());
    Future<IqReply> muddled = own(StanzaType.IQ_SET, query("remove", "", "username", "juliet"));
    assertEquals("bad-request", outcome(muddled));
    assertEquals(List.of(), muddled.result().effects());
    assertEquals("bad-request", outcome(own(StanzaType.IQ_SET, query("username", "juliet"))));
  }

  @Test
  void theFormSaysWhoIsRegistered() {
    Element form = own(StanzaType.IQ_GET, query()).result().payload();
    assertNotNull(form.child(NS, "registered"));
    assertEquals("juliet", form.child(NS, "username").text());
    assertFalse(form.child(NS, "password") == null);
  }
}

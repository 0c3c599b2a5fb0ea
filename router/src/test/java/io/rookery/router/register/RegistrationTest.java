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
import io.rookery.router.RouterConfig.Inviters;
import io.rookery.router.account.Credentials;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.invitation.ContactApproval;
import io.rookery.router.invitation.InvitedRegistration;
import io.rookery.router.invitation.Issuance;
import io.rookery.router.invitation.MemoryInvitations;
import io.rookery.router.login.MemoryTokens;
import io.rookery.router.login.Owner;
import io.rookery.router.login.PasswordWork;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.router.session.Given;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.roster.Roster;
import io.rookery.storage.roster.RosterItem;
import io.rookery.storage.roster.Rosters;
import io.rookery.storage.token.LoginToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0077: request in, reply and effects out. */
class RegistrationTest {
  private static final String NS = Registration.NS;
  private static final Jid JULIET = Given.JULIET;
  private static final Jid ADMIN = Jid.parse("capulet@capulet.example");

  private final Vertx vertx = Vertx.vertx();
  private final Known accounts = new Known();
  private final MemoryTokens tokens = new MemoryTokens();
  private final MemoryInvitations invitations = new MemoryInvitations();
  private final Map<Jid, RosterItem> waiting = new HashMap<>();
  private final Owner.SetClock clock = new Owner.SetClock();
  private final Issuance issuance =
      new Issuance(invitations, new SecureRandom(), clock, Duration.ofDays(7));
  private final Rosters rosters = new WaitingContacts();
  private final List<Jid> changed = new ArrayList<>();

  @AfterEach
  void close() {
    vertx.close();
  }

  /** Keeps the one item that a new account's roster gets. */
  private final class WaitingContacts implements Rosters {
    @Override
    public Future<Void> put(Jid user, RosterItem item, long version) {
      waiting.put(user, item);
      return Future.succeededFuture();
    }

    @Override
    public Future<Roster> load(Jid user) {
      throw new AssertionError("nobody reads rosters here");
    }

    @Override
    public Future<Map<Jid, RosterItem>> items(Collection<Jid> users, Jid contact) {
      throw new AssertionError("nobody reads rosters here");
    }

    @Override
    public Future<Void> remove(Jid user, Jid contact, long version) {
      throw new AssertionError("nothing is removed here");
    }

    @Override
    public Future<Void> delete(Jid user) {
      throw new AssertionError("removal is an effect");
    }
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
    public Future<Boolean> disable(Jid jid, boolean disabled) {
      throw new AssertionError("nobody is disabled here");
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
    return registration(enabled, perAddress, Inviters.USERS);
  }

  private Registration registration(boolean enabled, int perAddress, Inviters inviters) {
    Duration window = Duration.ofMinutes(10);
    return new Registration(
        new Credentials(
            accounts,
            tokens,
            new PasswordKeys(new SecureRandom(), 4096),
            new PasswordWork(vertx.createSharedWorkerExecutor("passwords", 1), 10),
            clock),
        new InvitedRegistration(invitations, rosters, accounts, inviters, Set.of(ADMIN), clock),
        new RegistrationLimit(perAddress, window, Clock.systemUTC()),
        new RegistrationLimit(100, window, Clock.systemUTC()),
        new RouterConfig.Registration(enabled, perAddress, window),
        changed::add,
        Set.of("guests.example"));
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
    return outcome(registration.anonymous("capulet.example", iq, "192.0.2.1", null));
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

  /** Some clients know only forms. */
  @ParameterizedTest
  @CsvSource({
    "jabber:iq:register, juliet, secret, ok",
    "jabber:iq:register, '', secret, not-acceptable",
    "jabber:iq:search, juliet, secret, not-acceptable",
  })
  void aFormIsTaken(String type, String username, String password, String expected)
      throws Exception {
    Element x = Element.of("jabber:x:data", "x").attribute("type", "submit");
    for (String[] field :
        new String[][] {{"FORM_TYPE", type}, {"username", username}, {"password", password}}) {
      x =
          x.with(
              Element.of("jabber:x:data", "field")
                  .attribute("var", field[0])
                  .with(Element.of("jabber:x:data", "value", field[1])));
    }
    assertEquals(expected, anonymous(registration(true, 5), Element.of(NS, "query").with(x)));
    assertEquals(expected.equals("ok"), accounts.byJid.containsKey(JULIET));
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
    accounts.create(new Account(JULIET, Owner.KEYS, java.time.Instant.EPOCH));
    tokens.tokens.add(new LoginToken("agent", 1, "HT", new byte[1], new byte[1], null, 0));
    Element query = query("username", username, "password", password);
    assertEquals(expected, outcome(own(StanzaType.IQ_SET, query)));
    assertEquals(expected.equals("ok"), !accounts.byJid.get(JULIET).keys().equals(Owner.KEYS));
    assertEquals(expected.equals("ok"), tokens.tokens.isEmpty());
    assertEquals(expected.equals("ok") ? List.of(JULIET) : List.of(), changed);
  }

  @Test
  void nobodyCompletesAnImportWithAPassword() throws Exception {
    accounts.create(new Account(JULIET, Map.of(), java.time.Instant.EPOCH));
    Element query = query("username", "juliet", "password", "new");
    assertEquals("item-not-found", outcome(own(StanzaType.IQ_SET, query)));
    assertEquals(Map.of(), accounts.byJid.get(JULIET).keys());
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

  private static String token(Issuance.Issued issued) {
    String rest = issued.uri().substring(issued.uri().indexOf("preauth=") + "preauth=".length());
    return rest.replace(";ibr=y", "");
  }

  private String invitation(String address) {
    return token(
        issuance
            .account(Jid.parse("capulet.example"), Jid.parse(address), false)
            .result()
            .orElseThrow());
  }

  private static String shown(Registration registration, String token) throws Exception {
    Element preauth = Element.of(ContactApproval.NS, "preauth").attribute("token", token);
    Stanza iq = Stanza.of(StanzaType.IQ_SET, null, null, "1", preauth);
    return outcome(registration.anonymous("capulet.example", iq, "192.0.2.1", null));
  }

  private static Future<IqReply> invited(Registration registration, String token, String name) {
    Stanza iq =
        Stanza.of(StanzaType.IQ_SET, null, null, "1", query("username", name, "password", "x"));
    return registration.anonymous("capulet.example", iq, "192.0.2.1", token);
  }

  /** XEP-0445, section 4. */
  @Test
  void anInvitationIsGoodForOneAccountAlsoWhereRegistrationIsOff() throws Exception {
    Registration registration = registration(false, 99);
    String token = invitation("capulet.example");
    assertEquals("ok", shown(registration, token));
    assertEquals("ok", shown(registration, token), "only making an account uses it up");
    assertEquals("not-acceptable", outcome(invited(registration, token, "a@b")));
    assertEquals("ok", outcome(invited(registration, token, "juliet")));
    assertTrue(accounts.byJid.containsKey(JULIET));
    assertEquals("item-not-found", shown(registration, token));
    assertEquals("item-not-found", outcome(invited(registration, token, "nurse")));
    assertEquals(1, accounts.byJid.size());
  }

  @Test
  void aTakenNameDoesNotUseTheInvitationUp() throws Exception {
    accounts.create(new Account(JULIET, Map.of(), java.time.Instant.EPOCH));
    Registration registration = registration(false, 99);
    String token = invitation("capulet.example");
    assertEquals("conflict", outcome(invited(registration, token, "juliet")));
    assertEquals("ok", outcome(invited(registration, token, "nurse")));
  }

  /** Whoever has the name may do everything. */
  @Test
  void theNameOfAnAdministratorIsForWhoIsInvitedToIt() throws Exception {
    Registration registration = registration(true, 99);
    Element query = query("username", "capulet", "password", "x");
    assertEquals("conflict", anonymous(registration, query));
    String any = invitation("capulet.example");
    assertEquals("conflict", outcome(invited(registration, any, "capulet")));
    assertEquals("ok", outcome(invited(registration, invitation(ADMIN.toString()), "capulet")));
  }

  @Test
  void whoIsTooLateDoesNotReleaseTheClaimOfAnother() throws Exception {
    Registration registration = registration(false, 99);
    String token = invitation("capulet.example");
    invitations.claim(
        invitations.find(Issuance.hash(token)).result().orElseThrow(),
        JULIET,
        Duration.ofMinutes(1));
    assertEquals("item-not-found", outcome(invited(registration, token, "juliet")));
    assertEquals("item-not-found", outcome(invited(registration, token, "nurse")));
  }

  @Test
  void itCountsWhenAnInvitationWasShown() throws Exception {
    Registration registration = registration(false, 99);
    String token = invitation("capulet.example");
    clock.now += Duration.ofDays(7).toMillis();
    assertEquals("item-not-found", shown(registration, token));
    assertEquals("ok", outcome(invited(registration, token, "juliet")), "begun before");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"none, bad-request", "'', item-not-found", "unknown, item-not-found"})
  void whatIsNoTokenIsRefused(String token, String expected) throws Exception {
    assertEquals(expected, shown(registration(true, 99), token));
  }

  @Test
  void invitationsCanBeOffAndAreForTheirDomain() throws Exception {
    String token = invitation("capulet.example");
    assertEquals("service-unavailable", shown(registration(true, 9, Inviters.OFF), token));
    String other =
        token(
            issuance
                .account(Jid.parse("montague.example"), Jid.parse("montague.example"), false)
                .result()
                .orElseThrow());
    assertEquals("item-not-found", shown(registration(true, 9), other));
    String contactOnly = token(issuance.contact(JULIET, false).result());
    assertEquals("item-not-found", shown(registration(true, 9), contactOnly));
  }

  @Test
  void tokensAreNotGuessedForLong() throws Exception {
    Registration registration = registration(true, 1);
    for (int i = 0; i < 100; i++) {
      assertEquals("item-not-found", shown(registration, "a" + i));
    }
    assertEquals("resource-constraint", shown(registration, invitation("capulet.example")));
  }

  @Test
  void anAddressIsKeptForWhoIsInvited() throws Exception {
    Registration registration = registration(true, 99);
    String token = invitation("juliet@capulet.example");
    Element query = query("username", "juliet", "password", "x");
    assertEquals("conflict", anonymous(registration, query));
    String another = invitation("capulet.example");
    assertEquals("conflict", outcome(invited(registration, another, "juliet")));
    assertEquals("not-acceptable", outcome(invited(registration, token, "nurse")));
    Stanza form = Stanza.of(StanzaType.IQ_GET, null, null, "1", query());
    Future<IqReply> asked = registration.anonymous("capulet.example", form, "192.0.2.1", token);
    assertEquals("juliet", asked.result().payload().child(NS, "username").text());
    assertEquals("ok", outcome(invited(registration, token, "juliet")));
    assertEquals(1, invitations.all.size());
  }

  /** XEP-0401, section 5.5: both get into each other's rosters. */
  @Test
  void theNewAccountAsksForItsInviter() throws Exception {
    Jid romeo = Jid.parse("romeo@capulet.example");
    accounts.create(new Account(romeo, Owner.KEYS, java.time.Instant.EPOCH));
    String token = token(issuance.contact(romeo, true).result());
    Future<IqReply> reply = invited(registration(false, 9), token, "juliet");
    assertEquals("ok", outcome(reply));
    RosterItem item = waiting.get(JULIET);
    assertEquals(romeo, item.contact());
    assertTrue(item.ask() && item.approved());
    Stanza request = ((Effect.Send) reply.result().effects().get(0)).stanza();
    assertEquals(StanzaType.PRESENCE_SUBSCRIBE, request.type());
    assertEquals(JULIET, request.from());
    ContactApproval approval = new ContactApproval(invitations, clock);
    assertFalse(approval.approves(romeo, request.withFrom(Jid.parse("x@y.example"))).result());
    clock.now += Duration.ofDays(8).toMillis();
    assertTrue(approval.approves(romeo, request).result());
    assertFalse(approval.approves(romeo, request).result(), "once");
  }

  @Test
  void whoIsDisabledInvitesNobodyAnyMore() throws Exception {
    Registration registration = registration(false, 9);
    String token = token(issuance.contact(JULIET, true).result());
    accounts.create(new Account(JULIET, Owner.KEYS, java.time.Instant.EPOCH, true));
    assertEquals("item-not-found", shown(registration, token));
    assertEquals("item-not-found", outcome(invited(registration, token, "nurse")));
    accounts.byJid.put(JULIET, new Account(JULIET, Owner.KEYS, java.time.Instant.EPOCH));
    assertEquals("ok", outcome(invited(registration, token, "nurse")));
    String another = token(issuance.contact(JULIET, true).result());
    accounts.byJid.remove(JULIET);
    assertEquals("item-not-found", shown(registration, another), "nor whoever is gone");
  }

  @Test
  void withoutStorageNothingIsMade() throws Exception {
    String token = invitation("capulet.example");
    Registration registration = registration(false, 9);
    invitations.failing = true;
    Stanza iq =
        Stanza.of(StanzaType.IQ_SET, null, null, "1", query("username", "a", "password", "x"));
    assertTrue(registration.anonymous("capulet.example", iq, "192.0.2.1", token).failed());
    assertTrue(accounts.byJid.isEmpty(), "not without having claimed the invitation");
  }
}

package io.rookery.router.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.BindRequest;
import io.rookery.protocol.wire.ClientDescription;
import io.rookery.protocol.xml.Element;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.Effect;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.login.MemoryTokens;
import io.rookery.router.login.Owner;
import io.rookery.router.sasl.HashedToken;
import io.rookery.router.session.LiveAccount;
import io.rookery.router.session.Session;
import io.rookery.storage.account.Account;
import io.rookery.storage.token.KnownClient;
import io.rookery.storage.token.LoginToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0494: who has access, and who has it no more. */
class ClientAccessTest {
  private static final String NS = "urn:xmpp:cam:0";
  private static final String PHONE = "d4565fa7-4d72-4749-b3d3-740edbf87770";
  private static final String LAPTOP = "00000000-4d72-4749-b3d3-740edbf87770";

  private final Owner owner = new Owner();
  private final LiveAccount account = owner.account();
  private final MemoryTokens store = (MemoryTokens) owner.stores.loginTokens();
  private final ClientRecords records = new ClientRecords(store, Duration.ofDays(60), owner.clock);
  private Duration kept = Duration.ofDays(60);
  private final List<String> revoked = new ArrayList<>();
  private final byte[] password =
      HashedToken.digest(new Account(Owner.JULIET, Owner.KEYS, Instant.EPOCH));

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private Session session(String resource, String agent, String software, boolean byToken) {
    Session session = owner.session(resource, account.sessions().size() + 1);
    ClientDescription description = new ClientDescription(software, null, byToken);
    SessionClient.describe(
        session, new BindRequest(null, agent, false, false, 0, null, description));
    records.seen(account, session);
    return session;
  }

  private void token(String client, byte[] ofPassword, Duration lasts) {
    long now = owner.clock.now;
    Instant expires = Instant.ofEpochMilli(now).plus(lasts);
    store.tokens.add(new LoginToken(client, now, "HT", new byte[1], ofPassword, expires, 0));
  }

  private Extensions extensions() {
    return new Extensions(
        List.of(
            new ClientAccess(
                owner.stores.accounts(),
                store,
                kept,
                owner.clock,
                (account, agent) -> revoked.add(agent),
                owner.accounts::turnedOut)));
  }

  private IqReply ask(StanzaType type, String query) {
    Stanza iq = Stanza.of(type, Owner.JULIET.withResource("a"), null, "1", Element.parse(query));
    return new IqDispatcher(extensions()).answer(iq, IqTarget.OWN_ACCOUNT, account, null).result();
  }

  private List<Element> clients() {
    return ask(StanzaType.IQ_GET, "<list xmlns='urn:xmpp:cam:0'/>").payload().children();
  }

  private IqReply revoke(Element client) {
    return ask(
        StanzaType.IQ_SET,
        "<revoke xmlns='urn:xmpp:cam:0' id='%s'/>".formatted(client.attribute("id")));
  }

  private static String auth(Element client) {
    return client.child(NS, "auth").children().stream().map(Element::name).toList().toString();
  }

  private static List<String> ended(IqReply reply) {
    return reply.effects().stream()
        .map(effect -> ((Effect.EndSession) effect).session().resource())
        .toList();
  }

  private static void needsAnotherPassword(IqReply reply) {
    assertEquals("service-unavailable", reply.error().condition().xmlName());
    assertEquals("<password-reset-required xmlns='urn:xmpp:cam:0'/>", reply.error().application());
  }

  @Test
  void aClientWithASession() {
    session("balcony", PHONE, "Lute & Co", false);
    owner.clock.now += Duration.ofMinutes(10).toMillis();
    Element client = clients().get(0);
    assertEquals(
        "<client xmlns='urn:xmpp:cam:0' connected='true' id='"
            + client.attribute("id")
            + "' type='session'><first-seen>2023-11-14T22:13:20Z</first-seen>"
            + "<last-seen>2023-11-14T22:13:20Z</last-seen><auth><password/></auth>"
            + "<permission status='unrestricted'/>"
            + "<user-agent><software>Lute &amp; Co</software></user-agent></client>",
        client.toString());
    assertTrue(client.attribute("id").length() >= 16);
    assertTrue(!client.toString().contains(PHONE), "that is the client's own");
  }

  @Test
  void clientsAreListedOnceWhateverTheyHave() {
    session("balcony", PHONE, "Lute", true);
    token(PHONE, password, Duration.ofDays(1));
    owner.clock.now += Duration.ofDays(1).toMillis() / 2;
    token(PHONE, password, Duration.ofDays(1));
    session("anonymous", null, null, false);
    token(LAPTOP, password, Duration.ofDays(1)); // from before clients were remembered
    List<Element> clients = clients();
    assertEquals(3, clients.size());
    assertEquals("[fast]", auth(clients.get(0)));
    assertEquals("2023-11-15T10:13:20Z", clients.get(0).child(NS, "last-seen").text());
    assertEquals("[fast]", auth(clients.get(1)));
    assertEquals("access", clients.get(1).attribute("type"));
    assertEquals("false", clients.get(1).attribute("connected"));
    assertNull(clients.get(1).child(NS, "user-agent"));
    assertEquals("[password]", auth(clients.get(2)));
    assertEquals("true", clients.get(2).attribute("connected"));
  }

  @Test
  void tokensThatAreNoGoodGiveNoAccess() {
    token(PHONE, new byte[] {9}, Duration.ofDays(1)); // of another password
    token(LAPTOP, password, Duration.ZERO); // expired
    assertEquals(List.of(), clients());
  }

  @Test
  void aClientThatHasLeftIsStillKnown() {
    Session gone = session("balcony", PHONE, "Lute", false);
    owner.sessionEnd.ended(account, gone);
    Element client = clients().get(0);
    assertEquals("false", client.attribute("connected"));
    assertEquals("session", client.attribute("type"));
    assertEquals("[password]", auth(client));
    assertEquals("Lute", client.child(NS, "user-agent").child(NS, "software").text());
  }

  @Test
  void revokingAClientWithTokensEndsItsSessionsAndTokens() {
    session("balcony", PHONE, "Lute", true);
    session("laptop", LAPTOP, "Harp", true);
    token(PHONE, password, Duration.ofDays(1));
    token(LAPTOP, password, Duration.ofDays(1));
    IqReply reply = revoke(clients().get(1));
    assertNull(reply.error());
    assertEquals(List.of("balcony"), ended(reply));
    assertEquals(List.of(LAPTOP), store.tokens.stream().map(LoginToken::client).toList());
    assertEquals(List.of(LAPTOP), List.copyOf(store.clients.keySet()));
    assertEquals(List.of(PHONE), revoked, "nor is it told of messages any more");
    assertFalse(owner.accounts.isWelcome(Owner.JULIET, PHONE).result(), "if it is about to bind");
    assertTrue(owner.accounts.isWelcome(Owner.JULIET, LAPTOP).result());
  }

  @Test
  void aPasswordCannotBeRevoked() {
    session("balcony", PHONE, "Lute", false);
    token(PHONE, password, Duration.ofDays(1));
    IqReply reply = revoke(clients().get(0));
    needsAnotherPassword(reply);
    assertEquals(List.of("balcony"), ended(reply)); // but everything else
    assertEquals(List.of(), store.tokens);
    assertEquals("[password]", auth(clients().get(0)));
    store.delete(Owner.JULIET); // as another password does
    Element phone = clients().get(0);
    assertEquals("[]", auth(phone)); // all that it has is its session
    IqReply then = revoke(phone);
    assertNull(then.error());
    assertEquals(List.of("balcony"), ended(then));
    owner.sessionEnd.ended(account, account.session("balcony"));
    assertEquals(List.of(), clients());
  }

  @Test
  @SuppressWarnings("unchecked") // a flag is what it is
  void whoHasChosenThePasswordKnowsIt() {
    Session phone = session("balcony", PHONE, "Lute", true);
    assertEquals("[]", auth(clients().get(0)));
    Effect.SetState<Boolean> chose =
        (Effect.SetState<Boolean>) SessionClient.chosePassword(phone.jid());
    phone.put(chose.key(), chose.value());
    assertEquals("[password]", auth(clients().get(0)));
    needsAnotherPassword(revoke(clients().get(0)));
  }

  @Test
  void aSessionOfWhoDidNotSayWhoItIs() {
    session("one", null, null, false);
    session("two", null, null, false);
    IqReply reply = revoke(clients().get(1));
    needsAnotherPassword(reply);
    assertEquals(List.of("two"), ended(reply));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " id=''"})
  void nobodyIsNamed(String id) {
    session("balcony", PHONE, "Lute", false);
    IqReply reply = ask(StanzaType.IQ_SET, "<revoke xmlns='urn:xmpp:cam:0'" + id + "/>");
    assertEquals("bad-request", reply.error().condition().xmlName());
    assertEquals(List.of(), reply.effects());
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", PHONE, "balcony"})
  void somebodyUnknownIsNamed(String id) {
    session("balcony", PHONE, "Lute", true);
    IqReply reply = ask(StanzaType.IQ_SET, "<revoke xmlns='urn:xmpp:cam:0' id='" + id + "'/>");
    assertEquals("item-not-found", reply.error().condition().xmlName());
    assertEquals(1, store.clients.size());
  }

  @Test
  void othersMayNotAsk() {
    Extensions extensions = extensions();
    for (IqTarget target : new IqTarget[] {IqTarget.OTHER_ACCOUNT, IqTarget.SERVER}) {
      assertNull(extensions.handler(StanzaType.IQ_GET, NS, "list", target));
      assertNull(extensions.handler(StanzaType.IQ_SET, NS, "revoke", target));
    }
  }

  @Test
  void comingAndGoingIsNotWrittenEachTime() {
    Instant first = owner.clock.instant();
    session("balcony", PHONE, "Lute", false);
    owner.clock.now += ClientRecords.PRECISION.toMillis() - 1;
    session("street", PHONE, "Lute", true);
    assertEquals(first, store.clients.get(PHONE).lastSeen());
    owner.clock.now += 1;
    session("garden", PHONE, "Lute", true);
    KnownClient known = store.clients.get(PHONE);
    assertEquals(owner.clock.instant(), known.lastSeen());
    assertEquals(first, known.firstSeen());
    assertTrue(known.password(), "it has presented it once");
    session("tomb", PHONE, "Harp", true);
    assertEquals("Harp", store.clients.get(PHONE).software());
  }

  @Test
  void thereIsRoomForSomeClients() {
    for (int i = 0; i < ClientRecords.MAX_CLIENTS + 2; i++) {
      owner.clock.now += 1000;
      owner.sessionEnd.ended(
          account, session("r" + i, LAPTOP.replace("00000000", "%08d".formatted(i)), null, false));
    }
    assertEquals(ClientRecords.MAX_CLIENTS, store.clients.size());
    assertTrue(store.clients.keySet().iterator().next().startsWith("00000002"));
  }

  @Test
  void nothingIsKeptWhereThatIsNotWanted() {
    Session session = owner.session("balcony", 1);
    SessionClient.describe(session, new BindRequest(null, PHONE, false, false, 0, null));
    new ClientRecords(store, Duration.ZERO, owner.clock).seen(account, session);
    assertEquals(Map.of(), store.clients);
    kept = Duration.ZERO;
    assertEquals("[password]", auth(clients().get(0))); // while it lasts
    needsAnotherPassword(revoke(clients().get(0)));
  }
}

package io.rookery.router.login;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.sasl.Mechanism;
import io.rookery.protocol.sasl.SaslOffer;
import io.rookery.protocol.wire.IssuedToken;
import io.rookery.protocol.wire.LoginRequest;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.sasl.SaslCondition;
import io.rookery.router.sasl.SaslStep;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0484: who has which token, and what it is good for. */
class TokenLoginTest {
  private static final Jid JULIET = Jid.parse("juliet@capulet.example");
  private static final String PHONE = "d4565fa7-4d72-4749-b3d3-740edbf87770";
  private static final String LAPTOP = "00000000-4d72-4749-b3d3-740edbf87770";
  private static final String NONE = "HT-SHA-256-NONE";
  private static final String EXPR = "HT-SHA-256-EXPR";
  private static final byte[] EXPORTED = "exported".getBytes(UTF_8);
  private static final ChannelBindings BINDINGS =
      new ChannelBindings(Map.of("tls-exporter", EXPORTED));

  private final MemoryTokens store = new MemoryTokens();
  private final Owner.SetClock clock = new Owner.SetClock();
  private Account account = account(1);
  private final TokenLogin login =
      new TokenLogin(
          accounts(),
          new Tokens(store, new SecureRandom(), clock),
          new Admission(() -> 0, 0, new SimpleMeterRegistry()));

  private static Account account(int salt) {
    ScramKeys keys =
        new ScramKeys(
            ScramKeys.Hash.SHA_256, new byte[] {(byte) salt}, 4096, new byte[32], new byte[32]);
    return new Account(JULIET, Map.of(ScramKeys.Hash.SHA_256, keys), Instant.EPOCH);
  }

  private Accounts accounts() {
    return (Accounts)
        Proxy.newProxyInstance(
            Accounts.class.getClassLoader(),
            new Class<?>[] {Accounts.class},
            (proxy, method, args) ->
                Future.succeededFuture(
                    Optional.ofNullable(account).filter(one -> one.jid().equals(args[0]))));
  }

  private static ToRouter.SaslStart start(String mechanism, byte[] initial, LoginRequest request) {
    return new ToRouter.SaslStart(
        7, "capulet.example", mechanism, initial, true, BINDINGS, "192.0.2.1", request);
  }

  private static LoginRequest request(String client, long count, boolean invalidate, String wish) {
    return new LoginRequest(null, client, true, count, invalidate, wish);
  }

  private static byte[] hmac(String token, String who, byte[] binding) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(US_ASCII), "HmacSHA256"));
      mac.update(who.getBytes(US_ASCII));
      return mac.doFinal(binding);
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] message(String user, String token, byte[] binding) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(user.getBytes(UTF_8));
    message.write(0);
    message.writeBytes(hmac(token, "Initiator", binding));
    return message.toByteArray();
  }

  private TokenLogin.Outcome run(String mechanism, byte[] initial, LoginRequest request) {
    SaslOffer offer = SaslOffer.of(true, BINDINGS, EnumSet.allOf(Mechanism.class));
    return login.run(start(mechanism, initial, request), offer).result();
  }

  private TokenLogin.Outcome use(String token, LoginRequest request) {
    return run(NONE, message("juliet", token, new byte[0]), request);
  }

  private TokenLogin.Outcome use(String token) {
    return use(token, request(PHONE, 0, false, null));
  }

  private IssuedToken issue(String client, String mechanism) {
    LoginRequest request = new LoginRequest(null, client, false, 0, false, mechanism);
    return login.afterPassword(start("SCRAM-SHA-1", new byte[0], request), account).result();
  }

  private static boolean succeeds(TokenLogin.Outcome outcome) {
    return outcome.step() instanceof SaslStep.Success;
  }

  private static void fails(SaslCondition condition, TokenLogin.Outcome outcome) {
    assertEquals(condition, assertInstanceOf(SaslStep.Failure.class, outcome.step()).condition());
    assertNull(outcome.issued());
  }

  @Test
  void aTokenLogsInAndTheServerShowsThatItKnowsIt() {
    String token = issue(PHONE, NONE).token();
    TokenLogin.Outcome outcome = use(token);
    SaslStep.Success success = (SaslStep.Success) outcome.step();
    assertEquals(JULIET, success.account());
    assertArrayEquals(hmac(token, "Responder", new byte[0]), success.additionalData());
    assertNull(outcome.issued());
    assertTrue(succeeds(use(token)), "as often as the client likes");
  }

  @Test
  void aTokenIsGoodForItsMechanismOnly() {
    String token = issue(PHONE, EXPR).token();
    LoginRequest request = request(PHONE, 0, false, null);
    fails(SaslCondition.NOT_AUTHORIZED, use(token));
    fails(
        SaslCondition.NOT_AUTHORIZED,
        run(EXPR, message("juliet", token, "other".getBytes(UTF_8)), request));
    assertTrue(succeeds(run(EXPR, message("juliet", token, EXPORTED), request)));
    fails(
        SaslCondition.INVALID_MECHANISM,
        run("HT-SHA-256-ENDP", message("juliet", token, EXPORTED), request));
    fails(
        SaslCondition.INVALID_MECHANISM, run("PLAIN", message("juliet", token, EXPORTED), request));
  }

  @Test
  void aTokenIsGoodForItsClientAndAccountOnly() {
    String token = issue(PHONE, NONE).token();
    fails(SaslCondition.NOT_AUTHORIZED, use(token, request(LAPTOP, 0, false, null)));
    fails(SaslCondition.MALFORMED_REQUEST, use(token, request(null, 0, false, null)));
    fails(
        SaslCondition.NOT_AUTHORIZED,
        run(NONE, message("nobody", token, new byte[0]), request(PHONE, 0, false, null)));
    LoginRequest liar = new LoginRequest("romeo@capulet.example", PHONE, true, 0, false, null);
    fails(SaslCondition.INVALID_AUTHZID, use(token, liar));
    fails(SaslCondition.NOT_AUTHORIZED, use("guess"));
    assertTrue(succeeds(use(token)));
  }

  @Test
  void aDisabledAccountIsRefusedToWhoKnowsTheToken() {
    String token = issue(PHONE, NONE).token();
    account = new Account(JULIET, account.keys(), account.created(), true);
    fails(SaslCondition.ACCOUNT_DISABLED, use(token));
    fails(SaslCondition.NOT_AUTHORIZED, use("guess"));
    account = account(1);
    assertTrue(succeeds(use(token)));
  }

  @Test
  void nobodyGetsATokenWithoutNamingAClientAndAMechanism() {
    assertNull(issue(null, NONE));
    assertNull(issue(PHONE, "HT-SHA-256-ENDP")); // no such binding here
    assertNull(issue(PHONE, "SCRAM-SHA-1"));
    assertNull(issue(PHONE, null));
    assertEquals(0, store.tokens.size());
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "32", "33"})
  void malformedMessages(int length) {
    byte[] initial = new byte[length];
    fails(SaslCondition.MALFORMED_REQUEST, run(NONE, initial, request(PHONE, 0, false, null)));
    fails(SaslCondition.MALFORMED_REQUEST, run(NONE, null, request(PHONE, 0, false, null)));
  }

  @Test
  void anExpiredTokenSaysSo() {
    String token = issue(PHONE, NONE).token();
    clock.now += Duration.ofDays(30).toMillis() - 1;
    IssuedToken next = use(token).issued();
    assertNotNull(next, "due");
    clock.now += 1;
    fails(SaslCondition.CREDENTIALS_EXPIRED, use(token));
    fails(SaslCondition.NOT_AUTHORIZED, use("guess"));
    assertTrue(succeeds(use(next.token())));
  }

  @Test
  void aNewPasswordMakesTokensVoid() {
    String token = issue(PHONE, NONE).token();
    account = account(2);
    fails(SaslCondition.CREDENTIALS_EXPIRED, use(token)); // section 5.2
    fails(SaslCondition.NOT_AUTHORIZED, use("guess"));
    account = null;
    fails(SaslCondition.NOT_AUTHORIZED, use(token));
  }

  @Test
  void theTokenBeforeIsGoodUntilTheNewOneIsUsed() {
    String old = issue(PHONE, NONE).token();
    clock.now += Duration.ofDays(2).toMillis();
    String lost = use(old).issued().token();
    String fresh = use(old).issued().token(); // the client has not received the first
    assertNotEquals(lost, fresh);
    assertEquals(2, store.tokens.size());
    fails(SaslCondition.NOT_AUTHORIZED, use(lost));
    assertTrue(succeeds(use(old)));
    fresh = use(old).issued().token();
    assertNull(use(fresh).issued());
    fails(SaslCondition.NOT_AUTHORIZED, use(old));
    assertEquals(1, store.tokens.size());
  }

  @Test
  void aCountIsGoodOnce() {
    String token = issue(PHONE, NONE).token();
    assertTrue(succeeds(use(token, request(PHONE, 5, false, null))));
    fails(SaslCondition.NOT_AUTHORIZED, use(token, request(PHONE, 5, false, null)));
    fails(SaslCondition.NOT_AUTHORIZED, use(token, request(PHONE, 4, false, null)));
    fails(SaslCondition.MALFORMED_REQUEST, use(token, request(PHONE, -1, false, null)));
    assertTrue(succeeds(use(token, request(PHONE, 6, false, null))));
  }

  @Test
  void aClientCanGiveItsTokenBack() {
    String token = issue(PHONE, NONE).token();
    clock.now += Duration.ofDays(2).toMillis(); // due, but not wanted
    TokenLogin.Outcome last = use(token, request(PHONE, 0, true, null));
    assertTrue(succeeds(last));
    assertNull(last.issued());
    fails(SaslCondition.NOT_AUTHORIZED, use(token));
    assertEquals(0, store.tokens.size());

    String another = issue(PHONE, NONE).token();
    String fresh = use(another, request(PHONE, 0, true, NONE)).issued().token();
    fails(SaslCondition.NOT_AUTHORIZED, use(another));
    assertTrue(succeeds(use(fresh)));
  }

  @Test
  void clientsDoNotTakeTokensFromEachOtherUntilThereAreTooMany() {
    String phone = issue(PHONE, NONE).token();
    for (int i = 1; i < 50; i++) {
      clock.now++;
      assertNotNull(issue(LAPTOP.replace("00000000", "%08d".formatted(i)), NONE));
    }
    assertTrue(succeeds(use(phone)));
    assertNotNull(issue(LAPTOP, NONE));
    fails(SaslCondition.NOT_AUTHORIZED, use(phone));
    assertEquals(50, store.tokens.size());
  }

  @Test
  void withoutStorageNoTokenIsIssuedAndNoneTakenBack() {
    String token = issue(PHONE, NONE).token();
    store.failing = true;
    assertNull(issue(PHONE, NONE));
    assertTrue(succeeds(use(token)));
    SaslOffer offer = SaslOffer.of(true, BINDINGS, EnumSet.allOf(Mechanism.class));
    byte[] initial = message("juliet", token, new byte[0]);
    assertTrue(login.run(start(NONE, initial, request(PHONE, 0, true, null)), offer).failed());
    assertTrue(login.run(start(NONE, initial, request(PHONE, 9, false, null)), offer).failed());
  }

  @Test
  void aRevokedTokenIsOverAndSoIsTheOneThatWouldHaveReplacedIt() {
    String token = issue(PHONE, NONE).token();
    String other = issue(LAPTOP, NONE).token();
    clock.now += Duration.ofDays(2).toMillis(); // due
    store.onPut = () -> store.revoke(JULIET, PHONE); // at that very moment
    fails(SaslCondition.NOT_AUTHORIZED, use(token));
    store.onPut = () -> {};
    assertEquals(1, store.tokens.size());
    fails(SaslCondition.NOT_AUTHORIZED, use(token));
    assertTrue(succeeds(use(other, request(LAPTOP, 0, false, null))));
  }

  @Test
  void moreKeysForTheSamePasswordLeaveTokensValid() {
    String token = issue(PHONE, NONE).token();
    Account before = account;
    account = account(3); // stands for one with keys added
    login.rekey(before, account).result();
    assertTrue(succeeds(use(token)));
    Account other = account(4);
    login.rekey(other, account(5)).result(); // of another password: no token is
    assertTrue(succeeds(use(token)));
  }

  @Test
  void secretsAreNotShown() {
    String token = issue(PHONE, NONE).token();
    assertFalse(store.tokens.toString().contains(token));
    assertFalse(issue(PHONE, NONE).toString().contains("token="));
  }
}

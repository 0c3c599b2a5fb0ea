package io.rookery.router.sasl;

import static io.rookery.router.sasl.ScramHash.hashOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.sasl.Mechanism;
import io.rookery.protocol.sasl.SaslOffer;
import io.rookery.router.sasl.SaslStep.Challenge;
import io.rookery.router.sasl.SaslStep.Failure;
import io.rookery.router.sasl.SaslStep.NeedAccount;
import io.rookery.router.sasl.SaslStep.Success;
import io.rookery.router.sasl.SaslStep.VerifyPassword;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.account.ScramKeys.Hash;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class SaslServerTest {
  private static final String DOMAIN = "example.org";
  private static final String PASSWORD = "wherefore art thou";
  private static final int ITERATIONS = 4096;
  private static final byte[] EXPORTER = "exported by the connection".getBytes(UTF_8);
  private static final byte[] END_POINT = "hash of the certificate".getBytes(UTF_8);
  private static final EnumSet<Mechanism> ALL = EnumSet.allOf(Mechanism.class);

  private static final PasswordKeys KEYS = new PasswordKeys(new SecureRandom(), ITERATIONS);
  private static final Account JULIET =
      account("juliet", KEYS.derive(Password.of(PASSWORD).orElseThrow()));

  private final byte[] secret = new byte[32];
  private final SaslServer server = new SaslServer(new SecureRandom(), secret, ITERATIONS);
  private final SaslOffer overTls = SaslOffer.of(true, bindings(), ALL);
  private final SaslOffer unbound = SaslOffer.of(true, ChannelBindings.NONE, ALL);

  private static ChannelBindings bindings() {
    Map<String, byte[]> data = new LinkedHashMap<>();
    data.put("tls-exporter", EXPORTER);
    data.put("tls-server-end-point", END_POINT);
    return new ChannelBindings(data);
  }

  private static Account account(String username, Map<Hash, ScramKeys> keys) {
    return new Account(Jid.of(username, DOMAIN, null), keys, Instant.EPOCH);
  }

  /** Juliet is the only account there is. */
  private static Optional<Account> find(Jid jid) {
    return jid.equals(JULIET.jid()) ? Optional.of(JULIET) : Optional.empty();
  }

  private static SaslStep settled(SaslStep step) {
    if (step instanceof NeedAccount need) {
      return settled(need.then().apply(find(need.account())));
    }
    return step instanceof VerifyPassword verify ? settled(verify.check().get()) : step;
  }

  private SaslStep start(Mechanism mechanism, SaslOffer offer, String message) {
    return settled(server.start(mechanism.saslName(), offer, DOMAIN, message.getBytes(UTF_8)));
  }

  private SaslStep login(Mechanism mechanism, SaslOffer offer, ScramClient client)
      throws Exception {
    SaslStep step = settled(server.start(mechanism.saslName(), offer, DOMAIN, client.first()));
    return step instanceof Challenge challenge
        ? challenge.then().apply(client.last(challenge.data()))
        : step;
  }

  private static ScramClient client(
      Mechanism mechanism, String header, byte[] binding, String username, String password) {
    String digest = mechanism.hash();
    return new ScramClient(digest, header, binding, username, password, "rOprNGfwEbeRWgbNEkqO");
  }

  private static ScramClient juliet(Mechanism mechanism, String header, byte[] binding) {
    return client(mechanism, header, binding, "juliet", PASSWORD);
  }

  private static void assertFails(SaslCondition condition, SaslStep step) {
    assertEquals(condition, assertInstanceOf(Failure.class, step).condition());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "SCRAM-SHA-1 fyko+d2lbbFgONRv9qkxdawL 3rfcNHYJY1ZVvWVs7j QSXCR+Q6sek8bf92"
            + " v0X8v3Bz2T0CJGbJQyF0X+HI4Ts= rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        "SCRAM-SHA-256 rOprNGfwEbeRWgbNEkqO %hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
            + " W22ZaJ0SNY7soEsUEjb6gQ== dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
            + " 6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
      })
  void exampleOfTheRfc(
      String name, String clientNonce, String serverNonce, String salt, String proof, String v) {
    Mechanism mechanism = Mechanism.named(name).orElseThrow();
    Password pencil = Password.of("pencil").orElseThrow();
    ScramKeys keys =
        PasswordKeys.derive(hashOf(mechanism), pencil, Base64.getDecoder().decode(salt), 4096);
    SaslServer fixed = new SaslServer(() -> serverNonce, secret, ITERATIONS, false);

    byte[] first = ("n,,n=user,r=" + clientNonce).getBytes(UTF_8);
    NeedAccount need = (NeedAccount) fixed.start(name, unbound, DOMAIN, first);
    Account user = account("user", Map.of(hashOf(mechanism), keys));
    Challenge challenge = (Challenge) need.then().apply(Optional.of(user));
    String nonce = clientNonce + serverNonce;
    assertEquals("r=" + nonce + ",s=" + salt + ",i=4096", new String(challenge.data(), UTF_8));
    Success success =
        (Success) challenge.then().apply(("c=biws,r=" + nonce + ",p=" + proof).getBytes(UTF_8));
    assertEquals("v=" + v, new String(success.additionalData(), UTF_8));
    assertEquals(user.jid(), success.account());
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"PLAIN", "ANONYMOUS"})
  void scramLogin(Mechanism mechanism) throws Exception {
    boolean plus = mechanism.bindsChannel();
    ScramClient client =
        plus
            ? juliet(mechanism, "p=tls-exporter,,", EXPORTER)
            : juliet(mechanism, "n,,", new byte[0]);
    Success success = assertInstanceOf(Success.class, login(mechanism, overTls, client));
    assertEquals(JULIET.jid(), success.account());
    assertTrue(client.accepts(success.additionalData()));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"PLAIN", "ANONYMOUS"})
  void wrongPassword(Mechanism mechanism) throws Exception {
    String header = mechanism.bindsChannel() ? "p=tls-server-end-point,," : "n,,";
    byte[] binding = mechanism.bindsChannel() ? END_POINT : new byte[0];
    SaslStep step =
        login(mechanism, overTls, client(mechanism, header, binding, "juliet", "wrong"));
    assertEquals(new Failure(SaslCondition.NOT_AUTHORIZED, null), step);
  }

  @Test
  void clientWithoutInitialResponseGetsAnEmptyChallenge() {
    Challenge empty = (Challenge) server.start("SCRAM-SHA-1", unbound, DOMAIN, null);
    assertEquals(0, empty.data().length);
    assertInstanceOf(
        Challenge.class, settled(empty.then().apply("n,,n=juliet,r=x".getBytes(UTF_8))));
  }

  @Test
  void unknownUserLooksLikeAnyOther() throws Exception {
    for (Mechanism mechanism : EnumSet.of(Mechanism.SCRAM_SHA_1, Mechanism.SCRAM_SHA_512)) {
      String known = challengeOf(server, mechanism, "juliet");
      String unknown = challengeOf(server, mechanism, "nobody");
      assertEquals(known.length(), unknown.length());
      assertEquals(known.replaceAll(".*,i=", ""), unknown.replaceAll(".*,i=", ""));
      assertEquals(salt(unknown), salt(challengeOf(server, mechanism, "nobody")), "stable");
      assertNotEquals(salt(unknown), salt(challengeOf(server, mechanism, "noone")));
      SaslServer other = new SaslServer(new SecureRandom(), "k".repeat(32).getBytes(UTF_8), 4096);
      assertNotEquals(salt(unknown), salt(challengeOf(other, mechanism, "nobody")), "secret");

      byte[] none = new byte[0];
      SaslStep wrong = login(mechanism, unbound, client(mechanism, "n,,", none, "juliet", "x"));
      SaslStep nobody = login(mechanism, unbound, client(mechanism, "n,,", none, "nobody", "x"));
      assertEquals(wrong, nobody);
    }
    assertNotEquals(
        salt(challengeOf(server, Mechanism.SCRAM_SHA_1, "nobody")),
        salt(challengeOf(server, Mechanism.SCRAM_SHA_256, "nobody")));
  }

  private static String challengeOf(SaslServer server, Mechanism mechanism, String user) {
    byte[] first = ("n,,n=" + user + ",r=abc").getBytes(UTF_8);
    SaslOffer offer = SaslOffer.of(true, ChannelBindings.NONE, ALL);
    Challenge step = (Challenge) settled(server.start(mechanism.saslName(), offer, DOMAIN, first));
    return new String(step.data(), UTF_8);
  }

  private static String salt(String challenge) {
    return challenge.replaceAll(".*,s=", "").replaceAll(",i=.*", "");
  }

  @Test
  void accountWithoutKeysOfTheHashFailsLikeAnyOther() throws Exception {
    Account imported = account("juliet", Map.of(Hash.SHA_1, JULIET.keys().get(Hash.SHA_1)));
    ScramClient client = juliet(Mechanism.SCRAM_SHA_256, "n,,", new byte[0]);
    NeedAccount need = (NeedAccount) server.start("SCRAM-SHA-256", unbound, DOMAIN, client.first());
    Challenge challenge = (Challenge) need.then().apply(Optional.of(imported));
    assertFails(
        SaslCondition.NOT_AUTHORIZED, challenge.then().apply(client.last(challenge.data())));
  }

  @Test
  void bindingOfAnotherConnectionIsRefused() throws Exception {
    Mechanism plus = Mechanism.SCRAM_SHA_256_PLUS;
    byte[] other = "another connection".getBytes(UTF_8);
    assertFails(
        SaslCondition.NOT_AUTHORIZED,
        login(plus, overTls, juliet(plus, "p=tls-exporter,,", other)));
    assertFails(
        SaslCondition.NOT_AUTHORIZED,
        login(plus, overTls, juliet(plus, "p=tls-exporter,,", END_POINT)));
    assertFails(
        SaslCondition.NOT_AUTHORIZED,
        login(plus, overTls, juliet(plus, "p=tls-unique,,", EXPORTER)));
    assertInstanceOf(
        Success.class, login(plus, overTls, juliet(plus, "p=tls-server-end-point,,", END_POINT)));
  }

  @Test
  void removedPlusMechanismsAreNoticed() throws Exception {
    Mechanism scram = Mechanism.SCRAM_SHA_256;
    byte[] none = new byte[0];
    assertFails(SaslCondition.NOT_AUTHORIZED, login(scram, overTls, juliet(scram, "y,,", none)));
    assertInstanceOf(Success.class, login(scram, unbound, juliet(scram, "y,,", none)));
  }

  /** The example of XEP-0474, section 6.3. */
  @Test
  void theClientCanTellWhatItWasOffered() {
    EnumSet<Mechanism> offered = EnumSet.of(Mechanism.SCRAM_SHA_1_PLUS, Mechanism.SCRAM_SHA_1);
    SaslOffer offer = SaslOffer.of(true, bindings(), offered);
    Challenge challenge =
        (Challenge) start(Mechanism.SCRAM_SHA_1_PLUS, offer, "p=tls-exporter,,n=juliet,r=abc");
    String message = new String(challenge.data(), UTF_8);
    assertTrue(message.endsWith(",h=G6k/rBLDqgOhRRaCuuatSDFkJ08="), message);
  }

  @Test
  void flagHasToFitTheMechanism() {
    String first = "n=juliet,r=abc";
    for (String header : new String[] {"n,,", "y,,"}) {
      assertFails(
          SaslCondition.MALFORMED_REQUEST,
          start(Mechanism.SCRAM_SHA_1_PLUS, overTls, header + first));
    }
    assertFails(
        SaslCondition.MALFORMED_REQUEST,
        start(Mechanism.SCRAM_SHA_1, overTls, "p=tls-exporter,," + first));
  }

  @Test
  void nothingInTheExchangeCanBeChanged() throws Exception {
    for (Mechanism mechanism :
        EnumSet.of(Mechanism.SCRAM_SHA_1, Mechanism.SCRAM_SHA_256_PLUS, Mechanism.SCRAM_SHA_512)) {
      boolean plus = mechanism.bindsChannel();
      ScramClient client =
          juliet(mechanism, plus ? "p=tls-exporter,," : "n,,", plus ? EXPORTER : new byte[0]);
      SaslStep first = settled(server.start(mechanism.saslName(), overTls, DOMAIN, client.first()));
      Challenge challenge = (Challenge) first;
      byte[] last = client.last(challenge.data());
      for (int i = 0; i < last.length; i++) {
        byte[] tampered = last.clone();
        tampered[i] ^= 1;
        assertInstanceOf(
            Failure.class, challenge.then().apply(tampered), () -> new String(tampered, UTF_8));
        assertInstanceOf(Failure.class, challenge.then().apply(Arrays.copyOf(last, i)));
      }
      assertInstanceOf(Success.class, challenge.then().apply(last));
    }
  }

  @Test
  void extensionsAreIgnoredUnlessMandatory() {
    assertInstanceOf(
        Challenge.class, start(Mechanism.SCRAM_SHA_1, unbound, "n,,n=juliet,r=abc,x=later"));
    assertFails(
        SaslCondition.MALFORMED_REQUEST,
        start(Mechanism.SCRAM_SHA_1, unbound, "n,,m=must,n=juliet,r=abc"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "n",
        "n,",
        "n,,",
        "n,,n=juliet",
        "n,,n=juliet,",
        "n,,n=juliet,r=",
        "n,,n=,r=abc",
        "x,,n=juliet,r=abc",
        "p=,,n=juliet,r=abc",
        "n,x,n=juliet,r=abc",
        "n,a=,n=juliet,r=abc",
        "n,,n=ju=liet,r=abc",
        "n,,n=juliet=2,r=abc",
        "n,,n=juliet=2c,r=abc",
        "n,,r=abc,n=juliet",
        "n,,n=juliet,r=a bc",
        "n,,n=juliet,r=äbc"
      })
  void malformedFirstMessage(String message) {
    assertFails(SaslCondition.MALFORMED_REQUEST, start(Mechanism.SCRAM_SHA_1, unbound, message));
  }

  @Test
  void notUtf8IsMalformed() {
    byte[] latin1 = {'n', ',', ',', 'n', '=', (byte) 0xe4, ',', 'r', '=', 'x'};
    assertFails(
        SaslCondition.MALFORMED_REQUEST, server.start("SCRAM-SHA-1", unbound, DOMAIN, latin1));
    assertFails(SaslCondition.MALFORMED_REQUEST, server.start("PLAIN", unbound, DOMAIN, latin1));
  }

  @Test
  void usernameIsUnescapedAndPrepared() {
    String name = "n,,n=%s,r=abc";
    assertEquals("a=b,c", escapedAccount(name.formatted("a=3Db=2Cc")).local());
    assertEquals("=2c", escapedAccount(name.formatted("=3D2c")).local());
    assertEquals("jürgen", escapedAccount(name.formatted("JU\u0308rgen")).local());
    assertFails(
        SaslCondition.NOT_AUTHORIZED,
        start(Mechanism.SCRAM_SHA_1, unbound, name.formatted("juliet@example.org")));
  }

  private Jid escapedAccount(String message) {
    byte[] first = message.getBytes(UTF_8);
    return ((NeedAccount) server.start("SCRAM-SHA-1", unbound, DOMAIN, first)).account();
  }

  @ParameterizedTest
  @CsvSource({
    "juliet@example.org,true",
    "Juliet@EXAMPLE.org,true",
    "romeo@example.org,false",
    "juliet@example.com,false",
    "juliet@example.org/balcony,false",
    "juliet,false",
    "@,false"
  })
  void authorizationIdentityIsTheAccountItself(String authzid, boolean allowed) throws Exception {
    Mechanism scram = Mechanism.SCRAM_SHA_1;
    SaslStep step = login(scram, unbound, juliet(scram, "n,a=" + authzid + ",", new byte[0]));
    SaslStep plain = start(Mechanism.PLAIN, unbound, authzid + "\0juliet\0" + PASSWORD);
    if (allowed) {
      assertInstanceOf(Success.class, step);
      assertInstanceOf(Success.class, plain);
    } else {
      assertFails(SaslCondition.INVALID_AUTHZID, step);
      assertFails(SaslCondition.INVALID_AUTHZID, plain);
    }
  }

  @Test
  void plainLogin() {
    Success success =
        assertInstanceOf(Success.class, start(Mechanism.PLAIN, unbound, "\0juliet\0" + PASSWORD));
    assertEquals(JULIET.jid(), success.account());
    assertNull(success.additionalData());
    SaslStep wrong = start(Mechanism.PLAIN, unbound, "\0juliet\0wrong");
    assertEquals(new Failure(SaslCondition.NOT_AUTHORIZED, null), wrong);
    assertEquals(wrong, start(Mechanism.PLAIN, unbound, "\0nobody\0" + PASSWORD));
    assertEquals(wrong, start(Mechanism.PLAIN, unbound, "\0juliet\0\u0007"));
  }

  @Test
  void plainChecksAnUnknownUserOnAWorkerToo() {
    byte[] message = "\0nobody\0x".getBytes(UTF_8);
    NeedAccount need = (NeedAccount) server.start("PLAIN", unbound, DOMAIN, message);
    assertInstanceOf(VerifyPassword.class, need.then().apply(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''", "a", "0a", "0a0", "00a", "0a0b0", "0a0b0c"})
  void malformedPlain(String message) {
    assertFails(
        SaslCondition.MALFORMED_REQUEST,
        start(Mechanism.PLAIN, unbound, message.replace('0', '\0')));
  }

  @Test
  void onlyWhatWasOfferedCanBeUsed() {
    SaslOffer clear = SaslOffer.of(false, ChannelBindings.NONE, ALL);
    assertFails(SaslCondition.ENCRYPTION_REQUIRED, start(Mechanism.PLAIN, clear, "\0juliet\0x"));
    assertFails(
        SaslCondition.INVALID_MECHANISM,
        start(Mechanism.SCRAM_SHA_1_PLUS, unbound, "p=tls-exporter,,n=juliet,r=abc"));
    SaslOffer passwords = SaslOffer.of(true, bindings(), Mechanism.of(false));
    assertFails(SaslCondition.INVALID_MECHANISM, start(Mechanism.ANONYMOUS, passwords, ""));
    SaslOffer guests = SaslOffer.of(true, bindings(), Mechanism.of(true));
    assertFails(SaslCondition.INVALID_MECHANISM, start(Mechanism.PLAIN, guests, "\0juliet\0x"));
    assertFails(
        SaslCondition.INVALID_MECHANISM, server.start("DIGEST-MD5", unbound, DOMAIN, new byte[0]));
  }

  @Test
  void garbageNeverThrows() throws Exception {
    Random random = new Random(4422);
    String alphabet = "npya=,,,=2C3Drcs\0juliet@/\u00e4\ud83d\ude00xn--";
    for (int i = 0; i < 50_000; i++) {
      Mechanism mechanism = Mechanism.values()[random.nextInt(Mechanism.values().length)];
      byte[] bytes = garbage(random, alphabet);
      SaslStep step = server.start(mechanism.saslName(), overTls, DOMAIN, bytes);
      if (step instanceof NeedAccount need) {
        step = need.then().apply(Optional.of(JULIET));
      }
      if (step instanceof Challenge challenge) {
        SaslStep end = challenge.then().apply(garbage(random, alphabet));
        assertInstanceOf(Failure.class, end);
      }
      assertFalse(step instanceof Success);
    }
  }

  private static byte[] garbage(Random random, String alphabet) {
    if (random.nextInt(4) == 0) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      return bytes;
    }
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "n,,n=" : "p=tls-exporter,a=");
    if (random.nextInt(3) == 0) {
      text.setLength(0);
    }
    for (int i = random.nextInt(30); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.append(random.nextBoolean() ? ",r=abc" : "").toString().getBytes(UTF_8);
  }

  @Test
  void nonceIsNewEachTime() {
    assertNotEquals(
        challengeOf(server, Mechanism.SCRAM_SHA_1, "juliet"),
        challengeOf(server, Mechanism.SCRAM_SHA_1, "juliet"));
  }

  @Test
  void derivedKeysHaveTheirOwnSalts() {
    Map<Hash, ScramKeys> keys = JULIET.keys();
    assertEquals(EnumSet.allOf(Hash.class), keys.keySet());
    assertFalse(Arrays.equals(keys.get(Hash.SHA_1).salt(), keys.get(Hash.SHA_256).salt()));
    keys.values().forEach(k -> assertEquals(ITERATIONS, k.iterations()));
  }

  @Test
  void passwordIsPrepared() {
    assertArrayEquals(
        "a b \u00e4".toCharArray(), Password.of("a\u00a0b a\u0308").orElseThrow().chars());
    assertTrue(Password.of("").isEmpty());
    assertTrue(Password.of("bell\u0007").isEmpty());
    assertTrue(Password.of("x".repeat(1024)).isEmpty());
    assertEquals("Password[]", Password.of("secret").orElseThrow().toString());
  }
}

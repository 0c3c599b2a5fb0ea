package io.rookery.router.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.sasl.UpgradeTask;
import io.rookery.protocol.xml.Element;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.account.ScramKeys.Hash;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0480, section 3. */
class KeyUpgradeTest {
  private static final String NS = "urn:xmpp:scram-upgrade:0";
  private static final String PASSWORD = "wherefore art thou";
  private static final String TO_256 = "UPGR-SCRAM-SHA-256";
  private static final String TO_512 = "UPGR-SCRAM-SHA-512";
  private static final byte[] SIGNATURE = {1, 2};

  private final Account juliet = account(Hash.SHA_1);
  private final KeyUpgrade upgrade = new KeyUpgrade(new SecureRandom(), 4096);

  private static Account account(Hash... hashes) {
    Map<Hash, ScramKeys> all =
        new PasswordKeys(new SecureRandom(), 4096).derive(Password.of(PASSWORD).orElseThrow());
    all.keySet().retainAll(Set.of(hashes));
    return new Account(Jid.parse("juliet@capulet.example"), all, Instant.EPOCH);
  }

  private SaslStep.Continue begin(String... tasks) {
    List<UpgradeTask> due = KeyUpgrade.due(juliet, List.of(tasks));
    SaslStep.Success success = new SaslStep.Success(juliet.jid(), SIGNATURE);
    return assertInstanceOf(SaslStep.Continue.class, upgrade.begin(success, juliet, due));
  }

  private static SaslStep.TaskData data(SaslStep.Continue offered) {
    return assertInstanceOf(SaslStep.TaskData.class, offered.then().apply(offered.task()));
  }

  /** What an honest client answers, from nothing but the JDK. */
  private static Element hash(Hash hash, Element salt) throws Exception {
    byte[] decoded = Base64.getDecoder().decode(salt.text());
    int iterations = Integer.parseInt(salt.attribute("iterations"));
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash.scramName().replace("-", ""))
            .generateSecret(
                new PBEKeySpec(PASSWORD.toCharArray(), decoded, iterations, hash.bytes() * 8))
            .getEncoded();
    return Element.of(NS, "hash", "\n  " + Base64.getEncoder().encodeToString(salted) + "\n");
  }

  private static void isOfThePassword(ScramKeys keys) {
    ScramKeys derived =
        PasswordKeys.derive(
            keys.hash(), Password.of(PASSWORD).orElseThrow(), keys.salt(), keys.iterations());
    assertArrayEquals(derived.storedKey(), keys.storedKey());
    assertArrayEquals(derived.serverKey(), keys.serverKey());
  }

  @Test
  void onlyWhatIsMissingIsDue() {
    assertEquals(
        List.of(UpgradeTask.SCRAM_SHA_256), KeyUpgrade.due(juliet, List.of(TO_256, "UPGR-X")));
    assertEquals(List.of(), KeyUpgrade.due(account(Hash.SHA_1, Hash.SHA_512), List.of(TO_512)));
    assertEquals(List.of(), KeyUpgrade.due(juliet, List.of("SCRAM-SHA-512", "UPGR-SCRAM-SHA-1")));
    assertEquals(List.of(), KeyUpgrade.due(juliet, List.of()));
  }

  @Test
  void keysAreAddedForOneHashFunctionAfterTheOther() throws Exception {
    SaslStep.Continue first = begin(TO_512, TO_256);
    assertEquals(TO_256, first.task());
    assertArrayEquals(SIGNATURE, first.additionalData());
    SaslStep.TaskData data = data(first);
    assertEquals("4096", data.data().attribute("iterations"));
    SaslStep.AddKeys add =
        assertInstanceOf(
            SaslStep.AddKeys.class, data.then().apply(hash(Hash.SHA_256, data.data())));
    isOfThePassword(add.keys());
    assertEquals(juliet, add.account());

    SaslStep.Continue second =
        assertInstanceOf(SaslStep.Continue.class, add.then().apply(add.after()));
    assertEquals(TO_512, second.task());
    assertNull(second.additionalData()); // the signature has been sent
    SaslStep.TaskData more = data(second);
    assertNotEquals(data.data().text(), more.data().text());
    SaslStep.AddKeys last =
        assertInstanceOf(
            SaslStep.AddKeys.class, more.then().apply(hash(Hash.SHA_512, more.data())));
    assertEquals(Set.of(Hash.SHA_1, Hash.SHA_256), last.account().keys().keySet());
    isOfThePassword(last.keys());
    assertEquals(Set.of(Hash.values()), last.after().keys().keySet());
    SaslStep.Success success =
        assertInstanceOf(SaslStep.Success.class, last.then().apply(last.after()));
    assertEquals(juliet.jid(), success.account());
    assertNull(success.additionalData());
  }

  @Test
  void whoseKeysAreOthersByNowIsLoggedInWithoutMore() throws Exception {
    SaslStep.TaskData data = data(begin(TO_512, TO_256));
    SaslStep.AddKeys add =
        assertInstanceOf(
            SaslStep.AddKeys.class, data.then().apply(hash(Hash.SHA_256, data.data())));
    assertInstanceOf(SaslStep.Success.class, add.then().apply(null));
  }

  @Test
  void anotherTaskThanTheOneOffered() {
    SaslStep.Continue offered = begin(TO_256, TO_512);
    for (String name : new String[] {TO_512, "", "X", null}) {
      SaslStep.Failure failure =
          assertInstanceOf(SaslStep.Failure.class, offered.then().apply(name));
      assertEquals(SaslCondition.INVALID_MECHANISM, failure.condition());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "hash, '', MALFORMED_REQUEST",
    "hash, '    ', MALFORMED_REQUEST",
    "hash, AAAA, MALFORMED_REQUEST",
    "hash, not base64, INCORRECT_ENCODING",
    "salt, AAAA, MALFORMED_REQUEST",
  })
  void answersThatAreNone(String name, String text, SaslCondition expected) {
    SaslStep step = data(begin(TO_256)).then().apply(Element.of(NS, name, text));
    assertEquals(expected, assertInstanceOf(SaslStep.Failure.class, step).condition());
  }

  @Test
  void noAnswer() {
    SaslStep step = data(begin(TO_512)).then().apply(null);
    assertEquals(
        SaslCondition.MALFORMED_REQUEST,
        assertInstanceOf(SaslStep.Failure.class, step).condition());
    Element elsewhere =
        Element.of("urn:x", "hash", Base64.getEncoder().encodeToString(new byte[64]));
    assertInstanceOf(SaslStep.Failure.class, data(begin(TO_512)).then().apply(elsewhere));
  }
}

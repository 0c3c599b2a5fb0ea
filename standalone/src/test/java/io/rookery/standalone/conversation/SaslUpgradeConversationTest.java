package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.protocol.jid.Jid;
import io.rookery.router.sasl.Password;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.standalone.cli.AccountAccess;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.config.ConfigLoader;
import io.rookery.standalone.service.Composition;
import io.rookery.storage.account.ScramKeys;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0480, for accounts that have been imported with keys of one hash function only. */
class SaslUpgradeConversationTest {
  private static final RookeryProcesses.Lone ROOKERY =
      RookeryProcesses.standalone("sasl-upgrade", "");
  private static final String UPGRADE = "urn:xmpp:sasl:upgrade:0";
  private static final String SCRAM_UPGRADE = "urn:xmpp:scram-upgrade:0";
  private static final String FAST = "urn:xmpp:fast:0";
  private static final String NONE = "HT-SHA-256-NONE";
  private static final String AGENT = "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>";
  private static final String OTHER = "<user-agent id='00000000-4d72-4749-b3d3-740edbf87770'/>";
  private static final String WISH =
      "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>";
  private static final String TO_512 = upgrade("UPGR-SCRAM-SHA-512");
  private static AccountAccess accounts;

  @BeforeAll
  static void start() throws Exception {
    ROOKERY.service().started();
    Config config = new ConfigLoader(Map.of()).load(Role.STANDALONE, Optional.of(ROOKERY.config()));
    accounts = await(new Composition().openAccounts(config));
  }

  @AfterAll
  static void stop() throws Exception {
    if (accounts != null) {
      await(accounts.close());
    }
    ROOKERY.service().close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static String upgrade(String task) {
    return "<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>" + task + "</upgrade>";
  }

  /** Has keys of SHA-1 and no others. */
  private static Account imported(Cast given) throws Exception {
    Account account = given.stranger("romeo");
    Map<ScramKeys.Hash, ScramKeys> keys =
        new PasswordKeys(new SecureRandom(), 4096)
            .derive(Password.of(account.password()).orElseThrow());
    keys.keySet().retainAll(java.util.Set.of(ScramKeys.Hash.SHA_1));
    Jid jid = Jid.parse(account.bare());
    assertTrue(
        await(
            accounts
                .accounts()
                .create(new io.rookery.storage.account.Account(jid, keys, Instant.now()))));
    return account;
  }

  private static Element begins(Client client, String task) {
    client.sends("<next xmlns='urn:xmpp:sasl:2' task='%s'/>", task);
    return client.receives("task-data", d -> {}).child("salt", SCRAM_UPGRADE).orElseThrow();
  }

  private static void answers(Client client, String hash, Element salt, String password)
      throws Exception {
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash.replace("-", ""))
            .generateSecret(
                new PBEKeySpec(
                    password.toCharArray(),
                    Base64.getDecoder().decode(salt.text()),
                    Integer.parseInt(salt.attribute("iterations")),
                    Integer.parseInt(hash.substring(4))))
            .getEncoded();
    client.sends(
        "<task-data xmlns='urn:xmpp:sasl:2'><hash xmlns='urn:xmpp:scram-upgrade:0'>%s</hash>"
            + "</task-data>",
        Base64.getEncoder().encodeToString(salted));
  }

  private static void isTask(Element outcome, String task) {
    assertTrue(outcome.is("continue", Client.SASL_2), outcome::toString);
    Element tasks = outcome.child("tasks").orElseThrow();
    assertEquals(1, tasks.children().size());
    assertEquals(task, tasks.child("task").orElseThrow().text());
  }

  private static boolean logsIn(Cast given, Account account, Mechanism mechanism) throws Exception {
    return given.secured("again").triesToLogIn(account, mechanism, "").is("success", Client.SASL_2);
  }

  @Test
  void missingKeysAreAddedWithALogin() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Account romeo = imported(given);
      assertTrue(!logsIn(given, romeo, Mechanism.SCRAM_SHA_512));
      Client client = given.secured("romeo");
      Element authentication =
          client.features().child("authentication", Client.SASL_2).orElseThrow();
      assertEquals(2, authentication.children("upgrade", UPGRADE).size());
      Element first =
          client.triesToLogIn(
              romeo,
              Mechanism.SCRAM_SHA_1_PLUS,
              TO_512
                  + upgrade("UPGR-SCRAM-SHA-256")
                  + AGENT
                  + WISH
                  + "<bind xmlns='urn:xmpp:bind:0'/>");
      isTask(first, "UPGR-SCRAM-SHA-256");
      assertTrue(first.child("additional-data").isPresent());
      answers(client, "SHA-256", begins(client, "UPGR-SCRAM-SHA-256"), romeo.password());
      Element second = client.receives("continue", c -> {});
      isTask(second, "UPGR-SCRAM-SHA-512");
      assertTrue(second.child("additional-data").isEmpty());
      answers(client, "SHA-512", begins(client, "UPGR-SCRAM-SHA-512"), romeo.password());
      Element success = client.succeeds(client.receives("success", s -> {}));
      assertTrue(success.child("additional-data").isEmpty());
      assertTrue(success.child("bound", "urn:xmpp:bind:0").isPresent());
      for (Mechanism mechanism : Mechanism.values()) {
        assertTrue(logsIn(given, romeo, mechanism), mechanism::toString);
      }
      String token = success.child("token", FAST).orElseThrow().attribute("token");
      Client again = given.secured("romeo");
      again.succeeds(
          again.triesToken(romeo, NONE, token, AGENT + "<fast xmlns='urn:xmpp:fast:0'/>"));
    }
  }

  @Test
  void tokensOfOtherClientsStayValid() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Account romeo = imported(given);
      String token =
          given
              .secured("other")
              .logsIn(romeo, Mechanism.SCRAM_SHA_1, OTHER + WISH)
              .child("token", FAST)
              .orElseThrow()
              .attribute("token");
      Client client = given.secured("romeo");
      isTask(client.triesToLogIn(romeo, Mechanism.PLAIN, TO_512), "UPGR-SCRAM-SHA-512");
      answers(client, "SHA-512", begins(client, "UPGR-SCRAM-SHA-512"), romeo.password());
      client.succeeds(client.receives("success", s -> {}));
      Client other = given.secured("other");
      other.succeeds(
          other.triesToken(romeo, NONE, token, OTHER + "<fast xmlns='urn:xmpp:fast:0'/>"));
    }
  }

  @Test
  void nothingIsAskedOfWhoHasAllKeysOrATokenOnly() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Account juliet = given.user("juliet");
      Client client = given.secured("juliet");
      client.logsIn(juliet, Mechanism.SCRAM_SHA_1, TO_512 + upgrade("UPGR-SCRAM-MD5"));
      Account romeo = imported(given);
      String token =
          given
              .secured("romeo")
              .logsIn(romeo, Mechanism.SCRAM_SHA_1, AGENT + WISH)
              .child("token", FAST)
              .orElseThrow()
              .attribute("token");
      Client fast = given.secured("romeo");
      fast.succeeds(
          fast.triesToken(romeo, NONE, token, AGENT + TO_512 + "<fast xmlns='urn:xmpp:fast:0'/>"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<next xmlns='urn:xmpp:sasl:2' task='UPGR-SCRAM-SHA-256'/>||invalid-mechanism",
        "<next xmlns='urn:xmpp:sasl:2'/>||invalid-mechanism",
        "<next xmlns='urn:xmpp:sasl:2' task='UPGR-SCRAM-SHA-512'/>"
            + "|<task-data xmlns='urn:xmpp:sasl:2'/>|malformed-request",
        "<next xmlns='urn:xmpp:sasl:2' task='UPGR-SCRAM-SHA-512'/>|<task-data"
            + " xmlns='urn:xmpp:sasl:2'><hash xmlns='urn:xmpp:scram-upgrade:0'>AAAA</hash>"
            + "</task-data>|malformed-request",
        "<next xmlns='urn:xmpp:sasl:2' task='UPGR-SCRAM-SHA-512'/>|<task-data"
            + " xmlns='urn:xmpp:sasl:2'><hash xmlns='urn:xmpp:scram-upgrade:0'>*</hash>"
            + "</task-data>|incorrect-encoding",
        "<abort xmlns='urn:xmpp:sasl:2'/>||aborted",
      })
  void aTaskThatFailsEndsTheStream(String next, String data, String condition) throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Account romeo = imported(given);
      Client client = given.secured("romeo");
      isTask(client.triesToLogIn(romeo, Mechanism.SCRAM_SHA_1, TO_512), "UPGR-SCRAM-SHA-512");
      client.sends(next);
      if (data != null) {
        client.receives("task-data", d -> {});
        client.sends(data);
      }
      Element failure = client.receives("failure", f -> {});
      assertTrue(failure.child(condition, Client.SASL).isPresent(), failure::toString);
      client.isDisconnected();
      assertTrue(!logsIn(given, romeo, Mechanism.SCRAM_SHA_512));
      assertTrue(logsIn(given, romeo, Mechanism.SCRAM_SHA_1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>",
        "<response xmlns='urn:xmpp:sasl:2'/>",
        "<task-data xmlns='urn:xmpp:sasl:2'/>",
        "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
      })
  void nothingElseComesBeforeTheTaskIsDone(String xml) throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Account romeo = imported(given);
      Client client = given.secured("romeo");
      isTask(client.triesToLogIn(romeo, Mechanism.SCRAM_SHA_1, TO_512), "UPGR-SCRAM-SHA-512");
      client.sends(xml);
      client.receivesStreamError("not-authorized");
    }
  }
}

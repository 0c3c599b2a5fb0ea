package io.rookery.router.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.sasl.ChannelBindings;
import io.rookery.protocol.wire.LoginRequest;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.Anonymous;
import io.rookery.router.sasl.KeyUpgrade;
import io.rookery.router.sasl.SaslServer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** XEP-0175: who logs in without an account, and where. */
class AnonymousLoginTest {
  private static final String PEER = "192.0.2.1";

  private final Owner owner = new Owner();
  private final List<String> counted = new ArrayList<>();
  private int left = 10;
  private final Authentication authentication = authentication();

  private Authentication authentication() {
    SecureRandom random = new SecureRandom();
    Admission admission = new Admission(() -> 0, 0, owner.meters);
    return new Authentication(
        owner.bus,
        owner.stores,
        new SaslServer(random, new byte[32], 4096),
        new PasswordWork(owner.vertx.createSharedWorkerExecutor("passwords", 1), 10),
        admission,
        new TokenLogin(
            owner.stores.accounts(),
            new Tokens(owner.stores.loginTokens(), random, owner.clock),
            admission),
        new Anonymous(
            Set.of("guests.example"), RouterConfig.Reach.SERVICE, 1, Duration.ofMinutes(1), 1),
        peer -> {
          counted.add(peer);
          return left-- > 0;
        },
        domain -> ("<of-" + domain + "/>").getBytes(UTF_8),
        new KeyUpgrade(random, 4096),
        10,
        owner.meters);
  }

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private void start(String domain, String mechanism, LoginRequest request) {
    authentication.start(
        Owner.SENDER,
        new ToRouter.SaslStart(
            7, domain, mechanism, new byte[0], true, ChannelBindings.NONE, PEER, request));
  }

  private ToConnector.SaslSuccess success(LoginRequest request) {
    start("guests.example", "ANONYMOUS", request);
    return owner.taken(ToConnector.SaslSuccess.class).get(0);
  }

  private String failure() {
    return owner.taken(ToConnector.SaslFailure.class).get(0).condition();
  }

  @Test
  void anAddressIsAssigned() {
    ToConnector.SaslSuccess success = success(null);
    assertEquals(7, success.stream());
    assertEquals("guests.example", success.account().domain());
    assertEquals("<of-guests.example/>", new String(success.features(), UTF_8));
    assertNotEquals(success.account(), success(null).account());
    assertEquals(List.of(PEER, PEER), counted);
  }

  /** It has not shown that it has been there, and can show it by the session it resumes only. */
  @Test
  void whatAClientSaysOfItselfMeansNothing() {
    LoginRequest claim =
        new LoginRequest(Owner.GUEST.toString(), "agent", false, 0, false, "HT-SHA-256-NONE");
    ToConnector.SaslSuccess success = success(claim);
    assertNotEquals(Owner.GUEST, success.account());
    assertNull(success.token());
    assertEquals(List.of(), owner.stores.loginTokens().find(success.account()).result());
  }

  @Test
  void anAddressHasSoManyLogins() {
    left = 1;
    success(null);
    start("guests.example", "ANONYMOUS", null);
    ToConnector.SaslFailure failure = owner.taken(ToConnector.SaslFailure.class).get(0);
    assertEquals("temporary-auth-failure", failure.condition());
    assertTrue(failure.text().contains("from your address"));
  }

  @Test
  void nothingElseIsGoodThereAndItIsGoodNowhereElse() {
    for (String other : List.of("PLAIN", "SCRAM-SHA-512", "HT-SHA-256-NONE", "anonymous", "")) {
      start("guests.example", other, null);
      assertEquals("invalid-mechanism", failure());
    }
    LoginRequest byToken = new LoginRequest(null, "agent", true, 0, false, null);
    start("guests.example", "HT-SHA-256-NONE", byToken);
    assertEquals("invalid-mechanism", failure());
    start("capulet.example", "ANONYMOUS", null);
    assertEquals("invalid-mechanism", failure());
    assertEquals(List.of(), counted);
  }
}

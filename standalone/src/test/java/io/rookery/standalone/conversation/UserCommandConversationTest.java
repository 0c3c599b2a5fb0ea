package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands for accounts, as processes beside the service they are for. */
class UserCommandConversationTest {
  private static final RookeryProcesses.Lone ROOKERY =
      RookeryProcesses.standalone("user-command", "");

  @BeforeAll
  static void start() {
    ROOKERY.service().started();
  }

  @AfterAll
  static void stop() {
    ROOKERY.service().close();
  }

  @Test
  void accountsAreManagedWhileTheServiceRuns() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Account romeo = given.stranger("romeo");
      runs(romeo.password() + "\n", "add", romeo.bare(), "--password-stdin");
      assertTrue(logsIn(given, romeo));
      runs("other\n", "passwd", romeo.bare(), "--password-stdin");
      assertFalse(logsIn(given, romeo));
      assertTrue(logsIn(given, romeo.withPassword("other")));
      assertTrue(runs("", "list").contains(romeo.bare()));
      assertTrue(runs("", "show", romeo.bare()).contains("SCRAM keys: SHA-256"));
      runs("", "delete", romeo.bare());
      assertFalse(logsIn(given, romeo.withPassword("other")));
      RookeryProcesses.Lone.Ended again = ROOKERY.run("", "user", "delete", romeo.bare());
      assertEquals(1, again.code(), again.output());
      assertTrue(again.output().contains("no such account"), again.output());
    }
  }

  @Test
  void removalEndsSessionsAndSubscriptions() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Client romeo = given.client("romeo", "phone");
      Client juliet = given.client("juliet", "balcony");
      given.befriend(romeo, juliet);
      String gone = juliet.bare();
      runs("", "delete", gone);
      juliet.receivesStreamError("not-authorized");
      romeo.receives("presence", p -> p.from(juliet).type("unavailable"));
      romeo.receivesPush(gone, "none");
      assertEquals("none", romeo.rosterItem(gone).orElseThrow().attribute("subscription"));
      assertFalse(runs("", "list").contains(gone));
    }
  }

  @Test
  void removalReachesContactsAlsoWithoutTheService() throws Exception {
    String gone;
    Account romeo;
    try (Cast given = new Cast(ROOKERY.service())) {
      Client phone = given.client("romeo", "phone");
      Client juliet = given.client("juliet", "balcony");
      given.befriend(phone, juliet);
      romeo = given.user("romeo");
      gone = juliet.bare();
      List.of(phone, juliet).forEach(Client::leaves);
    }
    ROOKERY.service().close();
    try {
      runs("", "delete", gone);
      assertFalse(runs("", "list").contains(gone));
    } finally {
      ROOKERY.service().started();
    }
    try (Cast given = new Cast(ROOKERY.service())) {
      Client phone =
          given.secured("romeo").authenticates(romeo, Mechanism.SCRAM_SHA_1).binds("phone");
      assertEquals("none", phone.rosterItem(gone).orElseThrow().attribute("subscription"));
    }
  }

  private static boolean logsIn(Cast given, Account account) throws Exception {
    Client client = given.secured(account.localpart());
    return client.triesToAuthenticate(account, Mechanism.SCRAM_SHA_1).localName().equals("success");
  }

  private static String runs(String input, String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "user";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    RookeryProcesses.Lone.Ended ended = ROOKERY.run(input, command);
    assertEquals(0, ended.code(), ended.output());
    return ended.output();
  }
}

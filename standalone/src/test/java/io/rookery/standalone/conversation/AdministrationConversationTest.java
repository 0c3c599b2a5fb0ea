package io.rookery.standalone.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Administrators, and invitations to make an account (XEP-0133, XEP-0401, XEP-0445). */
class AdministrationConversationTest {
  private static final String REGISTER = "jabber:iq:register";
  private static final String COMMANDS = "http://jabber.org/protocol/commands";
  private static final String ADMIN = "http://jabber.org/protocol/admin";
  private static final String FORMS = "jabber:x:data";
  private static final RookeryProcesses.Lone ROOKERY =
      RookeryProcesses.standalone(
          "administration",
          "router.admins: [friar@localhost]\nrouter.invitations.registering: users\n");

  @BeforeAll
  static void start() throws Exception {
    ROOKERY.service().started();
    // Nobody can sign up with the name of an administrator; it may be there from another run.
    var made = ROOKERY.run("poison\n", "user", "add", "friar@localhost", "--password-stdin");
    assertTrue(made.code() == 0 || made.output().contains("exists"), made.output());
  }

  @AfterAll
  static void stop() {
    ROOKERY.service().close();
  }

  /** The administrator. */
  private static Client friar(Cast given) throws Exception {
    Account friar = new Account("friar", ROOKERY.service().domain(), "poison");
    Client client =
        given.secured("friar").authenticates(friar, Mechanism.SCRAM_SHA_1).binds("cell");
    client.sends("<presence/>");
    client.receives("presence", p -> p.from(client).type(null));
    return client;
  }

  private static Element command(Client client, String node, String more) {
    return client.asks(
        "set", client.domain(), "<command xmlns='" + COMMANDS + "' node='" + node + "' " + more);
  }

  /** Executes a command with one form and gives the reply. */
  private static Element run(Client client, String node, String type, Map<String, String> answers) {
    Element asked = command(client, node, "/>").child("command", COMMANDS).orElseThrow();
    assertEquals("executing", asked.attribute("status"));
    StringBuilder fields = new StringBuilder();
    if (type != null) {
      fields.append("<field var='FORM_TYPE'><value>" + type + "</value></field>");
    }
    answers.forEach(
        (var, value) ->
            fields.append("<field var='" + var + "'><value>" + value + "</value></field>"));
    return command(
        client,
        node,
        "sessionid='"
            + asked.attribute("sessionid")
            + ("'><x xmlns='" + FORMS + "' type='submit'>" + fields + "</x></command>"));
  }

  private static Element administers(Client friar, String command, Map<String, String> answers) {
    return run(friar, ADMIN + "#" + command, ADMIN, answers);
  }

  private static void succeeds(Client friar, String command, Map<String, String> answers) {
    friar.expects(
        administers(friar, command, answers),
        r -> r.type("result").has("command", COMMANDS, c -> c.attribute("status", "completed")));
  }

  /** A field of the form in a command. */
  static String told(Element command, String var) {
    return command.child("x", FORMS).orElseThrow().children("field", FORMS).stream()
        .filter(field -> var.equals(field.attribute("var")))
        .map(field -> field.child("value", FORMS).orElseThrow().text())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void accountsAreManagedByCommands() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Client friar = friar(given);
      Account romeo = given.stranger("romeo");
      Map<String, String> user =
          Map.of(
              "accountjid", romeo.bare(),
              "password", romeo.password(),
              "password-verify", romeo.password());
      succeeds(friar, "add-user", user);
      friar.expects(administers(friar, "add-user", user), r -> r.error("conflict"));
      friar.expects(
          administers(friar, "add-user", Map.of("accountjid", romeo.bare())),
          r -> r.error("bad-request"));
      Client phone =
          given.secured("romeo").authenticates(romeo, Mechanism.SCRAM_SHA_1).binds("phone");
      Client laptop =
          given.secured("romeo").authenticates(romeo, Mechanism.SCRAM_SHA_1).binds("laptop");
      succeeds(friar, "end-user-session", Map.of("accountjids", romeo.bare() + "/phone"));
      phone.receivesStreamError("policy-violation");
      Element stats =
          administers(friar, "user-stats", Map.of("accountjid", romeo.bare()))
              .child("command", COMMANDS)
              .orElseThrow();
      assertEquals("laptop", told(stats, "onlineresources"));
      succeeds(
          friar, "change-user-password", Map.of("accountjid", romeo.bare(), "password", "another"));
      assertFalse(logsIn(given, romeo));
      succeeds(friar, "disable-user", Map.of("accountjids", romeo.bare()));
      laptop.receivesStreamError("policy-violation");
      Client disabled = given.secured("romeo");
      Element failure =
          disabled.triesToAuthenticate(romeo.withPassword("another"), Mechanism.SCRAM_SHA_1);
      assertTrue(failure.child("account-disabled").isPresent(), failure.toString());
      succeeds(friar, "reenable-user", Map.of("accountjids", romeo.bare()));
      Client tablet =
          given
              .secured("romeo")
              .authenticates(romeo.withPassword("another"), Mechanism.SCRAM_SHA_1)
              .binds("tablet");
      succeeds(friar, "delete-user", Map.of("accountjids", romeo.bare()));
      tablet.receivesStreamError("not-authorized");
      assertFalse(logsIn(given, romeo.withPassword("another")));
      friar.expects(
          administers(friar, "delete-user", Map.of("accountjids", "nobody@localhost")),
          r -> r.error("item-not-found"));
    }
  }

  @Test
  void everybodyOnlineGetsAnAnnouncement() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Client friar = friar(given);
      Client juliet = given.client("juliet", "balcony");
      Element online =
          command(friar, ADMIN + "#get-online-users-num", "/>")
              .child("command", COMMANDS)
              .orElseThrow();
      assertTrue(Integer.parseInt(told(online, "onlineusersnum")) >= 2);
      succeeds(friar, "announce", Map.of("announcement", "Flee!"));
      juliet.receives("message", m -> m.from(juliet.domain()).body("Flee!"));
      juliet.asks(
          "set",
          juliet.domain(),
          "<command xmlns='" + COMMANDS + "' node='" + ADMIN + "#announce'/>",
          r -> r.error("forbidden"));
    }
  }

  /** XEP-0401, section 5.5: the roster push comes without the inviter's doing. */
  @Test
  void whoIsInvitedRegistersAndIsAContact() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Client romeo = given.client("romeo", "phone");
      Element command =
          command(romeo, "urn:xmpp:invite#invite", "/>").child("command", COMMANDS).orElseThrow();
      String uri = told(command, "uri");
      assertTrue(uri.endsWith(";ibr=y"), uri);
      Account juliet = given.stranger("juliet");
      Client signing = given.secured("juliet");
      assertTrue(signing.offers("register", "urn:xmpp:ibr-token:0"));
      signing.expects(shows(signing, "guessed"), r -> r.error("item-not-found"));
      signing.expects(shows(signing, token(uri)), r -> r.type("result"));
      signing.expects(Cast.register(signing, juliet), r -> r.type("result"));
      romeo.receivesPush(juliet.bare(), "from");
      romeo.receivesPush(juliet.bare(), "both");
      signing.expects(shows(signing, token(uri)), r -> r.error("item-not-found"));
      Client balcony =
          given.secured("juliet").authenticates(juliet, Mechanism.SCRAM_SHA_1).binds("balcony");
      assertEquals(
          "both", balcony.rosterItem(romeo.bare()).orElseThrow().attribute("subscription"));
    }
  }

  @Test
  void anAddressIsKeptForWhoIsInvited() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      Client friar = friar(given);
      Account juliet = given.stranger("juliet");
      Element command =
          run(friar, "urn:xmpp:invite#create-account", null, Map.of("username", juliet.localpart()))
              .child("command", COMMANDS)
              .orElseThrow();
      String uri = told(command, "uri");
      assertTrue(uri.startsWith("xmpp:" + juliet.bare() + "?register;preauth="), uri);
      Client thief = given.secured("thief");
      thief.expects(Cast.register(thief, juliet), r -> r.error("conflict"));
      Client signing = given.secured("juliet");
      signing.expects(shows(signing, token(uri)), r -> r.type("result"));
      signing.asks("get", null, "<query xmlns='" + REGISTER + "'/>", r -> isFilledIn(r, juliet));
      signing.expects(
          Cast.register(signing, given.stranger("nurse")), r -> r.error("not-acceptable"));
      signing.expects(Cast.register(signing, juliet), r -> r.type("result"));
      assertTrue(logsIn(given, juliet));
    }
  }

  /** The fields of old, and the form for clients that know nothing else. */
  private static void isFilledIn(Expectation reply, Account account) {
    String name = account.localpart();
    reply.has(
        "query",
        REGISTER,
        query ->
            query
                .has("username", REGISTER, u -> u.text(name))
                .has(
                    "x",
                    "jabber:x:data",
                    x ->
                        x.has(
                            "field",
                            "jabber:x:data",
                            f -> f.has("value", "jabber:x:data", v -> v.text(name)))));
  }

  @Test
  void theOperatorInvites() throws Exception {
    try (Cast given = new Cast(ROOKERY.service())) {
      RookeryProcesses.Lone.Ended ended = ROOKERY.run("", "user", "invite", "localhost");
      assertEquals(0, ended.code(), ended.output());
      String uri =
          ended.output().lines().filter(l -> l.startsWith("xmpp:")).findFirst().orElseThrow();
      Account nurse = given.stranger("nurse");
      Client signing = given.secured("nurse");
      signing.expects(shows(signing, token(uri)), r -> r.type("result"));
      signing.expects(Cast.register(signing, nurse), r -> r.type("result"));
      assertTrue(logsIn(given, nurse));
      assertEquals(2, ROOKERY.run("", "user", "invite").code());
    }
  }

  private static String token(String uri) {
    return uri.substring(uri.indexOf("preauth=") + "preauth=".length()).replace(";ibr=y", "");
  }

  private static Element shows(Client client, String token) {
    return client.asks(
        "set", client.domain(), "<preauth xmlns='urn:xmpp:pars:0' token='" + token + "'/>");
  }

  private static boolean logsIn(Cast given, Account account) throws Exception {
    Client client = given.secured(account.localpart());
    return client.triesToAuthenticate(account, Mechanism.SCRAM_SHA_1).localName().equals("success");
  }
}

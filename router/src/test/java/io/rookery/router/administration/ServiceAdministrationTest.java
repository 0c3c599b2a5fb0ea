package io.rookery.router.administration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.protocol.stanza.Stanza;
import io.rookery.protocol.stanza.StanzaType;
import io.rookery.protocol.wire.ToConnector;
import io.rookery.protocol.wire.ToRouter;
import io.rookery.protocol.wire.WireMessage;
import io.rookery.protocol.xml.Element;
import io.rookery.router.RouterConfig;
import io.rookery.router.RouterConfig.Anonymous;
import io.rookery.router.account.Credentials;
import io.rookery.router.command.Commands;
import io.rookery.router.dispatch.Extensions;
import io.rookery.router.dispatch.IqDispatcher;
import io.rookery.router.extension.IqReply;
import io.rookery.router.extension.IqTarget;
import io.rookery.router.form.Form;
import io.rookery.router.login.MemoryTokens;
import io.rookery.router.login.Owner;
import io.rookery.router.login.PasswordWork;
import io.rookery.router.routing.RecordedBus;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.router.session.Given;
import io.rookery.router.session.LiveAccount;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.activity.LastActivities;
import io.rookery.storage.activity.LastActivity;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0133: commands of an administrator, to the domain he asks. */
class ServiceAdministrationTest {
  private static final Jid ADMIN = Jid.parse("friar@capulet.example");
  private static final Jid NURSE = Jid.parse("nurse@capulet.example");
  private static final String ADMIN_NS = "http://jabber.org/protocol/admin";

  private final Owner owner = new Owner();
  private final Known accounts = new Known();
  private final Inquiries inquiries = new Inquiries(owner.bus, owner.routes, owner.vertx);
  private final Reports reports =
      new Reports(owner.bus, owner.routes, owner.accounts, owner.sessionEnd, owner.vertx);
  private final ServiceAdministration administration =
      new ServiceAdministration(
          Set.of(ADMIN),
          new Credentials(
              accounts,
              new MemoryTokens(),
              new PasswordKeys(new SecureRandom(), 4096),
              new PasswordWork(owner.vertx.createSharedWorkerExecutor("passwords", 1), 10),
              owner.clock),
          new Seen(),
          inquiries,
          owner.clock,
          new Anonymous(
              Set.of(Owner.GUEST.domain()),
              RouterConfig.Reach.SERVICE,
              1,
              Duration.ofMinutes(1),
              1));
  private final IqDispatcher dispatcher =
      new IqDispatcher(
          new Extensions(
              List.of(new Commands(administration.commands(), new Ids()::next, owner.clock))));
  private final LiveAccount friar = Given.account(ADMIN, true);
  private Jid domain = ADMIN.domainJid();

  @AfterEach
  void close() {
    owner.vertx.close();
  }

  private static final class Ids {
    private int last;

    private String next() {
      return "s" + ++last;
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
      return Future.succeededFuture(
          byJid.replace(jid, new Account(jid, keys, Instant.EPOCH)) != null);
    }

    @Override
    public Future<Boolean> disable(Jid jid, boolean disabled) {
      return Future.succeededFuture(
          byJid.replace(jid, new Account(jid, Map.of(), Instant.EPOCH, disabled)) != null);
    }

    @Override
    public Future<Boolean> addKeys(Account known, ScramKeys added) {
      throw new AssertionError("nobody adds keys here");
    }

    @Override
    public Future<Boolean> delete(Jid jid) {
      throw new AssertionError("owners remove accounts");
    }

    @Override
    public Future<List<Jid>> list(String domain, Jid after, int limit) {
      throw new AssertionError("nobody lists accounts here");
    }
  }

  private static final class Seen implements LastActivities {
    @Override
    public Future<Optional<LastActivity>> find(Jid user) {
      return Future.succeededFuture(Optional.of(new LastActivity(Instant.EPOCH, "")));
    }

    @Override
    public Future<Void> record(Jid user, LastActivity activity) {
      throw new AssertionError("nothing is recorded here");
    }

    @Override
    public Future<Void> delete(Jid user) {
      throw new AssertionError("nothing is deleted here");
    }
  }

  private void know(Jid... users) {
    for (Jid user : users) {
      accounts.create(new Account(user, Map.of(), Instant.EPOCH));
    }
  }

  private Future<IqReply> ask(Jid from, String command, String rest) {
    Element element =
        Element.parse(
            "<command xmlns='http://jabber.org/protocol/commands' node='"
                + (ADMIN_NS + "#" + command + "' " + rest));
    Stanza iq = Stanza.of(StanzaType.IQ_SET, from.withResource("cell"), domain, "1", element);
    return dispatcher.answer(iq, IqTarget.SERVER, friar, null);
  }

  /** Executes a command with a form; fields are names and values in turn. */
  private IqReply run(String command, String... fields) throws Exception {
    IqReply asked = ask(ADMIN, command, "/>").result();
    assertEquals("executing", asked.payload().attribute("status"));
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      form.append("<field var='").append(fields[i]).append("'><value>");
      form.append(fields[i + 1]).append("</value></field>");
    }
    return ask(
            ADMIN,
            command,
            "sessionid='"
                + asked.payload().attribute("sessionid")
                + "'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
                + (ADMIN_NS + "</value></field>" + form + "</x></command>"))
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static String outcome(IqReply reply) {
    return reply.error() == null
        ? reply.payload().attribute("status")
        : reply.error().condition().xmlName();
  }

  private static Map<String, List<String>> told(IqReply reply) {
    return reply.payload().child(Form.NS, "x").children(Form.NS, "field").stream()
        .collect(
            Collectors.toMap(
                field -> field.attribute("var"),
                field -> field.children(Form.NS, "value").stream().map(Element::text).toList()));
  }

  /** Answers as an owner would. */
  private void answer(WireMessage message, long number, Jid... sessions) {
    if (message instanceof ToRouter.AccountWanted wanted) {
      inquiries.told(new ToRouter.Told(wanted.ticket(), number, sessions));
    } else if (message instanceof ToRouter.OnlineWanted wanted) {
      inquiries.told(new ToRouter.Told(wanted.ticket(), number, sessions));
    }
  }

  @Test
  void othersMayNothing() {
    administration
        .commands()
        .forEach(
            command -> {
              String name = command.node().substring(ADMIN_NS.length() + 1);
              assertFalse(command.allowed().test(NURSE));
              assertEquals("forbidden", outcome(ask(NURSE, name, "/>").result()), name);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "nurse@capulet.example, secret, secret, completed",
    "Nurse@capulet.example, secret, secret, completed",
    "nurse@capulet.example, secret, other, not-acceptable",
    "nurse@montague.example, secret, secret, not-allowed",
    "nurse@capulet.example/a, secret, secret, not-allowed",
    "capulet.example, secret, secret, not-allowed",
    "friar@capulet.example, secret, secret, conflict",
  })
  void addingAUser(String jid, String password, String again, String expected) throws Exception {
    know(ADMIN);
    IqReply reply =
        run("add-user", "accountjid", jid, "password", password, "password-verify", again);
    assertEquals(expected, outcome(reply));
    assertEquals(expected.equals("completed"), accounts.byJid.containsKey(NURSE));
  }

  @Test
  void changingAPassword() throws Exception {
    accounts.create(new Account(NURSE, Owner.KEYS, Instant.EPOCH));
    assertEquals(
        "completed",
        outcome(run("change-user-password", "accountjid", NURSE.toString(), "password", "secret")));
    assertNotEquals(Owner.KEYS, accounts.byJid.get(NURSE).keys());
    know(Owner.JULIET);
    assertEquals(
        "item-not-found",
        outcome(
            run(
                "change-user-password",
                "accountjid",
                Owner.JULIET.toString(),
                "password",
                "secret")),
        "it is half imported");
    assertEquals(
        "item-not-found",
        outcome(run("change-user-password", "accountjid", "x@capulet.example", "password", "y")));
  }

  @Test
  void ownersRemoveUsers() throws Exception {
    know(Owner.JULIET);
    assertEquals("completed", outcome(run("delete-user", "accountjids", Owner.JULIET.toString())));
    assertEquals(
        List.of(new ToRouter.AccountRemoved(Owner.JULIET)),
        owner.taken(ToRouter.AccountRemoved.class));
    assertEquals("item-not-found", outcome(run("delete-user", "accountjids", NURSE.toString())));
    assertEquals(
        "not-allowed", outcome(run("delete-user", "accountjids", "romeo@montague.example")));
    assertEquals(List.of(), owner.taken(ToRouter.AccountRemoved.class));
  }

  @Test
  void ownersEndSessions() throws Exception {
    know(Owner.JULIET);
    owner.bus.onSend(message -> answer(message, 0));
    String phone = Owner.JULIET.withResource("phone").toString();
    assertEquals("completed", outcome(run("end-user-session", "accountjids", phone)));
    assertEquals("phone", owner.taken(ToRouter.AccountWanted.class).get(0).end());
    assertEquals(
        "completed", outcome(run("end-user-session", "accountjids", Owner.JULIET.toString())));
    assertEquals("", owner.taken(ToRouter.AccountWanted.class).get(0).end());
  }

  /** Who is anonymous can be told to go; there is no account to do anything with. */
  @Test
  void whoHasNoAccountHasSessions() throws Exception {
    domain = Owner.GUEST.domainJid();
    owner.bus.onSend(message -> answer(message, 0));
    String guest = Owner.GUEST.toString();
    assertEquals("completed", outcome(run("end-user-session", "accountjids", guest)));
    assertEquals(Owner.GUEST, owner.taken(ToRouter.AccountWanted.class).get(0).account());
    assertEquals("item-not-found", outcome(run("disable-user", "accountjids", guest)));
    assertEquals("item-not-found", outcome(run("delete-user", "accountjids", guest)));
    assertEquals(
        "not-allowed",
        outcome(run("add-user", "accountjid", guest, "password", "x", "password-verify", "x")));
  }

  @Test
  void disabledUsersAreLoggedOut() throws Exception {
    know(Owner.JULIET);
    owner.bus.onSend(message -> answer(message, 0));
    String juliet = Owner.JULIET.toString();
    assertEquals("completed", outcome(run("disable-user", "accountjids", juliet)));
    assertTrue(accounts.byJid.get(Owner.JULIET).disabled());
    assertEquals("", owner.taken(ToRouter.AccountWanted.class).get(0).end());
    assertEquals("completed", outcome(run("reenable-user", "accountjids", juliet)));
    assertFalse(accounts.byJid.get(Owner.JULIET).disabled());
    assertEquals("item-not-found", outcome(run("disable-user", "accountjids", NURSE.toString())));
  }

  @Test
  void statisticsAreTheOwners() throws Exception {
    know(Owner.JULIET);
    owner.bus.onSend(message -> answer(message, 12, Owner.JULIET.withResource("phone")));
    Map<String, List<String>> told = told(run("user-stats", "accountjid", Owner.JULIET.toString()));
    assertEquals(List.of("12"), told.get("rostersize"));
    assertEquals(List.of("phone"), told.get("onlineresources"));
  }

  @Test
  void lastLogin() throws Exception {
    know(Owner.JULIET);
    owner.bus.onSend(message -> answer(message, 0));
    Map<String, List<String>> away =
        told(run("get-user-lastlogin", "accountjids", Owner.JULIET.toString()));
    assertEquals(List.of("1970-01-01T00:00:00Z"), away.get("lastlogin"));
    owner.bus.onSend(message -> answer(message, 0, Owner.JULIET.withResource("phone")));
    Map<String, List<String>> here =
        told(run("get-user-lastlogin", "accountjids", Owner.JULIET.toString()));
    assertEquals(List.of(owner.clock.instant().toString()), here.get("lastlogin"));
  }

  @Test
  void allLoopsAreAskedWhoIsOnline() {
    owner.bus.onSend(message -> answer(message, 3));
    IqReply reply = ask(ADMIN, "get-online-users-num", "/>").result();
    assertEquals(List.of("6"), told(reply).get("onlineusersnum"), "of two loops");
  }

  @Test
  void announcementsGoToAllLoops() throws Exception {
    assertEquals("completed", outcome(run("announce", "announcement", "Flee!")));
    List<ToRouter.Announced> announced = owner.taken(ToRouter.Announced.class);
    assertEquals(2, announced.size());
    assertEquals(Jid.parse("capulet.example"), announced.get(0).message().from());
    assertEquals("not-acceptable", outcome(run("announce", "announcement", " ")));
  }

  @Test
  void anOwnerTellsAndEndsWhatItIsAskedTo() {
    owner.session("phone", 1);
    owner.session("laptop", 2);
    owner.bus.taken();
    reports.account(Owner.SENDER, new ToRouter.AccountWanted(Owner.JULIET, 7, null));
    assertEquals(2, owner.taken(ToRouter.Told.class).get(0).sessions().length);
    reports.account(Owner.SENDER, new ToRouter.AccountWanted(Owner.JULIET, 8, "phone"));
    List<WireMessage> sent = owner.bus.taken().stream().map(RecordedBus.Sent::message).toList();
    assertTrue(
        sent.stream().anyMatch(m -> m instanceof ToConnector.EndStream end && end.stream() == 1));
    assertEquals(1, owner.account().sessions().size());
    reports.account(Owner.SENDER, new ToRouter.AccountWanted(Owner.JULIET, 9, ""));
    assertEquals(0, owner.account().sessions().size());
  }

  @Test
  void onlyUsersOfTheDomainWhoAreOnlineGetAnAnnouncement() {
    owner.session("phone", 1);
    owner.bus.taken();
    reports.online(Owner.SENDER, new ToRouter.OnlineWanted(1, "capulet.example"));
    reports.online(Owner.SENDER, new ToRouter.OnlineWanted(2, "montague.example"));
    assertEquals(
        List.of(1L, 0L), owner.taken(ToRouter.Told.class).stream().map(t -> t.number()).toList());
    Stanza message =
        Stanza.of(StanzaType.MESSAGE_HEADLINE, Jid.parse("capulet.example"), null, null);
    reports.announce(message);
    assertEquals(
        List.of(Owner.JULIET.withResource("phone")),
        owner.taken(ToConnector.ToClient.class).stream().map(m -> m.stanza().to()).toList());
    reports.announce(message.withFrom(Jid.parse("montague.example")));
    assertEquals(List.of(), owner.bus.taken());
  }
}

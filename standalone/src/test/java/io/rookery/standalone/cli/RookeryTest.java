package io.rookery.standalone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rookery.protocol.jid.Jid;
import io.rookery.router.sasl.Password;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.config.ReferenceTable;
import io.rookery.standalone.portable.AccountStores;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.invitation.Invitation;
import io.rookery.storage.invitation.Invitations;
import io.rookery.storage.token.KnownClient;
import io.rookery.storage.token.LoginTokens;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RookeryTest {
  private static final Jid JULIET = Jid.parse("juliet@localhost");
  private static final KnownClient LUTE =
      new KnownClient("id", "Lute", null, Instant.EPOCH, Instant.EPOCH.plusSeconds(1), true);

  private final TreeMap<Jid, Account> stored = new TreeMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Set<Jid> kept = new HashSet<>();
  private final Deque<String> typed = new ArrayDeque<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private InputStream in = InputStream.nullInputStream();
  private List<KnownClient> known = List.of(LUTE);
  private int started;
  private int opened;
  private int closed;

  @Test
  void addsAnAccountWithAPasswordFromStandardInput() {
    in = new ByteArrayInputStream("Sch\u00f6ne Grüße\nmore\n".getBytes(StandardCharsets.UTF_8));
    assertEquals(0, run("user", "add", "Juliet@localhost", "--password-stdin"));
    assertEquals("juliet@localhost is created.\n", out.toString());
    assertHasPassword("Sch\u00f6ne Grüße");
    assertEquals(ScramKeys.Hash.values().length, stored.get(JULIET).keys().size());
    assertEquals(1, closed);
  }

  @Test
  void asksForAPasswordTwice() {
    typed.addAll(List.of("secret", "secret"));
    assertEquals(0, run("user", "add", "juliet@localhost"));
    assertHasPassword("secret");
    typed.addAll(List.of("one", "two"));
    assertEquals(1, run("user", "passwd", "juliet@localhost"));
    assertEquals("rookery: the passwords differ\n", err.toString());
    assertHasPassword("secret");
    typed.addAll(List.of("other", "other"));
    assertEquals(0, run("user", "passwd", "juliet@localhost"));
    assertHasPassword("other");
  }

  @Test
  void refusesWhatCannotBe() {
    assertFailure("no terminal to ask: use --password-stdin", "user", "add", "juliet@localhost");
    in = new ByteArrayInputStream(new byte[0]);
    assertFailure(
        "no password on standard input", "user", "add", "juliet@localhost", "--password-stdin");
    in = new ByteArrayInputStream("\n".getBytes(StandardCharsets.UTF_8));
    assertFailure(
        "this cannot be a password (RFC 8265)",
        "user",
        "add",
        "juliet@localhost",
        "--password-stdin");
    assertFailure("not a domain served here: example.org", "user", "show", "juliet@example.org");
    assertFailure("not a domain served here: example.org", "user", "list", "example.org");
    assertFailure(
        "not an account's address, user@domain: localhost", "user", "delete", "localhost");
    assertFailure(
        "not an account's address, user@domain: a@localhost/b", "user", "delete", "a@localhost/b");
    assertFailure(
        "not a domain served here: example.org", "export", "--user", "juliet@example.org", "out");
    assertFailure(
        "not an account's address, user@domain: a@b/c", "import", "--user", "a@b/c", "in");
    assertFailure("not a domain served here: example.org", "import", "--domain=example.org", "in");
    assertEquals(0, opened, "storage is not touched");
    typed.addAll(List.of("secret", "secret"));
    assertFailure("no such account: juliet@localhost", "user", "passwd", "juliet@localhost");
    assertFailure("no such account: juliet@localhost", "user", "delete", "juliet@localhost");
    assertFailure("no such account: juliet@localhost", "user", "show", "juliet@localhost");
    assertEquals(opened, closed);
  }

  @Test
  void givesNoPasswordToAnAccountThatIsNotImportedCompletely() {
    store(JULIET);
    typed.addAll(List.of("secret", "secret"));
    assertFailure(
        "juliet@localhost is not imported completely: import it again, or remove it with"
            + " `rookery user delete`",
        "user",
        "passwd",
        "juliet@localhost");
    assertEquals(Map.of(), stored.get(JULIET).keys());
  }

  @Test
  void refusesASecondAccountOfTheSameName() {
    typed.addAll(List.of("first", "first", "second", "second"));
    assertEquals(0, run("user", "add", "juliet@localhost"));
    assertFailure("juliet@localhost exists", "user", "add", "JULIET@localhost");
    assertHasPassword("first");
  }

  @Test
  void listsAllPagesOfAllDomains() {
    environment.put("ROOKERY_DOMAINS", "b.example,a.example");
    for (int i = 0; i < 1201; i++) {
      store(Jid.parse("user%04d@a.example".formatted(i)));
    }
    store(Jid.parse("romeo@b.example"));
    assertEquals(0, run("user", "list"));
    List<String> lines = out.toString().lines().toList();
    assertEquals(1202, lines.size());
    assertEquals("user0000@a.example", lines.get(0));
    assertEquals("romeo@b.example", lines.get(1201));
  }

  @Test
  void showsAndDeletes() {
    typed.addAll(List.of("secret", "secret"));
    run("user", "add", "juliet@localhost");
    assertEquals(0, run("user", "show", "juliet@localhost"));
    assertTrue(out.toString().contains("SCRAM keys: SHA-512, 10000 iterations\n"), out.toString());
    assertEquals(0, run("user", "delete", "juliet@localhost"));
    assertTrue(stored.isEmpty());
  }

  @Test
  void listsClients() {
    store(JULIET);
    assertEquals(0, run("user", "clients", "juliet@localhost"));
    assertEquals(
        "id: first seen 1970-01-01T00:00:00Z, last seen 1970-01-01T00:00:01Z, Lute, password\n",
        out.toString());
    assertFailure("no such account: a@localhost", "user", "clients", "a@localhost");
  }

  @Test
  void saysThatNoClientIsKnown() {
    store(JULIET);
    known = List.of();
    assertEquals(0, run("user", "clients", "juliet@localhost"));
    assertEquals(
        "No client of juliet@localhost is known: only those that give an id at login (SASL2) are.\n",
        out.toString());
  }

  @Test
  void invitesToAnAddressOnce() {
    assertEquals(0, run("user", "invite", "juliet@localhost"));
    assertTrue(
        out.toString().startsWith("xmpp:juliet@localhost?register;preauth="), out.toString());
    assertFailure(
        "juliet@localhost is kept for another link", "user", "invite", "juliet@localhost");
    store(Jid.parse("romeo@localhost"));
    assertFailure("romeo@localhost exists", "user", "invite", "romeo@localhost");
    assertFailure(
        "neither an account's address nor a domain: a@localhost/b",
        "user",
        "invite",
        "a@localhost/b");
    environment.put("ROOKERY_ROUTER_INVITATIONS_REGISTERING", "off");
    assertFailure(
        "nobody can register by invitation: router.invitations.registering is off",
        "user",
        "invite",
        "localhost");
    assertEquals(opened, closed);
  }

  @Test
  void printsTheReferenceTable() {
    assertEquals(0, run("config", "table"));
    assertEquals(ReferenceTable.markdown(), out.toString());
  }

  @Test
  void checksAConfigurationWithoutStartingIt(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("rookery.yaml"), "ops: { port: 70000 }\n");
    for (String[] command :
        new String[][] {
          {"config", "check", "--config", file.toString()},
          {"--config", file.toString(), "standalone"},
          {"router", "--config", file.toString()},
          {"user", "list", "--config", file.toString()},
        }) {
      err.getBuffer().setLength(0);
      assertEquals(2, run(command));
      assertTrue(
          err.toString()
              .startsWith(
                  "bad configuration:\n  ops.port = 70000 (" + file + ", line 1): allowed is"),
          err.toString());
    }
    assertEquals(0, started + opened);
    assertEquals(0, run("config", "check"));
  }

  @Test
  void givesTheReasonOfAFailedStart() {
    assertFailure("port 5222 is taken", "connector");
    assertEquals(1, started);
  }

  @Test
  void refusesWrongArguments() {
    assertEquals(2, run("user", "add"));
    assertEquals(2, run("frobnicate"));
    assertEquals(2, run("config", "check", "--role", "king"));
    assertEquals(2, run());
    assertEquals(0, run("--version"));
    assertEquals(0, run("user", "--help"));
    assertFalse(out.toString().isEmpty());
  }

  @Test
  void everyCommandHasHelpAndTheVersion() {
    List<List<String>> commands = new ArrayList<>();
    collect(rookery().commandLine(), List.of(), commands);
    assertTrue(commands.contains(List.of("user", "delete")), commands.toString());
    assertTrue(commands.contains(List.of("standalone")), commands.toString());
    assertTrue(commands.contains(List.of("import")), commands.toString());
    for (List<String> command : commands) {
      String name = String.join(" ", command);
      assertTrue(printed(command, "--help").startsWith("Usage: rookery " + name), out.toString());
      assertTrue(printed(command, "-h").contains("--config=FILE"), out.toString());
      assertTrue(printed(command, "--version").startsWith("rookery "), name);
    }
    assertEquals("", err.toString());
    assertEquals(0, started + opened);
  }

  private static void collect(CommandLine command, List<String> path, List<List<String>> commands) {
    commands.add(path);
    command
        .getSubcommands()
        .forEach(
            (name, sub) ->
                collect(sub, Stream.concat(path.stream(), Stream.of(name)).toList(), commands));
  }

  private String printed(List<String> command, String option) {
    out.getBuffer().setLength(0);
    String[] arguments = Stream.concat(command.stream(), Stream.of(option)).toArray(String[]::new);
    assertEquals(0, run(arguments), () -> command + " " + option + ": " + err);
    return out.toString();
  }

  private int run(String... arguments) {
    return rookery().run(arguments);
  }

  private Rookery rookery() {
    Terminal terminal =
        new Terminal(
            in,
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            prompt -> Optional.ofNullable(typed.poll()),
            false);
    return new Rookery(new Stage(), environment, terminal);
  }

  private void assertFailure(String message, String... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(1, run(arguments));
    assertEquals("rookery: " + message + "\n", err.toString());
  }

  private void assertHasPassword(String password) {
    stored
        .get(JULIET)
        .keys()
        .values()
        .forEach(
            keys -> assertTrue(PasswordKeys.matches(Password.of(password).orElseThrow(), keys)));
  }

  private void store(Jid jid) {
    stored.put(jid, new Account(jid, Map.of(), Instant.EPOCH));
  }

  /** What the composition root is to the commands; keeps accounts in memory. */
  private final class Stage implements Roles, AccountAccess, Accounts {
    @Override
    public Future<RunningService> startLocalCluster(Config config, List<String> options) {
      return Future.failedFuture("not part of this test");
    }

    @Override
    public Future<RunningService> start(Config config) {
      started++;
      return Future.failedFuture("port 5222 is taken");
    }

    @Override
    public Future<AccountAccess> openAccounts(Config config) {
      opened++;
      return Future.succeededFuture(this);
    }

    @Override
    public Accounts accounts() {
      return this;
    }

    @Override
    public LoginTokens tokens() {
      return (LoginTokens)
          Proxy.newProxyInstance(
              LoginTokens.class.getClassLoader(),
              new Class<?>[] {LoginTokens.class},
              (proxy, method, args) ->
                  switch (method.getName()) {
                    case "clients" -> Future.succeededFuture(known);
                    case "find" -> Future.succeededFuture(List.of());
                    case "delete" -> Future.succeededFuture();
                    default -> throw new AssertionError(method);
                  });
    }

    @Override
    public AccountStores stores() {
      return null;
    }

    @Override
    public AccountRemoval removal() {
      return this::delete;
    }

    @Override
    public Invitations invitations() {
      return (Invitations)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Invitations.class},
              (proxy, method, args) ->
                  Future.succeededFuture(kept.add(((Invitation) args[0]).account())));
    }

    @Override
    public Future<Void> close() {
      closed++;
      return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> create(Account account) {
      return Future.succeededFuture(stored.putIfAbsent(account.jid(), account) == null);
    }

    @Override
    public Future<Optional<Account>> find(Jid account) {
      return Future.succeededFuture(Optional.ofNullable(stored.get(account)));
    }

    @Override
    public Future<Boolean> changeKeys(Jid account, Map<ScramKeys.Hash, ScramKeys> keys) {
      Account changed =
          stored.computeIfPresent(account, (jid, old) -> new Account(jid, keys, old.created()));
      return Future.succeededFuture(changed != null);
    }

    @Override
    public Future<Boolean> addKeys(Account known, ScramKeys added) {
      throw new AssertionError("no command adds keys");
    }

    @Override
    public Future<Boolean> disable(Jid account, boolean disabled) {
      throw new AssertionError("there is no command for it");
    }

    @Override
    public Future<Boolean> delete(Jid account) {
      return Future.succeededFuture(stored.remove(account) != null);
    }

    @Override
    public Future<List<Jid>> list(String domain, Jid after, int limit) {
      return Future.succeededFuture(
          stored.keySet().stream()
              .filter(jid -> jid.domain().equals(domain))
              .filter(jid -> after == null || jid.compareTo(after) > 0)
              .limit(limit)
              .toList());
    }
  }
}

package io.rookery.standalone.cli;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.router.RouterConfig.Inviters;
import io.rookery.router.invitation.Issuance;
import io.rookery.router.invitation.Issuance.Issued;
import io.rookery.router.sasl.Password;
import io.rookery.router.sasl.PasswordKeys;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.config.InvalidConfigException;
import io.rookery.storage.account.Account;
import io.rookery.storage.account.Accounts;
import io.rookery.storage.account.ScramKeys;
import io.rookery.storage.token.KnownClient;
import io.rookery.storage.token.LoginToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Accounts, in the database of the service, which may run meanwhile or not. */
@Command(name = "user", description = "Manages accounts.", synopsisSubcommandLabel = "COMMAND")
final class UserCommand {
  private static final int PAGE = 500;
  private static final String STDIN = "Reads the password from standard input, one line.";

  private final Rookery rookery;

  UserCommand(Rookery rookery) {
    this.rookery = rookery;
  }

  @Command(description = "Creates an account.")
  int add(
      @Parameters(paramLabel = "JID") String address,
      @Option(names = "--password-stdin", description = STDIN) boolean stdin)
      throws Exception {
    Config config = config();
    Jid account = account(address, config);
    requireAccounts(account, config);
    Map<ScramKeys.Hash, ScramKeys> keys = keys(config, stdin);
    return with(
        config,
        access -> {
          Account created = new Account(account, keys, Instant.now());
          require(Blocking.await(access.accounts().create(created)), account + " exists");
          print(account + " is created.");
        });
  }

  private static void requireAccounts(Jid address, Config config) throws CommandFailure {
    require(
        !config.router().anonymous().includes(address),
        "users of " + address.domain() + " have no accounts: router.anonymous.domains");
  }

  @Command(description = "Changes the password of an account.")
  int passwd(
      @Parameters(paramLabel = "JID") String address,
      @Option(names = "--password-stdin", description = STDIN) boolean stdin)
      throws Exception {
    Config config = config();
    Jid account = account(address, config);
    Map<ScramKeys.Hash, ScramKeys> keys = keys(config, stdin);
    return with(
        config,
        access -> {
          Optional<Account> found = Blocking.await(access.accounts().find(account));
          require(found.isEmpty() || found.get().isComplete(), halfImported(account));
          boolean changed = Blocking.await(access.accounts().changeKeys(account, keys));
          require(changed, missing(account));
          Blocking.await(access.tokens().delete(account)); // void, and of no client any more
          print("The password of " + account + " is changed.");
        });
  }

  @Command(description = "Makes a link to register an account with: that one, or any of a domain.")
  int invite(@Parameters(paramLabel = "JID|DOMAIN") String address) throws Exception {
    Config config = config();
    Jid account = served(jid(address), config);
    require(account.isBare(), "neither an account's address nor a domain: " + address);
    requireAccounts(account, config);
    require(
        config.router().invitations().registering() != Inviters.OFF,
        "nobody can register by invitation: router.invitations.registering is off");
    return with(
        config,
        access -> {
          require(
              account.isDomain() || Blocking.await(access.accounts().find(account)).isEmpty(),
              account + " exists");
          Issued issued =
              Blocking.await(issuance(config, access).account(account.domainJid(), account, false))
                  .orElseThrow(() -> new CommandFailure(account + " is kept for another link"));
          print(issued.uri());
          print("good for one account until " + issued.expires());
        });
  }

  private static Issuance issuance(Config config, AccountAccess access) {
    return new Issuance(
        access.invitations(),
        new SecureRandom(),
        Clock.systemUTC(),
        config.router().invitations().validity());
  }

  @Command(description = "Removes an account and all its data.")
  int delete(@Parameters(paramLabel = "JID") String address) throws Exception {
    Config config = config();
    Jid account = account(address, config);
    return with(
        config,
        access -> {
          require(Blocking.await(access.removal().remove(account)), missing(account));
          print(account + " is removed.");
        });
  }

  @Command(description = "Lists the accounts of a domain, or of all domains.")
  int list(@Parameters(paramLabel = "DOMAIN", arity = "0..1") String domain) throws Exception {
    Config config = config();
    List<String> domains =
        domain == null
            ? config.router().domains().stream().sorted().toList()
            : List.of(served(jid(domain), config).domain());
    return with(
        config,
        access -> {
          for (String each : domains) {
            list(access.accounts(), each);
          }
        });
  }

  @Command(description = "Shows what is known of an account.")
  int show(@Parameters(paramLabel = "JID") String address) throws Exception {
    Config config = config();
    Jid account = account(address, config);
    return with(
        config,
        access -> {
          Account found =
              Blocking.await(access.accounts().find(account))
                  .orElseThrow(() -> new CommandFailure(missing(account)));
          print("address: " + found.jid());
          print("created: " + found.created());
          found.keys().values().stream()
              .sorted(Comparator.comparing(ScramKeys::hash))
              .map(keys -> keys.hash().scramName() + ", " + keys.iterations() + " iterations")
              .forEach(keys -> print("SCRAM keys: " + keys));
        });
  }

  @Command(description = "Lists the clients that have logged in to an account, or can (XEP-0494).")
  int clients(@Parameters(paramLabel = "JID") String address) throws Exception {
    Config config = config();
    Jid account = account(address, config);
    return with(
        config,
        access -> {
          boolean exists = Blocking.await(access.accounts().find(account)).isPresent();
          require(exists, missing(account));
          List<LoginToken> tokens = Blocking.await(access.tokens().find(account));
          List<KnownClient> known = Blocking.await(access.tokens().clients(account));
          known.forEach(client -> print(described(client, tokens)));
          tokens.stream()
              .map(LoginToken::client)
              .distinct()
              .filter(id -> known.stream().noneMatch(one -> one.client().equals(id)))
              .forEach(id -> print(id + ": token"));
          if (known.isEmpty() && tokens.isEmpty()) {
            print(
                "No client of "
                    + account
                    + " is known: only those that give an id at login (SASL2) are.");
          }
        });
  }

  private static String described(KnownClient client, List<LoginToken> tokens) {
    boolean token = tokens.stream().anyMatch(one -> one.client().equals(client.client()));
    return Stream.of(
            client.client() + ": first seen " + client.firstSeen(),
            "last seen " + client.lastSeen(),
            client.software(),
            client.device(),
            client.password() ? "password" : null,
            token ? "token" : null)
        .filter(Objects::nonNull)
        .collect(Collectors.joining(", "));
  }

  private void list(Accounts accounts, String domain) throws CommandFailure, InterruptedException {
    Jid last = null;
    List<Jid> page;
    do {
      page = Blocking.await(accounts.list(domain, last, PAGE));
      page.forEach(account -> print(account.toString()));
      last = page.isEmpty() ? null : page.get(page.size() - 1);
    } while (page.size() == PAGE);
  }

  /** What a command does with opened accounts. */
  private interface Work {
    void run(AccountAccess access) throws CommandFailure, InterruptedException;
  }

  private int with(Config config, Work work) throws CommandFailure, InterruptedException {
    AccountAccess access = Blocking.await(rookery.roles().openAccounts(config));
    try {
      work.run(access);
    } finally {
      Blocking.await(access.close());
    }
    return 0;
  }

  private Config config() throws InvalidConfigException {
    return rookery.config(Role.STANDALONE);
  }

  private static Jid account(String address, Config config) throws CommandFailure {
    Jid account = served(jid(address), config);
    require(
        account.isBare() && !account.isDomain(),
        "not an account's address, user@domain: " + address);
    return account;
  }

  private static Jid served(Jid jid, Config config) throws CommandFailure {
    boolean served = config.router().domains().contains(jid.domain());
    require(served, "not a domain served here: " + jid.domain());
    return jid;
  }

  private static Jid jid(String text) throws CommandFailure {
    try {
      return Jid.parse(text);
    } catch (InvalidJidException e) {
      throw new CommandFailure(text + ": " + e.getMessage());
    }
  }

  private Map<ScramKeys.Hash, ScramKeys> keys(Config config, boolean stdin)
      throws CommandFailure, IOException {
    Password password =
        Password.of(stdin ? line() : asked())
            .orElseThrow(() -> new CommandFailure("this cannot be a password (RFC 8265)"));
    return new PasswordKeys(new SecureRandom(), config.router().scramIterations()).derive(password);
  }

  private String line() throws CommandFailure, IOException {
    String line =
        new BufferedReader(new InputStreamReader(rookery.terminal().in(), StandardCharsets.UTF_8))
            .readLine();
    require(line != null, "no password on standard input");
    return line;
  }

  private String asked() throws CommandFailure {
    String password = asked("Password: ");
    require(password.equals(asked("Again: ")), "the passwords differ");
    return password;
  }

  private String asked(String prompt) throws CommandFailure {
    return rookery
        .terminal()
        .hidden()
        .apply(prompt)
        .orElseThrow(() -> new CommandFailure("no terminal to ask: use --password-stdin"));
  }

  /** With a password, nobody would see that something is missing. */
  private static String halfImported(Jid account) {
    return account
        + " is not imported completely: import it again, or remove it with `rookery user delete`";
  }

  private static String missing(Jid account) {
    return "no such account: " + account;
  }

  private static void require(boolean holds, String otherwise) throws CommandFailure {
    if (!holds) {
      throw new CommandFailure(otherwise);
    }
  }

  private void print(String line) {
    rookery.terminal().out().println(line);
  }
}

package io.rookery.standalone.cli;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.protocol.jid.InvalidJidException;
import io.rookery.protocol.jid.Jid;
import io.rookery.router.RouterConfig;
import io.rookery.router.pubsub.Limits;
import io.rookery.router.pubsub.PortableNodes;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.portable.AccountStores;
import io.rookery.standalone.portable.Export;
import io.rookery.standalone.portable.Import;
import io.rookery.standalone.portable.ImportSettings;
import io.rookery.standalone.portable.Progress;
import io.rookery.standalone.portable.Selection;
import io.rookery.standalone.portable.TransferException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** XEP-0227: Portable Import/Export Format for XMPP-IM Servers: accounts to files and back. */
abstract sealed class TransferCommand implements Callable<Integer> {
  private final Rookery rookery;

  @Option(
      names = "--user",
      paramLabel = "JID",
      description = "Only this account; can be given several times.")
  private List<String> users = List.of();

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      description = "Only accounts of this domain; can be given several times.")
  private List<String> domains = List.of();

  private TransferCommand(Rookery rookery) {
    this.rookery = rookery;
  }

  /** What a command does, with the stores opened; gives its exit code. */
  abstract int run(Config config, AccountStores stores, Selection selection, Progress progress)
      throws TransferException, InterruptedException;

  @Override
  public Integer call() throws Exception {
    Config config = rookery.config(Role.STANDALONE);
    Selection selection = selection(config.router().domains());
    Terminal terminal = rookery.terminal();
    Progress progress = new Progress(terminal.err(), terminal.interactive(), System::nanoTime);
    AccountAccess access = Blocking.await(rookery.roles().openAccounts(config));
    try {
      return run(config, access.stores(), selection, progress);
    } catch (TransferException e) {
      CommandFailure failure = new CommandFailure(e.getMessage());
      failure.initCause(e);
      throw failure;
    } finally {
      Blocking.await(access.close());
    }
  }

  private Selection selection(Set<String> served) throws CommandFailure {
    Set<Jid> accounts = new HashSet<>();
    for (String user : users) {
      Jid account = jid(user);
      if (!account.isBare() || account.isDomain()) {
        throw new CommandFailure("not an account's address, user@domain: " + user);
      }
      accounts.add(account);
    }
    Set<String> chosen = new HashSet<>();
    for (String domain : domains) {
      chosen.add(jid(domain).domain());
    }
    Set<String> all = accounts.stream().map(Jid::domain).collect(Collectors.toSet());
    all.addAll(chosen);
    all.removeAll(served);
    if (!all.isEmpty()) {
      throw new CommandFailure("not a domain served here: " + all.iterator().next());
    }
    return new Selection(accounts, chosen);
  }

  private static Jid jid(String text) throws CommandFailure {
    try {
      return Jid.parse(text);
    } catch (InvalidJidException e) {
      throw new CommandFailure(text + ": " + e.getMessage());
    }
  }

  void print(String line) {
    rookery.terminal().out().println(line);
  }

  @Command(
      name = "export",
      description = "Writes accounts to a file that other servers can read (XEP-0227).")
  static final class Out extends TransferCommand {
    @Option(names = "--no-archive", description = "Leaves out the message archives.")
    private boolean withoutArchive;

    @Parameters(
        paramLabel = "FILE|DIR",
        description = "A new file, or a directory to get a file for each account.")
    private Path output;

    Out(Rookery rookery) {
      super(rookery);
    }

    @Override
    int run(Config config, AccountStores stores, Selection selection, Progress progress)
        throws TransferException, InterruptedException {
      List<String> served = config.router().domains().stream().sorted().toList();
      PortableNodes nodes = new PortableNodes(Limits.USUAL);
      Export export = new Export(stores, nodes, selection, !withoutArchive, progress);
      print("%d accounts are exported.".formatted(export.run(output, served)));
      return 0;
    }
  }

  @Command(
      name = "import",
      description = "Reads accounts from a file that another server has written (XEP-0227).")
  static final class In extends TransferCommand {
    @Option(names = "--check", description = "Looks at the file and writes nothing.")
    private boolean checkOnly;

    @Option(
        names = "--up-to-fault",
        description = "Imports the accounts before a place where the file is cut off or wrong.")
    private boolean upToFault;

    @Option(
        names = "--existing",
        description = "Writes to accounts that are there already, which are left alone otherwise.")
    private boolean intoExisting;

    @Parameters(
        paramLabel = "FILE|DIR",
        description = "A file, or a directory with server-data.xml or with files of accounts.")
    private Path input;

    In(Rookery rookery) {
      super(rookery);
    }

    @Override
    int run(Config config, AccountStores stores, Selection selection, Progress progress)
        throws TransferException, InterruptedException {
      Clock clock = Clock.systemUTC();
      RouterConfig router = config.router();
      ImportSettings settings =
          new ImportSettings(
              router.domains(),
              archived(router),
              router.maxRosterItems(),
              router.scramIterations(),
              new PortableNodes(Limits.USUAL),
              clock.instant());
      Import.Options options = new Import.Options(checkOnly, upToFault, intoExisting);
      Import.Result result =
          new Import(stores, settings, selection, options, progress, clock).run(input);
      print(result.summary());
      return result.everything() ? 0 : 1;
    }

    private static Set<String> archived(RouterConfig config) {
      return config.domains().stream()
          .filter(domain -> config.archive().get(domain) == RouterConfig.Archive.ALWAYS)
          .collect(Collectors.toSet());
    }
  }
}

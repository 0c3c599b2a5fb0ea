package io.rookery.standalone.cli;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.standalone.config.Config;
import io.rookery.standalone.config.ConfigLoader;
import io.rookery.standalone.config.InvalidConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command line. Exit codes: 0 done, 1 it could not be done, 2 wrong arguments or a bad
 * configuration, 128 and the number of the signal that ended a service.
 */
@Command(
    name = "rookery",
    description = "A clustered XMPP service.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Rookery.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Rookery {
  private static final int FAILED = 1;
  private static final int BAD_CONFIGURATION = 2;

  private final Roles roles;
  private final ConfigLoader loader;
  private final Terminal terminal;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "A YAML file; see docs/configuration.md.")
  private Path file;

  public Rookery(Roles roles, Map<String, String> environment, Terminal terminal) {
    this.roles = roles;
    this.loader = new ConfigLoader(environment);
    this.terminal = terminal;
  }

  /** Runs a command and returns its exit code; a service's returns when the service ends. */
  public int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  /** All commands; each has inherited the options for help and version. */
  CommandLine commandLine() {
    return new CommandLine(this)
        .addSubcommand(new StartCommand.Standalone(this))
        .addSubcommand(new StartCommand.Connector(this))
        .addSubcommand(new StartCommand.Router(this))
        .addSubcommand(new StartCommand.LocalCluster(this))
        .addSubcommand(new UserCommand(this))
        .addSubcommand(new TransferCommand.Out(this))
        .addSubcommand(new TransferCommand.In(this))
        .addSubcommand(new ConfigCommand(this))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure));
  }

  private int explain(Exception failure) throws Exception {
    if (failure instanceof InvalidConfigException) {
      terminal.err().println(failure.getMessage());
      return BAD_CONFIGURATION;
    }
    if (failure instanceof CommandFailure) {
      terminal.err().println("rookery: " + failure.getMessage());
      return FAILED;
    }
    throw failure;
  }

  /** The options that another process needs to be configured as this one. */
  List<String> options() {
    return file == null ? List.of() : List.of("--config", file.toString());
  }

  Roles roles() {
    return roles;
  }

  Terminal terminal() {
    return terminal;
  }

  Config config(Role role) throws InvalidConfigException {
    return loader.load(role, Optional.ofNullable(file));
  }

  /** The version in the manifest of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Rookery.class.getPackage().getImplementationVersion();
      return new String[] {"rookery " + (version == null ? "(not packaged)" : version)};
    }
  }
}

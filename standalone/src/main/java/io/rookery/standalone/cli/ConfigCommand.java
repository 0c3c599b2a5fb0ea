package io.rookery.standalone.cli;

import io.rookery.cluster.ClusterConfig.Role;
import io.rookery.standalone.config.InvalidConfigException;
import io.rookery.standalone.config.ReferenceTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "config",
    description = "Looks at the configuration.",
    synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand {
  private final Rookery rookery;

  ConfigCommand(Rookery rookery) {
    this.rookery = rookery;
  }

  @Command(description = "Checks file and environment without starting anything.")
  int check(
      @Option(
              names = "--role",
              defaultValue = "standalone",
              description = "standalone, connector or router")
          Role role)
      throws InvalidConfigException {
    rookery.config(role);
    rookery.terminal().out().println("The configuration is good.");
    return 0;
  }

  @Command(description = "Prints the reference table of all keys.")
  int table() {
    rookery.terminal().out().print(ReferenceTable.markdown());
    rookery.terminal().out().flush();
    return 0;
  }
}

package io.rookery.standalone.fault;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The long run; see docs/RELIABILITY.md. Exit codes: 0 all kept, 1 broken, 2 wrong arguments. */
@Command(
    name = "bench/faults",
    description = "Injects faults into a cluster under load and counts every message.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    exitCodeOnExecutionException = CommandLine.ExitCode.SOFTWARE)
final class FaultsMain implements Callable<Integer> {
  @Option(names = "--times", description = "Injections of each fault.", defaultValue = "3")
  private int times;

  @Option(names = "--only", split = ",", description = "Faults: ${COMPLETION-CANDIDATES}. All.")
  private List<Fault> only = new ArrayList<>();

  @Option(names = "--clients", description = "An even number.", defaultValue = "40")
  private int clients;

  @Option(names = "--rate", description = "Messages per client and second.", defaultValue = "2")
  private double rate;

  @Option(names = "--cassandras", description = "1 or 3.", defaultValue = "3")
  private int cassandras;

  @Option(names = "--seed", description = "Repeats what is hit. Random.")
  private Long seed;

  @Option(names = "--directory", description = "Logs, data.", defaultValue = "target/faults")
  private Path directory;

  private FaultsMain() {}

  public static void main(String[] arguments) {
    int code =
        new CommandLine(new FaultsMain())
            .registerConverter(Fault.class, FaultsMain::fault)
            .execute(arguments);
    System.exit(code);
  }

  private static Fault fault(String label) {
    return Arrays.stream(Fault.values())
        .filter(fault -> fault.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("no such fault: " + label));
  }

  @Override
  public Integer call() throws Exception {
    Faults faults =
        new Faults(
            only.isEmpty() ? List.of(Fault.values()) : only,
            times,
            clients,
            rate,
            cassandras,
            seed == null ? ThreadLocalRandom.current().nextLong() : seed,
            directory);
    Report report = faults.run();
    Files.writeString(directory.resolve("report.json"), report.json());
    System.out.println(report.table());
    return report.isClean() ? 0 : 1;
  }
}

package io.rookery.bench;

import io.rookery.bench.measure.MessageTag;
import io.rookery.bench.measure.Meter;
import io.rookery.bench.measure.ProcessGroup;
import io.rookery.bench.measure.ProcessUsage;
import io.rookery.bench.measure.Report;
import io.rookery.bench.scenario.Progress;
import io.rookery.bench.scenario.Register;
import io.rookery.bench.scenario.Resume;
import io.rookery.bench.scenario.Run;
import io.rookery.bench.scenario.Settings;
import io.rookery.bench.stream.Credentials;
import io.rookery.bench.stream.Fleet;
import io.rookery.bench.stream.Mechanism;
import io.rookery.bench.stream.Network;
import io.rookery.bench.stream.Notes;
import io.rookery.bench.stream.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Drives an XMPP server with load and reports what it did and what it cost. Exit status: 0 when
 * nothing failed, 2 for wrong options, 3 when it had to be cut off, 4 when logins failed,
 * connections or messages were lost, or the time limit came first.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 100,
    description = "Load generator for any XMPP server.")
public final class BenchMain implements Callable<Integer> {
  private static final double MOST_SECONDS = 3600;
  private static final double GRACE_SECONDS = 30;
  private static final int FAILED = 4;
  private static final int CUT_OFF = 3;

  @Spec private CommandSpec spec;

  @Option(names = "--scenario", required = true, description = "${COMPLETION-CANDIDATES}")
  private Kind scenario;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "[${DEFAULT-VALUE}]")
  private String host;

  @Option(
      names = "--allow-remote",
      description = "permit a host that is not this one: only with its owner's consent")
  private boolean allowRemote;

  @Option(names = "--port", defaultValue = "5222", description = "[${DEFAULT-VALUE}]")
  private int port;

  @Option(names = "--domain", defaultValue = "localhost", description = "[${DEFAULT-VALUE}]")
  private String domain;

  @Option(names = "--tls", defaultValue = "NONE", description = "${COMPLETION-CANDIDATES}")
  private Tls tls;

  @Option(names = "--sm", description = "Enable stream management (XEP-0198) and acknowledge.")
  private boolean managed;

  @Option(
      names = "--mech",
      defaultValue = "PLAIN",
      description = "PLAIN, SCRAM-SHA-1, -256, HT-SHA-256-NONE (token)")
  private Mechanism mechanism;

  @Option(names = "--users", defaultValue = "100", description = "accounts [${DEFAULT-VALUE}]")
  private int users;

  @Option(names = "--prefix", defaultValue = "u", description = "of their names [u]: u0, u1, ...")
  private String prefix;

  @Option(names = "--first", defaultValue = "0", description = "number of the first account [0]")
  private int first;

  @Option(names = "--password", defaultValue = "pw", description = "of all accounts [pw]")
  private String password;

  @Option(names = "--register", description = "register the accounts first (XEP-0077)")
  private boolean register;

  @Option(
      names = "--parallel",
      defaultValue = "50",
      description = "logins, registrations or subscriptions at a time [${DEFAULT-VALUE}]")
  private int parallel;

  @Option(names = "--seconds", defaultValue = "10", description = "measured time [10]")
  private double seconds;

  @Option(
      names = "--warmup",
      defaultValue = "2",
      description = "seconds of load before; login: one unmeasured round unless 0 [2]")
  private double warmup;

  @Option(names = "--settle", defaultValue = "1", description = "pause after the logins [1]")
  private double settle;

  @Option(names = "--drain", defaultValue = "30", description = "longest wait at the end [30]")
  private double drain;

  @Option(
      names = "--rate",
      defaultValue = "0",
      description = "operations/s in all, latency from the scheduled time [0: closed loop]")
  private double rate;

  @Option(
      names = "--window",
      description = "in flight: per sender for chat [1] and offline [20], in all for presence [10]")
  private Integer window;

  @Option(names = "--body", defaultValue = "100", description = "bytes of message text [100]")
  private int body;

  @Option(names = "--to", defaultValue = "FULL", description = "full or bare addresses [full]")
  private Address to;

  @Option(names = "--repeat", defaultValue = "1", description = "logins per user [1]")
  private int repeat;

  @Option(names = "--friends", defaultValue = "10", description = "contacts per user, even [10]")
  private int friends;

  @Option(names = "--count", defaultValue = "10", description = "offline messages per user [10]")
  private int count;

  @Option(names = "--senders", defaultValue = "4", description = "senders of these [4]")
  private int senders;

  @Option(names = "--next-port", description = "resume: of the server to resume at [--port]")
  private Integer nextPort;

  @Option(
      names = "--kill",
      defaultValue = "0",
      description = "resume: process that gets SIGKILL [0: clients lose their connections]")
  private long kill;

  @Option(
      names = "--pids",
      paramLabel = "[NAME=]PID[+],...",
      description = "processes of the server; + with descendants; repeat for separate groups")
  private List<String> pids = new ArrayList<>();

  @Option(names = "--max-time", description = "seconds [warmup + seconds + 600, at most 3600]")
  private Double maxTime;

  @Option(names = "--json", description = "file for the machine-readable report")
  private Path json;

  @Option(names = "--label", defaultValue = "", description = "copied into the report")
  private String label;

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new BenchMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(Mechanism.class, BenchMain::mechanism)
            .setParameterExceptionHandler(BenchMain::refuse)
            .execute(arguments));
  }

  private static int refuse(ParameterException e, String[] arguments) {
    System.err.println("bench: " + e.getMessage() + " (--help shows all options)");
    return CommandLine.ExitCode.USAGE;
  }

  private static Mechanism mechanism(String name) {
    return Mechanism.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    InetSocketAddress address = address();
    List<ProcessGroup> groups = groups();
    Settings settings = settings();
    check(settings);
    double limit = maxTime != null ? maxTime : seconds + warmup + 600;
    limit = Math.min(limit, MOST_SECONDS);
    cutOffAfter(limit + GRACE_SECONDS);
    Notes notes = new Notes();
    try (Network network = new Network(address, domain, tls)) {
      Fleet fleet =
          new Fleet(
              network,
              users + (scenario == Kind.OFFLINE ? senders : 0),
              i -> prefix + (first + i),
              new Credentials(domain, password, mechanism),
              tls,
              managed,
              parallel,
              notes);
      Meter meter = new Meter(new ProcessUsage(), groups);
      Report report = new Report();
      describe(report, meter);
      Run run =
          new Run(settings, fleet, network.loop(), meter, report, Progress.onTerminal(), limit);
      return play(run, fleet, notes, report);
    }
  }

  private int play(Run run, Fleet fleet, Notes notes, Report report)
      throws IOException, InterruptedException {
    if (register && scenario != Kind.REGISTER) {
      new Register(run).play();
    }
    MessageTag.Run tags = new MessageTag.Run(ThreadLocalRandom.current().nextInt(), body);
    scenario.create(run, tags, domain, loss()).play();
    report.fact("failures", fleet.failures());
    report.fact("disconnects", fleet.disconnects());
    report.fact("stoppedEarly", run.isOver());
    report.fact("notes", notes.counts());
    if (run.isOver()) {
      report.line("stopped early: the figures are not those of a whole run");
    }
    notes.counts().forEach((note, times) -> report.line("note %d × %s", times, note));
    System.out.println(report.text());
    if (json != null) {
      Files.writeString(json, report.json());
    }
    boolean failed = fleet.failures() > 0 || fleet.disconnects() > 0 || run.isOver();
    return failed || !report.isClean() ? FAILED : 0;
  }

  private Resume.Loss loss() {
    return new Resume.Loss(kill, new InetSocketAddress(host, nextPort == null ? port : nextPort));
  }

  private void describe(Report report, Meter meter) {
    String load = meter.usage().loadAverage();
    report.fact("scenario", scenario.toString());
    report.fact("label", label);
    report.fact("options", spec.commandLine().getParseResult().originalArgs());
    report.fact("loadAverage", load);
    report.line(
        "%s %s: %,d users, port %d, %s, TLS %s (load %s)",
        label, scenario, users, port, mechanism, tls, load);
  }

  private Settings settings() {
    return new Settings(
        users,
        parallel,
        seconds,
        warmup,
        settle,
        drain,
        rate,
        window != null ? window : scenario.defaultWindow(),
        body,
        to == Address.BARE,
        repeat,
        friends,
        count,
        senders);
  }

  private InetSocketAddress address() {
    InetSocketAddress address = new InetSocketAddress(host, port);
    require(!address.isUnresolved(), "--host " + host + ": unknown");
    require(
        allowRemote || address.getAddress().isLoopbackAddress(),
        "--host " + host + ": only a loopback address without --allow-remote");
    return address;
  }

  private List<ProcessGroup> groups() {
    try {
      List<ProcessGroup> groups = pids.stream().map(ProcessGroup::parse).toList();
      ProcessUsage usage = new ProcessUsage();
      for (ProcessGroup group : groups) {
        for (ProcessGroup.Member member : group.members()) {
          require(usage.exists(member.pid()), "--pids: no process " + member.pid());
        }
      }
      return groups;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--pids: " + e.getMessage(), e);
    }
  }

  private void check(Settings wanted) {
    require(users >= 1 && users <= 60_000, "--users: 1 to 60000");
    require(
        scenario != Kind.CHAT && scenario != Kind.ARCHIVE || users % 2 == 0,
        "--users: even for chat and archive");
    require(scenario != Kind.RESUME || managed, "--sm: needed for resume");
    require(kill == 0 || ProcessHandle.of(kill).isPresent(), "--kill: no such process");
    require(parallel >= 1, "--parallel: at least 1");
    require(wanted.window() >= 1, "--window: at least 1");
    require(body >= 0 && body <= 100_000, "--body: 0 to 100000");
    require(rate >= 0 && seconds > 0 && warmup >= 0, "--rate, --seconds, --warmup: not negative");
    require(repeat >= 1 && count >= 1 && senders >= 1, "--repeat, --count, --senders: at least 1");
    require(
        scenario != Kind.PRESENCE && scenario != Kind.PUBLISH
            || friends % 2 == 0 && friends >= 2 && friends < users,
        "--friends: even, 2 to users - 1");
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  /** Ends this process should it not end by itself. */
  private static void cutOffAfter(double limit) {
    Thread watchdog =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep((long) (limit * 1000));
                System.err.println("bench: hard time limit, aborting");
                Runtime.getRuntime().halt(CUT_OFF);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "time-limit");
    watchdog.setDaemon(true);
    watchdog.start();
  }

  private enum Address {
    FULL,
    BARE
  }
}

package io.rookery.standalone.fault;

import io.rookery.standalone.fault.client.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Injects one kind of fault after the other into a cluster whose clients talk all the time, and
 * keeps the books. Each kind has a ledger of its own; what arrives late is still entered there.
 */
final class FaultRun {
  private static final Logger LOG = LoggerFactory.getLogger(FaultRun.class);
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(90);
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(1);

  private final Scene scene;
  private final LogAudit audit;
  private final List<Entry> entries = new ArrayList<>();

  /** A kind of fault that has been injected. */
  private record Entry(Fault fault, int times, long run, Instant begin, String trouble) {}

  FaultRun(Scene scene, LogAudit audit) {
    this.scene = scene;
    this.audit = audit;
  }

  /** Injects a fault so many times, each at a random moment and into a whole cluster. */
  void inject(Fault fault, int times) throws Exception {
    Instant begin = Instant.now();
    long run = 1000L * begin.getEpochSecond() + entries.size();
    scene.fleet().begin(run);
    scene.fleet().talk(true);
    int done = 0;
    String trouble = null;
    try {
      scene.becomesWhole();
      while (done < times) {
        // Long enough for backups of what moved to be complete: one fault at a time.
        scene.waits(4, 8);
        LOG.info("{} {} of {}", fault.label(), done + 1, times);
        fault.inject(scene);
        done++;
        scene.becomesWhole();
      }
    } catch (Scene.NotWholeException e) {
      trouble = e.getMessage();
      LOG.error("{}: {}", fault.label(), trouble);
    }
    scene.fleet().talk(false);
    boolean settled = scene.fleet().awaitSettled(SETTLE_LIMIT);
    LOG.info("{}: {}, {}", fault.label(), settled ? "settled" : "NOT SETTLED", summary(run));
    if (!settled || trouble != null) {
      LOG.warn("{}: not through: {}", fault.label(), scene.fleet().stuck(run));
      scene.cluster().examine(fault.label());
    }
    scene.cluster().connectors().forEach(name -> scene.cluster().proxy(name).forget());
    entries.add(new Entry(fault, done, run, begin, trouble));
    if (trouble != null) {
      startAgain();
    }
  }

  private String summary(long run) {
    Tally tally = scene.fleet().tally(run);
    return "sent %d, acked %d, received %d, lost %d, duplicates %d, failed resumptions %d"
        .formatted(
            tally.sent(),
            tally.acked(),
            tally.received(),
            tally.lost(),
            tally.duplicated(),
            tally.failedResumptions());
  }

  /** The next fault is to find a whole cluster, whatever this one has left behind. */
  private void startAgain() throws Exception {
    for (String node : scene.cluster().names()) {
      scene.cluster().hosts().heal(node);
    }
    scene.cluster().killAll();
    scene.cluster().start();
  }

  /** The balance of all faults so far; reads the recipients' logs. */
  Report report() throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Entry entry : entries) {
      Tally tally = scene.fleet().tally(entry.run());
      LogAudit.Outcome log =
          audit.compare(
              entry.run(),
              scene.fleet().accounts(),
              scene.fleet().acked(entry.run()),
              entry.begin().minus(CLOCK_SLACK));
      List<String> breaches =
          entry.fault().contract().breaches(tally, log, entry.trouble() == null);
      rows.add(
          new Row(entry.fault().label(), entry.times(), entry.trouble(), tally, log, breaches));
    }
    return new Report(rows, scene.fleet().loginsRefused());
  }
}

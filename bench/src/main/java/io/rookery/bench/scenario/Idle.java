package io.rookery.bench.scenario;

import io.rookery.bench.measure.Meter;
import io.rookery.bench.measure.ProcessUsage.Memory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Users log in and do nothing. Memory per connection is the growth from before the logins to after
 * them and after the idle time: it needs a freshly started server, or freed memory is reused.
 */
public final class Idle implements Scenario {
  private static final double SETTLE_SECONDS = 3;

  private final Run run;
  private final Settings settings;

  public Idle(Run run) {
    this.run = run;
    this.settings = run.settings();
  }

  /** What one group's memory grew by, per connection. */
  record Growth(double rssKib, double pssKib) {
    static Growth of(Memory before, Memory after, int connections) {
      double divisor = Math.max(1, connections);
      return new Growth(
          (after.rssKib() - before.rssKib()) / divisor,
          (after.pssKib() - before.pssKib()) / divisor);
    }
  }

  @Override
  public void play() throws InterruptedException {
    run.perform(() -> run.fleet().behaveAs(this));
    Map<String, Memory> empty = run.report().memory("memoryBefore", run.meter());
    run.login(0, settings.users());
    run.pause("settling", Math.max(settings.settle(), SETTLE_SECONDS));
    int connections = (int) run.read(run.fleet()::ready).operations();
    grew("perConnection", empty, run.report().memory("memoryConnected", run.meter()), connections);
    Meter.Reading before = run.read(() -> 0);
    run.pause("idling", settings.seconds());
    Meter.Reading after = run.read(() -> connections);
    run.report().phase(run.meter().between("idle", "connection", before, after, null));
    Map<String, Memory> idled = run.report().memory("memoryAfterIdle", run.meter());
    grew("perConnectionAfterIdle", empty, idled, connections);
    run.logout();
  }

  private void grew(
      String name, Map<String, Memory> before, Map<String, Memory> after, int connections) {
    Map<String, Growth> growth = new LinkedHashMap<>();
    before.forEach(
        (group, memory) -> {
          Growth per = Growth.of(memory, after.get(group), connections);
          growth.put(group, per);
          run.report()
              .line(
                  "%s, %s: RSS %.2f KiB, PSS %.2f KiB (%,d connections)",
                  name, group, per.rssKib(), per.pssKib(), connections);
        });
    run.report().fact(name, growth);
    run.report().fact("connections", connections);
  }
}

package io.rookery.bench.scenario;

import io.rookery.bench.measure.Meter;
import io.rookery.bench.stream.Client;
import io.rookery.bench.stream.Fleet;
import java.util.function.LongSupplier;

/** Registers the accounts in-band (XEP-0077), one connection each; existing ones are fine. */
public final class Register implements Scenario {
  private final Run run;
  private long ended;

  public Register(Run run) {
    this.run = run;
  }

  @Override
  public void play() throws InterruptedException {
    Fleet fleet = run.fleet();
    run.perform(() -> fleet.behaveAs(this));
    LongSupplier answered = () -> fleet.created() + fleet.existing();
    Meter.Reading before = run.read(answered);
    run.perform(() -> fleet.register(0, fleet.size()));
    run.await("register", fleet.size(), () -> ended, run.loginSeconds(fleet.size()));
    Meter.Reading after = run.read(answered);
    run.report().phase(run.meter().between("register", "account", before, after, null));
    run.report().fact("registered", fleet.created());
    run.report().fact("existing", fleet.existing());
    run.report().line("registered %,d, existing %,d", fleet.created(), fleet.existing());
  }

  @Override
  public void closed(Client client) {
    ended++;
  }
}

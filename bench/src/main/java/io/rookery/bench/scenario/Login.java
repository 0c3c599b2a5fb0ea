package io.rookery.bench.scenario;

import io.rookery.bench.measure.Meter;
import io.rookery.bench.stream.Client;

/**
 * Users log in and out again, each on a connection of its own: TCP, TLS, SASL, resource, roster,
 * initial presence, orderly close. The time of a login is that up to the roster.
 *
 * <p>The unmeasured first round also derives the SCRAM keys, whose cost on the client's side would
 * otherwise hide the server's.
 */
public final class Login implements Scenario {
  private final Run run;
  private final Settings settings;
  private long again;
  private long ended;

  public Login(Run run) {
    this.run = run;
    this.settings = run.settings();
  }

  @Override
  public void play() throws InterruptedException {
    run.perform(() -> run.fleet().behaveAs(this));
    if (settings.warmup() > 0) {
      round("warm-up", 1);
      run.loginMicros();
      run.pause("settling", settings.settle());
    }
    Meter.Reading before = run.read(run.fleet()::logins);
    round("login", settings.repeat());
    Meter.Reading after = run.read(run.fleet()::logins);
    run.report().phase(run.meter().between("run", "login", before, after, run.loginMicros()));
  }

  private void round(String task, int times) throws InterruptedException {
    long total = (long) settings.users() * times;
    run.perform(
        () -> {
          ended = 0;
          again = total - settings.users();
          run.fleet().login(0, settings.users());
        });
    run.await(task, total, () -> ended, run.loginSeconds(total));
  }

  @Override
  public void ready(Client client) {
    run.fleet().close(client);
  }

  @Override
  public void closed(Client client) {
    ended++;
    if (again > 0) {
      again--;
      run.fleet().login(client.index(), client.index() + 1);
    }
  }
}

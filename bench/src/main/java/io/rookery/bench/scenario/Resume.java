package io.rookery.bench.scenario;

import io.rookery.bench.measure.Meter;
import java.net.InetSocketAddress;

/**
 * Users log in with stream management, all connections are lost at once, and all sessions are
 * resumed (XEP-0198, section 5): the rush after the death of a connector.
 */
public final class Resume implements Scenario {
  private static final double LOSS_SECONDS = 60;

  private final Run run;
  private final Settings settings;
  private final Loss loss;

  /**
   * How the connections are lost.
   *
   * @param kill id of a process that gets SIGKILL, 0 when the clients close the connections
   * @param next where sessions are resumed
   */
  public record Loss(long kill, InetSocketAddress next) {}

  public Resume(Run run, Loss loss) {
    this.run = run;
    this.settings = run.settings();
    this.loss = loss;
  }

  @Override
  public void play() throws InterruptedException {
    run.perform(() -> run.fleet().behaveAs(this));
    run.login(0, settings.users());
    run.pause("settling", settings.settle());
    int[] sessions = new int[1];
    run.perform(
        () -> {
          sessions[0] = run.fleet().ready();
          run.fleet().expectLoss(loss.next());
        });
    Meter.Reading before = run.read(() -> 0);
    if (loss.kill() != 0) {
      ProcessHandle.of(loss.kill()).ifPresent(ProcessHandle::destroyForcibly);
    } else {
      run.perform(run.fleet()::drop);
    }
    run.await("losing", sessions[0], () -> sessions[0] - run.fleet().ready(), LOSS_SECONDS);
    run.perform(() -> run.fleet().resume(0, settings.users()));
    long total = settings.users();
    run.await(
        "resuming",
        total,
        () -> run.fleet().resumed() + run.fleet().failures(),
        run.loginSeconds(total));
    Meter.Reading after = run.read(run.fleet()::resumed);
    run.report().phase(run.meter().between("resume", "session", before, after, run.loginMicros()));
    run.report().fact("sessions", sessions[0]);
    run.report().fact("resumed", after.operations());
    run.report().line("%,d of %,d sessions resumed", after.operations(), sessions[0]);
    run.logout();
  }
}

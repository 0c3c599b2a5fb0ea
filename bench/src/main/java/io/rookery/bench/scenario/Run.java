package io.rookery.bench.scenario;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.rookery.bench.measure.Accounting;
import io.rookery.bench.measure.Meter;
import io.rookery.bench.measure.Report;
import io.rookery.bench.stream.Fleet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * What a scenario works with: the clients, the clock that bounds the run, the meter and the report.
 * Its methods are for the scenario's own thread; what they are given runs on the event loop.
 */
public final class Run {
  private static final long POLL_MILLIS = 5;
  private static final long SHOW_MILLIS = 100;
  private static final double LOGIN_BASE_SECONDS = 60;
  private static final double LOGIN_SECONDS = 0.1;

  private final Settings settings;
  private final Fleet fleet;
  private final EventLoop loop;
  private final Meter meter;
  private final Report report;
  private final Progress progress;
  private final long deadline;

  /**
   * @param maxSeconds after this time everything that waits stops waiting
   */
  public Run(
      Settings settings,
      Fleet fleet,
      EventLoop loop,
      Meter meter,
      Report report,
      Progress progress,
      double maxSeconds) {
    this.settings = settings;
    this.fleet = fleet;
    this.loop = loop;
    this.meter = meter;
    this.report = report;
    this.progress = progress;
    this.deadline = System.nanoTime() + nanos(maxSeconds);
  }

  Settings settings() {
    return settings;
  }

  Fleet fleet() {
    return fleet;
  }

  Meter meter() {
    return meter;
  }

  Report report() {
    return report;
  }

  /** Whether the time limit has been reached. */
  public boolean isOver() {
    return System.nanoTime() - deadline >= 0;
  }

  /** Does something on the event loop and waits for it. */
  void perform(Runnable action) throws InterruptedException {
    loop.submit(action).sync();
  }

  /** Does something on the event loop every so often until cancelled. */
  ScheduledFuture<?> every(long millis, Runnable action) {
    return loop.scheduleAtFixedRate(action, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Reads the counters. */
  Meter.Reading read(LongSupplier operations) throws InterruptedException {
    long[] count = new long[1];
    perform(() -> count[0] = operations.getAsLong());
    return meter.read(count[0]);
  }

  /** Waits until the count reaches the goal; false when it has not after so many seconds. */
  boolean await(String task, long goal, LongSupplier count, double seconds)
      throws InterruptedException {
    return await(task, goal, count, seconds, seconds);
  }

  /**
   * Waits until the count reaches the goal; false when it has not after so many seconds, or has not
   * changed for {@code quiet} seconds.
   */
  boolean await(String task, long goal, LongSupplier count, double seconds, double quiet)
      throws InterruptedException {
    Watch watch = new Watch(goal, count, limited(System.nanoTime() + nanos(seconds)), nanos(quiet));
    ScheduledFuture<?> poll =
        loop.scheduleAtFixedRate(watch, 0, POLL_MILLIS, TimeUnit.MILLISECONDS);
    try (Progress.Task shown = progress.begin(task, goal)) {
      while (true) {
        try {
          return watch.reached.get(SHOW_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
          shown.at(watch.last);
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      poll.cancel(false);
    }
  }

  /** Lets time pass. */
  void pause(String task, double seconds) throws InterruptedException {
    long start = System.nanoTime();
    long end = Math.max(start, limited(start + nanos(seconds)));
    try (Progress.Task shown = progress.begin(task, TimeUnit.NANOSECONDS.toMillis(end - start))) {
      for (long now = start; now < end; now = System.nanoTime()) {
        TimeUnit.NANOSECONDS.sleep(Math.min(end - now, TimeUnit.MILLISECONDS.toNanos(SHOW_MILLIS)));
        shown.at(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      }
    }
  }

  /** Logs clients in and reports it; whether all of them are. */
  boolean login(int from, int to) throws InterruptedException {
    LongSupplier ended = () -> fleet.logins() + fleet.failures();
    Meter.Reading before = read(fleet::logins);
    long[] goal = new long[1];
    perform(
        () -> {
          goal[0] = ended.getAsLong() + to - from;
          fleet.login(from, to);
        });
    await("login", goal[0], ended, loginSeconds(to - from));
    Meter.Reading after = read(fleet::logins);
    report.phase(meter.between("login", "login", before, after, loginMicros()));
    return after.operations() - before.operations() == to - from;
  }

  /** The login times so far; they begin anew. */
  Histogram loginMicros() throws InterruptedException {
    Histogram[] copy = new Histogram[1];
    perform(
        () -> {
          copy[0] = fleet.loginMicros().copy();
          fleet.loginMicros().reset();
        });
    return copy[0];
  }

  /** The longest time so many logins may take. */
  double loginSeconds(long logins) {
    return LOGIN_BASE_SECONDS + LOGIN_SECONDS * logins;
  }

  /** Closes all streams. */
  void logout() throws InterruptedException {
    perform(fleet::logout);
    await("logout", 1, () -> fleet.isOffline() ? 1 : 0, 15);
  }

  /**
   * Measures a load that is already running: warm-up, then the measured time, then reports.
   *
   * @param latencies those that count; emptied when the measured time begins
   */
  void measure(String unit, LongSupplier operations, Latencies latencies)
      throws InterruptedException {
    measure("run", unit, operations, latencies);
  }

  /** The same under a name. */
  void measure(String name, String unit, LongSupplier operations, Latencies latencies)
      throws InterruptedException {
    pause("warm-up", settings.warmup());
    perform(latencies::begin);
    Meter.Reading before = read(operations);
    pause("measuring", settings.seconds());
    Meter.Reading after = read(operations);
    perform(latencies::end);
    report.phase(meter.between(name, unit, before, after, latencies.micros()));
  }

  /** Waits for what is on its way, reports the balance and the memory in use. */
  void settle(Accounting accounting) throws InterruptedException {
    long[] goal = new long[1];
    perform(() -> goal[0] = accounting.sent());
    await(
        "draining",
        goal[0],
        () -> accounting.sent() - accounting.outstanding(),
        settings.drain(),
        Math.min(settings.drain(), 5));
    perform(() -> report.balance(accounting.settle()));
    report.memory("memory", meter);
  }

  private static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }

  /** The earlier of a moment and the end of the run. */
  private long limited(long nanoTime) {
    return nanoTime - deadline > 0 ? deadline : nanoTime;
  }

  /** Looks at a count on the event loop until it is reached or given up. */
  private static final class Watch implements Runnable {
    private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
    private final long goal;
    private final LongSupplier count;
    private final long end;
    private final long quiet;
    private volatile long last;
    private long changed = System.nanoTime();

    Watch(long goal, LongSupplier count, long end, long quiet) {
      this.goal = goal;
      this.count = count;
      this.end = end;
      this.quiet = quiet;
    }

    @Override
    public void run() {
      long now = System.nanoTime();
      long value = count.getAsLong();
      if (value != last) {
        last = value;
        changed = now;
      }
      if (value >= goal) {
        reached.complete(true);
      } else if (now - end > 0 || now - changed > quiet) {
        reached.complete(false);
      }
    }
  }
}

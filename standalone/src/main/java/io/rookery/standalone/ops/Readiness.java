package io.rookery.standalone.ops;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Whether a process is ready for work: it is when every one of its named checks is up.
 *
 * @param timeout a check without an answer for so long is down
 */
public record Readiness(Map<String, Check> checks, Duration timeout) {

  /** Asks one part; must not block. A failed future counts as down. */
  public interface Check {
    Future<Health> check();
  }

  /** The answers of all checks, in their order. */
  public record Report(Map<String, Health> checks) {
    public boolean ready() {
      return checks.values().stream().allMatch(Health.UP::equals);
    }
  }

  /** Asks all parts at the same time; the future never fails. */
  public Future<Report> report() {
    Map<String, Future<Health>> answers = new LinkedHashMap<>();
    checks.forEach((name, check) -> answers.put(name, ask(check)));
    return Future.join(List.copyOf(answers.values()))
        .map(
            done -> {
              Map<String, Health> report = new LinkedHashMap<>();
              answers.forEach((name, answer) -> report.put(name, answer.result()));
              return new Report(report);
            });
  }

  private Future<Health> ask(Check check) {
    return Future.<Health>future(promise -> check.check().onComplete(promise))
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .otherwise(failure -> new Health.Down(failure.toString()));
  }
}

package io.rookery.standalone.fault;

import io.rookery.standalone.fault.client.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a fault may cost. Nothing acknowledged is ever lost.
 *
 * @param newSessions sessions may be lost; then a message may be seen again under the same id, in
 *     another order
 * @param pause the longest a client may have to wait, on a busy machine
 */
record Contract(boolean newSessions, Duration pause) {

  static Contract resumes(int seconds) {
    return new Contract(false, Duration.ofSeconds(seconds));
  }

  static Contract reconnects(int seconds) {
    return new Contract(true, Duration.ofSeconds(seconds));
  }

  /** What of the outcome breaks it, in words; empty when nothing does. */
  List<String> breaches(Tally tally, LogAudit.Outcome log, boolean whole) {
    List<String> breaches = new ArrayList<>();
    never(breaches, whole ? 0 : 1, "did not become whole again");
    never(breaches, tally.lost(), "acknowledged and lost");
    never(breaches, tally.sent() - tally.acked(), "never acknowledged");
    never(breaches, tally.sent() - tally.received() - tally.lost(), "never received");
    never(breaches, tally.refused(), "refused");
    never(breaches, tally.unexpected(), "unexpected");
    never(breaches, tally.violations(), "violations of the protocol");
    never(breaches, log.missing(), "acknowledged and not in the log");
    if (!newSessions) {
      never(breaches, tally.duplicated(), "received again");
      never(breaches, tally.reordered(), "out of order");
      never(breaches, tally.failedResumptions(), "failed resumptions");
      never(breaches, log.repeated(), "in the log more than once");
      never(breaches, log.reordered(), "out of order in the log");
    }
    if (tally.pauseMillis() > pause.toMillis()) {
      breaches.add("a pause of " + tally.pauseMillis() + " ms, more than " + pause.toMillis());
    }
    return breaches;
  }

  private static void never(List<String> breaches, long count, String what) {
    if (count > 0) {
      breaches.add(count + " " + what);
    }
  }
}

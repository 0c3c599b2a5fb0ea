package io.rookery.standalone.fault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rookery.standalone.fault.client.Tally;
import java.util.List;
import java.util.Set;

/**
 * The outcome of a run.
 *
 * @param loginsRefused some reasons for which clients had to try a login again
 */
record Report(List<Row> rows, Set<String> loginsRefused) {
  private static final String FORMAT = "%-20s %5s %8s %6s %6s %9s %9s %9s %9s %8s %8s  %s%n";

  Report {
    rows = List.copyOf(rows);
  }

  boolean isClean() {
    return rows.stream().allMatch(row -> row.breaches().isEmpty());
  }

  /** One line for each fault, and what is wrong below. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        FORMAT.formatted(
            "fault",
            "times",
            "acked",
            "lost",
            "dup",
            "reorder",
            "pause ms",
            "ack ms",
            "resumed",
            "failed",
            "log",
            ""));
    for (Row row : rows) {
      Tally tally = row.messages();
      text.append(
          FORMAT.formatted(
              row.fault(),
              row.times(),
              tally.acked(),
              tally.lost(),
              tally.duplicated(),
              tally.reordered(),
              tally.pauseMillis(),
              tally.ackPauseMillis(),
              tally.resumptions(),
              tally.failedResumptions(),
              "-%d +%d".formatted(row.log().missing(), row.log().repeated()),
              row.breaches().isEmpty() ? "ok" : "BROKEN"));
    }
    rows.forEach(row -> explain(row, text));
    return text.toString();
  }

  private static void explain(Row row, StringBuilder text) {
    if (!row.breaches().isEmpty()) {
      text.append("%n%s: %s%n".formatted(row.fault(), String.join("; ", row.breaches())));
      if (row.trouble() != null) {
        text.append("  ").append(row.trouble()).append('\n');
      }
      row.messages().examples().forEach(line -> text.append("  ").append(line).append('\n'));
      row.log().examples().forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }

  String json() {
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

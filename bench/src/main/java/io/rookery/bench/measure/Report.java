package io.rookery.bench.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.rookery.bench.measure.Phase.GroupUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The outcome of a run, for people as lines and for machines as JSON. */
public final class Report {
  private static final double KIB_PER_MIB = 1024;

  private final Map<String, Object> facts = new LinkedHashMap<>();
  private final List<Phase> phases = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private boolean clean = true;

  /** A fact for machines; any value Jackson can write. */
  public void fact(String name, Object value) {
    facts.put(name, value);
  }

  /** A line for people. */
  public void line(String format, Object... values) {
    lines.add(String.format(Locale.ROOT, format, values));
  }

  public void phase(Phase phase) {
    phases.add(phase);
    line(
        "%-8s %.2f s, %,d × %s, %,.0f/s; generator %.2f cores, %.1f µs/%s; others %.2f cores",
        phase.name(),
        phase.seconds(),
        phase.operations(),
        phase.unit(),
        phase.perSecond(),
        phase.generatorCores(),
        phase.generatorMicrosPerOperation(),
        phase.unit(),
        phase.otherCores());
    for (GroupUsage group : phase.groups()) {
      line(
          "         %s: %.1f µs CPU/%s, %.2f cores",
          group.name(), group.cpuMicrosPerOperation(), phase.unit(), group.cores());
    }
    Latency latency = phase.latencyMillis();
    if (latency != null) {
      line(
          "         latency ms: p50 %.3f  p95 %.3f  p99 %.3f  p99.9 %.3f  max %.1f  (n=%,d)",
          latency.p50(),
          latency.p95(),
          latency.p99(),
          latency.p999(),
          latency.max(),
          latency.count());
    }
  }

  /** Says how much memory each group uses now. */
  public Map<String, ProcessUsage.Memory> memory(String name, Meter meter) {
    Map<String, ProcessUsage.Memory> memory = new LinkedHashMap<>();
    for (ProcessGroup group : meter.groups()) {
      ProcessUsage.Memory used = meter.usage().memory(group);
      memory.put(group.name(), used);
      line(
          "%s, %s: RSS %.1f MiB, PSS %.1f MiB",
          name, group.name(), used.rssKib() / KIB_PER_MIB, used.pssKib() / KIB_PER_MIB);
    }
    fact(name, memory);
    return memory;
  }

  /** Says how the messages ended. */
  public void balance(Accounting.Balance balance) {
    fact("messages", balance);
    clean &= balance.isClean();
    line(
        "messages sent %,d, delivered %,d, lost %,d, duplicated %,d, bounced %,d, unknown %,d",
        balance.sent(),
        balance.delivered(),
        balance.lost(),
        balance.duplicated(),
        balance.bounced(),
        balance.unknown());
    if (balance.lost() > 0) {
      line("         lost (flow:sequence): %s", String.join(" ", balance.lostExamples()));
    }
  }

  /** Whether every balance so far was. */
  public boolean isClean() {
    return clean;
  }

  /** The human-readable summary. */
  public String text() {
    return String.join(System.lineSeparator(), lines);
  }

  /** Facts in the order they came, then the phases. */
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>(facts);
    all.put("phases", phases);
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

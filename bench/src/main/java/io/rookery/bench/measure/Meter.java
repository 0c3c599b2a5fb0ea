package io.rookery.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import io.rookery.bench.measure.Phase.GroupUsage;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Measures phases: reads counters at both ends and divides the differences. */
public final class Meter {
  private static final double NANOS = 1e9;

  private final ProcessUsage usage;
  private final List<ProcessGroup> groups;
  private final OperatingSystemMXBean self =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  public Meter(ProcessUsage usage, List<ProcessGroup> groups) {
    this.usage = usage;
    this.groups = List.copyOf(groups);
  }

  public List<ProcessGroup> groups() {
    return groups;
  }

  public ProcessUsage usage() {
    return usage;
  }

  /** The counters at one moment. */
  public Reading read(long operations) {
    return new Reading(
        System.nanoTime(),
        operations,
        groups.stream().map(usage::cpu).toList(),
        self.getProcessCpuTime(),
        usage.machineNanos());
  }

  /**
   * The phase between two readings.
   *
   * @param latencyMicros may be null
   */
  public Phase between(
      String name, String unit, Reading from, Reading to, Histogram latencyMicros) {
    double seconds = (to.time - from.time) / NANOS;
    long operations = to.operations - from.operations;
    double generator = (to.selfNanos - from.selfNanos) / NANOS;
    double others = (to.machineNanos - from.machineNanos) / NANOS - generator;
    List<GroupUsage> used = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      ProcessUsage.Cpu cpu = to.cpus.get(i).since(from.cpus.get(i));
      double cpuSeconds = cpu.nanos() / NANOS;
      others -= cpuSeconds;
      used.add(
          new GroupUsage(
              groups.get(i).name(),
              cpuSeconds,
              cpu.userNanos() / NANOS,
              cpu.systemNanos() / NANOS,
              cpuSeconds / seconds,
              micros(cpuSeconds, operations)));
    }
    return new Phase(
        name,
        unit,
        seconds,
        operations,
        operations / seconds,
        List.copyOf(used),
        generator / seconds,
        micros(generator, operations),
        others / seconds,
        latencyMicros == null ? null : Latency.of(latencyMicros));
  }

  private static double micros(double seconds, long operations) {
    return operations == 0 ? 0 : seconds * 1e6 / operations;
  }

  /** Counters at one moment; made by {@link #read}. */
  public record Reading(
      long time, long operations, List<ProcessUsage.Cpu> cpus, long selfNanos, long machineNanos) {

    /** The same counters, ended at an earlier moment: what came after was only waiting. */
    public Reading endedAt(long nanoTime) {
      return new Reading(nanoTime, operations, cpus, selfNanos, machineNanos);
    }
  }
}

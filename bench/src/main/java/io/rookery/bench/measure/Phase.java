package io.rookery.bench.measure;

import java.util.List;

/**
 * What one measured stretch of a run came to.
 *
 * @param unit what is counted, in the singular
 * @param generatorCores cores this program used, and
 * @param otherCores cores used by processes that are neither it nor in a group: above 0.1 the
 *     figures are disturbed
 * @param latencyMillis null when not measured
 */
public record Phase(
    String name,
    String unit,
    double seconds,
    long operations,
    double perSecond,
    List<GroupUsage> groups,
    double generatorCores,
    double generatorMicrosPerOperation,
    double otherCores,
    Latency latencyMillis) {

  /** What one group of server processes used during the phase. */
  public record GroupUsage(
      String name,
      double cpuSeconds,
      double userSeconds,
      double systemSeconds,
      double cores,
      double cpuMicrosPerOperation) {}
}

package io.rookery.bench.measure;

import org.HdrHistogram.Histogram;

/** A distribution of times, in milliseconds. */
public record Latency(
    long count, double mean, double p50, double p95, double p99, double p999, double max) {
  private static final double MICROS_PER_MILLI = 1000;

  public static Latency of(Histogram micros) {
    return new Latency(
        micros.getTotalCount(),
        micros.getMean() / MICROS_PER_MILLI,
        percentile(micros, 50),
        percentile(micros, 95),
        percentile(micros, 99),
        percentile(micros, 99.9),
        micros.getMaxValue() / MICROS_PER_MILLI);
  }

  private static double percentile(Histogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
  }
}

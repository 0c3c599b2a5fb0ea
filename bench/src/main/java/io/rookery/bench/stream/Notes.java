package io.rookery.bench.stream;

import java.util.LinkedHashMap;
import java.util.Map;

/** What went wrong, each kind once with its count; a bounded number of kinds. */
public final class Notes {
  private static final int KINDS = 20;
  private static final String OTHERS = "others";

  private final Map<String, Long> counts = new LinkedHashMap<>();

  public synchronized void add(String note) {
    counts.merge(counts.size() < KINDS || counts.containsKey(note) ? note : OTHERS, 1L, Long::sum);
  }

  /** A copy: note and count, in the order of first appearance. */
  public synchronized Map<String, Long> counts() {
    return new LinkedHashMap<>(counts);
  }
}

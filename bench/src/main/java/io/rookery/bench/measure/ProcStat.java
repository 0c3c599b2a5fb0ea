package io.rookery.bench.measure;

/**
 * The fields of {@code /proc/PID/stat} that matter here (proc(5)). The times cover all threads,
 * ended ones included, in ticks of 10 ms.
 *
 * @param childTicks user and system time of ended children that were waited for
 */
record ProcStat(int parent, long userTicks, long systemTicks, long childTicks) {
  private static final int PARENT = 1;
  private static final int USER = 11;

  static final long TICK_NANOS = 10_000_000;

  /** Parses the line; the command may contain spaces and parentheses. */
  static ProcStat parse(String line) {
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return new ProcStat(
        Integer.parseInt(fields[PARENT]),
        Long.parseLong(fields[USER]),
        Long.parseLong(fields[USER + 1]),
        Long.parseLong(fields[USER + 2]) + Long.parseLong(fields[USER + 3]));
  }
}

package io.rookery.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads what processes and the machine have used so far from {@code /proc} (Linux). */
public final class ProcessUsage {
  private static final Path PROC = Path.of("/proc");

  /**
   * Processor time since their start.
   *
   * @param userNanos resolution 10 ms, as {@code systemNanos}
   */
  public record Cpu(long userNanos, long systemNanos) {
    static final Cpu NONE = new Cpu(0, 0);

    public long nanos() {
      return userNanos + systemNanos;
    }

    /** The time used since an earlier reading. */
    public Cpu since(Cpu earlier) {
      return new Cpu(userNanos - earlier.userNanos, systemNanos - earlier.systemNanos);
    }

    Cpu plus(Cpu other) {
      return new Cpu(userNanos + other.userNanos, systemNanos + other.systemNanos);
    }
  }

  /**
   * @param rssKib resident memory, shared pages counted once per process
   * @param pssKib resident memory, shared pages divided among their users; 0 when not readable
   */
  public record Memory(long rssKib, long pssKib) {
    static final Memory NONE = new Memory(0, 0);

    Memory plus(Memory other) {
      return new Memory(rssKib + other.rssKib, pssKib + other.pssKib);
    }
  }

  /** Processor time of a group; ended processes count as nothing. */
  public Cpu cpu(ProcessGroup group) {
    Cpu sum = Cpu.NONE;
    for (ProcessGroup.Member member : group.members()) {
      for (int pid : pids(member)) {
        ProcStat stat = stat(pid);
        if (stat != null) {
          long children = member.tree() ? stat.childTicks() : 0;
          sum =
              sum.plus(
                  new Cpu(
                      (stat.userTicks() + children) * ProcStat.TICK_NANOS,
                      stat.systemTicks() * ProcStat.TICK_NANOS));
        }
      }
    }
    return sum;
  }

  /** Memory of a group now. */
  public Memory memory(ProcessGroup group) {
    Memory sum = Memory.NONE;
    for (ProcessGroup.Member member : group.members()) {
      for (int pid : pids(member)) {
        Path dir = PROC.resolve(Integer.toString(pid));
        sum =
            sum.plus(
                new Memory(
                    kib(read(dir.resolve("status")), "VmRSS:"),
                    kib(read(dir.resolve("smaps_rollup")), "Pss:")));
      }
    }
    return sum;
  }

  /** Whether the process is there. */
  public boolean exists(int pid) {
    return stat(pid) != null;
  }

  /** Processor time used by everything on this machine, in nanoseconds. */
  public long machineNanos() {
    String[] fields = read(PROC.resolve("stat")).lines().findFirst().orElse("").split(" +");
    long ticks = 0;
    for (int field : new int[] {1, 2, 3, 6, 7}) {
      ticks += fields.length > field ? Long.parseLong(fields[field]) : 0;
    }
    return ticks * ProcStat.TICK_NANOS;
  }

  /** The load averages as the system writes them. */
  public String loadAverage() {
    return read(PROC.resolve("loadavg")).strip();
  }

  private Set<Integer> pids(ProcessGroup.Member member) {
    if (!member.tree()) {
      return Set.of(member.pid());
    }
    Map<Integer, Integer> parents = parents();
    Set<Integer> tree = new LinkedHashSet<>();
    Deque<Integer> next = new ArrayDeque<>();
    next.add(member.pid());
    while (!next.isEmpty()) {
      int pid = next.remove();
      if (tree.add(pid)) {
        parents.forEach(
            (child, parent) -> {
              if (parent == pid) {
                next.add(child);
              }
            });
      }
    }
    return tree;
  }

  private Map<Integer, Integer> parents() {
    Map<Integer, Integer> parents = new HashMap<>();
    try (Stream<Path> entries = Files.list(PROC)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> Character.isDigit(name.charAt(0)))
          .mapToInt(Integer::parseInt)
          .forEach(
              pid -> {
                ProcStat stat = stat(pid);
                if (stat != null) {
                  parents.put(pid, stat.parent());
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parents;
  }

  private ProcStat stat(int pid) {
    String line = read(PROC.resolve(Integer.toString(pid)).resolve("stat"));
    return line.isEmpty() ? null : ProcStat.parse(line);
  }

  /** The file's text; empty when the process has ended or may not be looked at. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  static long kib(String text, String key) {
    return text.lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip().split(" ")[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }
}

package io.rookery.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {
  private final ProcessUsage usage = new ProcessUsage();
  private final int self = (int) ProcessHandle.current().pid();

  @Test
  void readsTheTimesBehindAnUnusualCommand() {
    ProcStat stat =
        ProcStat.parse(
            "42 (a) b (c) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 30 4 20 0 9 0 55 1000 10 1844");
    assertEquals(new ProcStat(7, 100, 20, 34), stat);
  }

  @Test
  void agreesWithTheProcessItself() throws InterruptedException {
    ProcessGroup group = ProcessGroup.parse(Integer.toString(self));
    OperatingSystemMXBean bean =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ProcessUsage.Cpu before = usage.cpu(group);
    long own = bean.getProcessCpuTime();
    Thread ended = new Thread(() -> burn(bean, own + TimeUnit.MILLISECONDS.toNanos(300)));
    ended.start();
    ended.join();
    long used = usage.cpu(group).since(before).nanos();
    long reported = bean.getProcessCpuTime() - own;
    assertTrue(
        Math.abs(used - reported) < TimeUnit.MILLISECONDS.toNanos(60),
        used + " read, " + reported + " reported");
  }

  private static void burn(OperatingSystemMXBean bean, long until) {
    while (bean.getProcessCpuTime() < until) {
      Thread.onSpinWait();
    }
  }

  @Test
  void plusTakesDescendants() throws IOException, InterruptedException {
    Process child = new ProcessBuilder("sh", "-c", "read x; :").start();
    try {
      long alone = usage.memory(ProcessGroup.parse("a=" + self)).rssKib();
      long both = usage.memory(ProcessGroup.parse("a=" + self + "," + child.pid())).rssKib();
      long tree = usage.memory(ProcessGroup.parse("a=" + self + "+")).rssKib();
      assertTrue(alone > 0 && both > alone && tree > alone, alone + " " + both + " " + tree);
    } finally {
      child.destroy();
      child.waitFor();
    }
    assertFalse(usage.exists((int) child.pid()));
    assertEquals(0, usage.cpu(ProcessGroup.parse("x=" + child.pid())).nanos());
  }

  @Test
  void groupsAreNamed() {
    assertEquals(
        new ProcessGroup(
            "rookery",
            List.of(new ProcessGroup.Member(12, false), new ProcessGroup.Member(34, true))),
        ProcessGroup.parse("rookery=12,34+"));
    assertEquals("server", ProcessGroup.parse("5").name());
    for (String wrong : List.of("", "a=", "x", "1,,2", "-1", "1++", "0")) {
      assertThrows(IllegalArgumentException.class, () -> ProcessGroup.parse(wrong), wrong);
    }
  }

  @Test
  void findsAFieldByItsKey() {
    assertEquals(816, ProcessUsage.kib("Name:\tx\nVmRSS:\t   816 kB\n", "VmRSS:"));
    assertEquals(0, ProcessUsage.kib("", "VmRSS:"));
  }
}
